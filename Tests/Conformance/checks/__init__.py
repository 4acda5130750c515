"""The checks, by what they are about."""

from . import compatibility, items, responses, rest, session, sockets, tool_servers, tools, usage, voice, webrtc  # noqa: F401
