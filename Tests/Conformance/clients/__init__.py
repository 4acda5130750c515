"""Unmodified clients against the server, by package."""

from . import livekit_agents, openai_agents, openai_beta, openai_sdk, pipecat_service, snippets  # noqa: F401
