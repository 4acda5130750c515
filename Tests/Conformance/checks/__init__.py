"""The checks, by what they are about."""

from . import compatibility, items, responses, rest, session, sockets, tools, usage, voice, webrtc  # noqa: F401
