"""The null rule of the contract's section 4.1: absent optionals are left out; null stands where it is listed, and
there it
must stand. Clients that parse with zod drop an event silently for a null they do not expect."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

# Paths where null may stand; `[]` is any element.
ALLOWED = [
    r"error\.(code|param|event_id)",
    r"previous_item_id",
    r"response\.(status_details|usage|metadata|conversation_id)",
    r"(item|response\.output\[\])\.content\[\]\.transcript",
    r"session\.(prompt|tracing|include|reasoning)",
    r"session\.audio\.input\.(transcription|noise_reduction|turn_detection)",
    r"session\.audio\.input\.transcription\.(language|prompt)",
    r"session\.audio\.input\.turn_detection\.idle_timeout_ms",
    # The beta's flat session.
    r"session\.(input_audio_transcription|input_audio_noise_reduction|turn_detection|client_secret)",
    r"session\.input_audio_transcription\.(language|prompt)",
    r"session\.turn_detection\.idle_timeout_ms",
]
_ALLOWED = re.compile("|".join(f"(?:{path})" for path in ALLOWED))

# Fields that stand there even when they have no value.
RESPONSE_FIELDS = (
    "object",
    "id",
    "status",
    "status_details",
    "output",
    "conversation_id",
    "max_output_tokens",
    "usage",
    "metadata",
)
REQUIRED = {
    "error": {"error": ("type", "code", "message", "param", "event_id")},
    "conversation.item.added": {"": ("previous_item_id",), "item": ("id",)},
    "conversation.item.done": {"": ("previous_item_id",), "item": ("id",)},
    "conversation.item.created": {"": ("previous_item_id",)},
    "input_audio_buffer.committed": {"": ("previous_item_id",)},
    "response.output_item.added": {"item": ("id", "status")},
    "response.output_item.done": {"item": ("id", "status")},
    "response.created": {"response": RESPONSE_FIELDS},
    "response.done": {"response": RESPONSE_FIELDS},
    "response.content_part.added": {"part": ("type",)},
    "response.content_part.done": {"part": ("type",)},
    "conversation.created": {"conversation": ("id", "object")},
}
CURRENT_RESPONSE_FIELDS = ("output_modalities", "audio")
SESSION_FIELDS = (
    "id",
    "object",
    "type",
    "model",
    "expires_at",
    "output_modalities",
    "instructions",
    "tools",
    "tool_choice",
    "max_output_tokens",
    "tracing",
    "truncation",
    "prompt",
    "include",
    "audio",
)
INPUT_FIELDS = ("format", "transcription", "noise_reduction", "turn_detection")
OUTPUT_FIELDS = ("format", "voice", "speed")


def check(event: dict[str, Any], beta: bool = False) -> None:
    """Raises when a null stands where it must not, or a field that must stand is missing."""
    for path in nulls(event):
        assert _ALLOWED.fullmatch(path), f"{event.get('type')}: {path} is null: it should be left out"
    kind = event.get("type")
    for place, names in REQUIRED.get(kind, {}).items():
        _have(event[place] if place else event, names, f"{kind}: {place}".rstrip(": "))
    if beta:
        return
    if kind == "response.function_call_arguments.done":
        _have(event, ("name",), kind)
    if kind in ("response.created", "response.done"):
        _have(event["response"], CURRENT_RESPONSE_FIELDS, f"{kind}: response")
    if kind in ("session.created", "session.updated"):
        _check_session(event["session"], kind)


def nulls(value: Any, path: str = "") -> Iterator[str]:
    """Paths of all nulls. What a client wrote (a tool's parameters, metadata) is its own."""
    if value is None:
        yield path
    elif isinstance(value, dict):
        for name, element in value.items():
            inner = f"{path}.{name}" if path else name
            if not re.fullmatch(r"session\.tools\[\]\.parameters|.*\.metadata|session\.tracing", path):
                yield from nulls(element, inner)
    elif isinstance(value, list):
        for element in value:
            yield from nulls(element, f"{path}[]")


def _have(value: dict[str, Any], names: tuple[str, ...], place: str) -> None:
    # Items about MCP servers have no status.
    is_mcp = str(value.get("type")).startswith("mcp_")
    missing = [name for name in names if name not in value and not (is_mcp and name == "status")]
    assert not missing, f"{place}.{missing[0]} is missing"


def _check_session(session: dict[str, Any], kind: str) -> None:
    """The full effective object (RT-053), or the transcription session's (RT-080)."""
    _have(session["audio"]["input"], INPUT_FIELDS, f"{kind}: session.audio.input")
    if session["type"] == "realtime":
        _have(session, SESSION_FIELDS, f"{kind}: session")
        _have(session["audio"]["output"], OUTPUT_FIELDS, f"{kind}: session.audio.output")
    else:
        _have(session, ("id", "object", "expires_at", "include"), f"{kind}: session")
        extra = [name for name in ("output_modalities", "instructions", "tools", "model") if name in session]
        assert not extra and "output" not in session["audio"], f"{kind}: session.{extra or ['audio.output']} is not its"
    for side in session["audio"].values():
        if side["format"]["type"] == "audio/pcm":
            assert side["format"].get("rate") == 24_000, f"{kind}: pcm without rate 24000"
        else:
            assert "rate" not in side["format"], f"{kind}: G.711 with a rate"
