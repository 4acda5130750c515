#!/usr/bin/env python3
"""Validates the golden server events against the types of the `openai` package, strictly.

    check_shapes.py [FILE]            current dialect, default Tests/RealtimeProtocolTests/Fixtures/server-events.jsonl
    check_shapes.py --beta [FILE]     the same for the beta dialect

Every event must have a type the package knows, no field its type does not have, no field missing that the type requires,
and no value that would need converting. Exit status 1 and one line per event that fails.
"""

import argparse
import inspect
import json
import pathlib
import sys
import typing

import pydantic
from openai.types import realtime
from openai.types.beta import realtime as beta

FIXTURES = pathlib.Path(__file__).resolve().parents[1] / "RealtimeProtocolTests" / "Fixtures"

# What the package's types leave out though the contract has it. In `session.created` the package declares the request's
# type, which knows no read-only fields, while the answer's type lacks `parallel_tool_calls`.
READ_ONLY = {"id": str, "object": str, "expires_at": int}
REALTIME_EXTRAS = {"parallel_tool_calls": bool}
# The beta types are older than the last beta servers: fields and words that came later.
BETA_SESSION_EXTRAS = {"object": str, "expires_at": int, "include": list, "parallel_tool_calls": bool, "reasoning": dict}
BETA_NEWER_FIELDS = {
    "cached_tokens_details", "delay", "detail", "eagerness", "image_tokens", "image_url", "keywords", "languages", "strength",
}
BETA_NEWER_VALUES = ["input_image", {"type": "function", "name": "weather"}]


def models_of(module):
    """Every model defined under a package, nested ones too."""
    found = {}
    for name in sorted(sys.modules):
        if not name.startswith(module.__name__ + "."):
            continue
        for _, value in inspect.getmembers(sys.modules[name], inspect.isclass):
            if issubclass(value, pydantic.BaseModel):
                found[value] = None
    return list(found)


def make_strict(models):
    """Forbids unknown fields. A model embeds the schemas of those it refers to, so the inner ones must come first."""
    for model in models:
        model.model_config = {**model.model_config, "extra": "forbid", "strict": True, "defer_build": False}
    done = set()

    def rebuild(model):
        if model in done or model not in models:
            return
        done.add(model)
        for field in model.model_fields.values():
            for inner in mentioned(field.annotation):
                rebuild(inner)
        model.model_rebuild(force=True)

    for model in models:
        rebuild(model)


def mentioned(annotation):
    if inspect.isclass(annotation) and issubclass(annotation, pydantic.BaseModel):
        yield annotation
    for argument in typing.get_args(annotation):
        yield from mentioned(argument)


def event_types(union):
    """The models of an event union by the value of their `type`."""
    return {
        typing.get_args(model.model_fields["type"].annotation)[0]: model for model in mentioned(union)
        if "type" in model.model_fields
    }


def without(session, extras, problems):
    """A session without the fields the type does not know, each of which must have its own type."""
    for name, kind in extras.items():
        if name in session and session[name] is not None and not isinstance(session[name], kind):
            problems.append(f"session.{name}: {session[name]!r} is no {kind.__name__}")
    return {name: value for name, value in session.items() if name not in extras}


def check_session(event, is_beta, problems):
    session = event["session"]
    is_transcription = session["object"] == "realtime.transcription_session"
    if is_beta:
        model = beta.TranscriptionSession if is_transcription else beta.Session
        session = without(session, BETA_SESSION_EXTRAS, problems)
        if is_transcription:
            # Required there, though the package itself says that only the answer to a POST has it.
            session["client_secret"] = {"value": "ek_1", "expires_at": 0}
            for name in ("id", "input_audio_noise_reduction"):
                session.pop(name, None)
        return validate(model, session, "session.", problems, is_beta)
    problems += [f"session.{name} is missing" for name in READ_ONLY if name not in session]
    if is_transcription:
        return validate(
            realtime.RealtimeTranscriptionSessionCreateRequest, without(session, READ_ONLY, problems), "session.", problems)
    session = without(session, REALTIME_EXTRAS, problems)
    return validate(realtime.realtime_session_create_response.RealtimeSessionCreateResponse, session, "session.", problems)


def validate(model, value, path, problems, is_beta=False):
    try:
        model.model_validate_json(json.dumps(value), strict=True)
    except pydantic.ValidationError as error:
        for each in error.errors():
            if is_beta and (each["loc"][-1] in BETA_NEWER_FIELDS or each["input"] in BETA_NEWER_VALUES):
                continue
            problems.append(f"{path}{'.'.join(map(str, each['loc']))}: {each['msg']}")


def check(event, types, is_beta):
    problems = []
    model = types.get(event.get("type"))
    if model is None and not event.get("type", "").startswith("transcription_session."):
        return [f"unknown type {event.get('type')!r}"]
    if "session" in event:
        check_session(event, is_beta, problems)
        if not isinstance(event.get("event_id"), str) or set(event) != {"type", "event_id", "session"}:
            problems.append("fields other than type, event_id, session")
    else:
        validate(model, event, "", problems, is_beta)
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--beta", action="store_true")
    parser.add_argument("file", nargs="?", type=pathlib.Path)
    arguments = parser.parse_args()
    name = "server-events-beta.jsonl" if arguments.beta else "server-events.jsonl"
    module = beta if arguments.beta else realtime
    union = module.realtime_server_event.RealtimeServerEvent
    make_strict(models_of(module))
    types = event_types(union)

    lines = (arguments.file or FIXTURES / name).read_text().splitlines()
    failures = 0
    for number, line in enumerate(lines, 1):
        for problem in check(json.loads(line), types, arguments.beta):
            failures += 1
            print(f"line {number}: {problem}\n    {line}", file=sys.stderr)
    print(f"{len(lines)} events, {failures} problems")
    return 1 if failures or not lines else 0


if __name__ == "__main__":
    sys.exit(main())
