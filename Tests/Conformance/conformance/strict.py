"""The `openai` package's own event types, in strict mode: an unknown field, a missing field or another type is a
failure.

The package itself parses leniently (`construct`, no validation), so its annotations are walked here.
"""

from __future__ import annotations

import types
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from openai import BaseModel
from openai.types.beta import realtime as beta_types
from openai.types.realtime import RealtimeServerEvent, RealtimeSessionCreateRequest
from openai.types.realtime import RealtimeTranscriptionSessionCreateRequest

# What the types leave out although every server sends it: the session's read-only fields.
SESSION_READ_ONLY = {"id": str, "object": str, "expires_at": int}
SESSIONS = {"realtime": RealtimeSessionCreateRequest, "transcription": RealtimeTranscriptionSessionCreateRequest}
# The beta types are older than the last beta servers: what came to a session later, the fields of items, parts and
# usage that came later, and the names of models and voices since.
BETA_SESSION_ADDITIONS = {
    "object": str,
    "expires_at": int,
    "client_secret": dict,
    "include": list,
    "prompt": dict,
    "truncation": object,
    "parallel_tool_calls": bool,
    "reasoning": dict,
    "model": str,
    "tool_choice": object,
}
BETA_NEWER_FIELDS = {
    "cached_tokens_details",
    "delay",
    "detail",
    "eagerness",
    "idle_timeout_ms",
    "image_tokens",
    "image_url",
    "keywords",
    "languages",
    "name",
    "strength",
}
BETA_NEWER_VALUES = ("input_image",)


class NotStrict(AssertionError):
    """Names the place by a dotted path."""


def check_event(event: Any, beta: bool = False) -> None:
    """Raises `NotStrict` unless `event` is one of the package's server events, field by field."""
    if not isinstance(event, dict):
        raise NotStrict(f"an event is an object, not {event!r:.80}")
    model = (BETA_EVENTS if beta else EVENTS).get(event.get("type"))
    if beta and event.get("type") in BETA_TRANSCRIPTION:
        return _beta_transcription(event)
    if model is None:
        raise NotStrict(f"type: {event.get('type')!r} is no server event of the {'beta ' if beta else ''}protocol")
    additions = {}
    if event["type"] in ("session.created", "session.updated"):
        additions["session"] = _beta_session if beta else _session_model
    _model(model, _without_newer(event) if beta else event, event["type"], additions)


def check(annotation: Any, value: Any, path: str) -> None:
    """Raises `NotStrict` unless `value` is what `annotation` says, without conversion."""
    origin = get_origin(annotation)
    if annotation is Any or annotation is object:
        return
    if origin is Annotated:
        check(get_args(annotation)[0], value, path)
    elif origin in (Union, types.UnionType):
        _union(get_args(annotation), value, path)
    elif origin is Literal:
        # Without `type`, True would pass for 1.
        if not any(value == choice and type(value) is type(choice) for choice in get_args(annotation)):
            raise NotStrict(f"{path}: {value!r:.80} is none of {list(get_args(annotation))}")
    elif origin in (list, dict) or annotation in (list, dict):
        _container(annotation, value, path)
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        _model(annotation, value, path)
    elif not _is_plain(annotation, value):
        raise NotStrict(f"{path}: {value!r:.80} is no {getattr(annotation, '__name__', annotation)}")


def _is_plain(annotation: Any, value: Any) -> bool:
    if annotation is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if annotation is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if annotation is None or annotation is type(None):
        return value is None
    return isinstance(annotation, type) and isinstance(value, annotation)


def _container(annotation: Any, value: Any, path: str) -> None:
    kind = get_origin(annotation) or annotation
    if not isinstance(value, kind):
        raise NotStrict(f"{path}: {value!r:.80} is no {kind.__name__}")
    inner = get_args(annotation)
    if kind is list and inner:
        for index, element in enumerate(value):
            check(inner[0], element, f"{path}[{index}]")
    elif kind is dict and inner:
        for key, element in value.items():
            check(inner[1], element, f"{path}.{key}")


def _union(choices: tuple[Any, ...], value: Any, path: str) -> None:
    """The failure told is that of the choice that got furthest: the one whose literal fields fit."""
    failures = []
    for choice in choices:
        try:
            return check(choice, value, path)
        except NotStrict as failure:
            failures.append((_fits(choice, value), len(failures), failure))
    raise max(failures, key=lambda entry: (entry[0], -entry[1]))[2]


def _fits(choice: Any, value: Any) -> int:
    """How many literal fields of the model `choice` have the value they must have; -1 when one has another."""
    if not (isinstance(choice, type) and issubclass(choice, BaseModel) and isinstance(value, dict)):
        return -2
    fits = 0
    for name, field in choice.model_fields.items():
        literals = [part for part in (field.annotation, *get_args(field.annotation)) if get_origin(part) is Literal]
        if literals and name in value:
            if not any(value[name] in get_args(literal) for literal in literals):
                return -1
            fits += 1
    return fits


def _model(
    model: type[BaseModel], value: Any, path: str, other: dict[str, Any] | None = None, required: bool = True
) -> None:
    if not isinstance(value, dict):
        raise NotStrict(f"{path}: {value!r:.80} is no object")
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    for name, field in fields.items():
        if name not in value:
            if required and field.is_required():
                raise NotStrict(f"{path}.{name}: missing")
            continue
        if other and name in other:
            other[name](value[name], f"{path}.{name}")
        else:
            check(field.annotation, value[name], f"{path}.{name}")
    if unknown := [name for name in value if name not in fields]:
        raise NotStrict(f"{path}.{unknown[0]}: unknown")


def _session_model(value: Any, path: str) -> None:
    """A session of the current protocol with its read-only fields, all of which must be there."""
    if not isinstance(value, dict) or value.get("type") not in SESSIONS:
        kind = value.get("type") if isinstance(value, dict) else value
        raise NotStrict(f"{path}.type: {kind!r:.80} is none of {list(SESSIONS)}")
    for name, kind in SESSION_READ_ONLY.items():
        if name not in value:
            raise NotStrict(f"{path}.{name}: missing")
        check(kind, value[name], f"{path}.{name}")
    rest = {name: element for name, element in value.items() if name not in SESSION_READ_ONLY}
    _model(SESSIONS[value["type"]], rest, path)


def _beta_session(value: Any, path: str) -> None:
    if not isinstance(value, dict):
        raise NotStrict(f"{path}: {value!r:.80} is no object")
    for name in set(BETA_SESSION_ADDITIONS) & set(value):
        if value[name] is not None:
            check(BETA_SESSION_ADDITIONS[name], value[name], f"{path}.{name}")
    rest = {name: element for name, element in value.items() if name not in BETA_SESSION_ADDITIONS}
    _model(
        beta_types.TranscriptionSession if _is_transcription(value) else beta_types.Session, rest, path, required=False
    )


def _is_transcription(session: dict[str, Any]) -> bool:
    return session.get("object") == "realtime.transcription_session"


def _beta_transcription(event: dict[str, Any]) -> None:
    """The package has no event for the creation, and requires the secret that only the answer to a POST has."""
    if set(event) != {"type", "event_id", "session"} or not isinstance(event["event_id"], str):
        raise NotStrict(f"{event['type']}: fields {sorted(event)}")
    rest = {
        name: element for name, element in event["session"].items() if name not in ("id", "input_audio_noise_reduction")
    }
    _beta_session(_without_newer(rest), f"{event['type']}.session")


def _without_newer(value: Any) -> Any:
    """A copy without what the beta types are too old for."""
    if isinstance(value, dict):
        return {
            name: _without_newer(element)
            for name, element in value.items()
            if name not in BETA_NEWER_FIELDS or name == "name" and value.get("type") != FUNCTION_DONE
        }
    if isinstance(value, list):
        return [
            _without_newer(element)
            for element in value
            if not (isinstance(element, dict) and element.get("type") in BETA_NEWER_VALUES)
        ]
    return value


def _by_type(union: Any) -> dict[str, type[BaseModel]]:
    if get_origin(union) is Annotated:
        union = get_args(union)[0]
    return {get_args(model.model_fields["type"].annotation)[0]: model for model in get_args(union)}


EVENTS = _by_type(RealtimeServerEvent)
BETA_EVENTS = _by_type(beta_types.RealtimeServerEvent)
BETA_TRANSCRIPTION = ("transcription_session.created", "transcription_session.updated")
FUNCTION_DONE = "response.function_call_arguments.done"
