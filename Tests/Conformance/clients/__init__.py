"""Unmodified clients against the server, by package."""

from . import openai_agents, openai_beta, openai_sdk, snippets  # noqa: F401
