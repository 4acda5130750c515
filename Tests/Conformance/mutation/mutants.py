"""The ways a server is broken, and for each the checks that may notice."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

from .proxy import Change, Event


@dataclass(frozen=True)
class Mutant:
    change: Change
    checks: tuple[str, ...]


MUTANTS: dict[str, Mutant] = {}
AUDIO, TEXT, CALL = "responses.audio_response", "responses.text_response", "tools.function_loop"
TURN, SESSION, CANCEL = "voice.spoken_turn", "session.effective_session", "responses.cancel"


def mutant(name: str, *checks: str) -> Callable[[Change], Change]:
    def register(change: Change) -> Change:
        assert name not in MUTANTS, name
        MUTANTS[name] = Mutant(change, checks)
        return change

    return register


def edit(name: str, kind: str, *checks: str, **where: object) -> Callable[[Callable[[Event], object]], None]:
    """A mutant that edits every event of one type (in place); `where`: only those with these fields."""

    def register(function: Callable[[Event], object]) -> None:
        def change(event: Event, state: SimpleNamespace) -> list[Event]:
            if event["type"] == kind and all(event.get(field) == value for field, value in where.items()):
                function(event)
            return [event]

        mutant(name, *checks)(change)

    return register


def drop(name: str, kind: str, *checks: str) -> None:
    """A mutant that never sends one type."""
    mutant(name, *checks)(lambda event, state: [] if event["type"] == kind else [event])


def double(name: str, kind: str, *checks: str) -> None:
    """A mutant that sends one type twice, the second time with an event_id of its own."""

    def change(event: Event, state: SimpleNamespace) -> list[Event]:
        if event["type"] != kind:
            return [event]
        return [event, copy.deepcopy(event) | {"event_id": event["event_id"] + "_again"}]

    mutant(name, *checks)(change)


def swap(name: str, first: str, second: str, *checks: str) -> None:
    """A mutant that sends `first` only after the next `second`."""

    def change(event: Event, state: SimpleNamespace) -> list[Event]:
        if event["type"] == first:
            state.seen.append(event)
            return []
        held, state.seen = (state.seen, []) if event["type"] == second else ([], state.seen)
        return [event, *held]

    mutant(name, *checks)(change)


# Ids and the null rule


@mutant("event without event_id", SESSION)
def _(event: Event, state: SimpleNamespace) -> list[Event]:
    event.pop("event_id")
    return [event]


@mutant("event_id used twice", AUDIO)
def _(event: Event, state: SimpleNamespace) -> list[Event]:
    return [event | {"event_id": "event_1"}]


@edit("null instead of omitted in a part", "response.content_part.added", AUDIO)
def _(event: Event) -> None:
    event["part"]["text"] = None


@edit("null role in an item", "response.output_item.done", CALL)
def _(event: Event) -> None:
    event["item"]["role"] = None


@edit(
    "null instead of omitted in transcription.completed",
    "conversation.item.input_audio_transcription.completed",
    "voice.transcription",
)
def _(event: Event) -> None:
    event["logprobs"] = None


@edit("previous_item_id omitted instead of null", "conversation.item.added", "items.text_items", previous_item_id=None)
def _(event: Event) -> None:
    event.pop("previous_item_id")


@edit("error.param omitted instead of null", "error", "responses.cancel_idle")
def _(event: Event) -> None:
    event["error"].pop("param")


# Errors


@edit("error without the client's event_id", "error", "items.errors_echo")
def _(event: Event) -> None:
    event["error"]["event_id"] = None


@edit("error with the server's event_id instead", "error", "responses.busy")
def _(event: Event) -> None:
    event["error"]["event_id"] = event["event_id"]


@edit("another code for a busy conversation", "error", "responses.busy")
def _(event: Event) -> None:
    event["error"]["code"] = "response_already_active"


@edit("error param without its path", "error", "session.atomic")
def _(event: Event) -> None:
    event["error"]["param"] = (event["error"]["param"] or "").rsplit(".", 1)[-1]


# Session


@edit("session echo without type", "session.updated", "session.merge")
def _(event: Event) -> None:
    event["session"].pop("type")


@edit("pcm at 16 kHz", "session.created", SESSION)
def _(event: Event) -> None:
    event["session"]["audio"]["input"]["format"]["rate"] = 16_000


@edit("pcm without rate", "session.created", SESSION)
def _(event: Event) -> None:
    event["session"]["audio"]["output"]["format"].pop("rate")


@edit("session echo of the changed keys alone", "session.updated", "session.merge")
def _(event: Event) -> None:
    event["session"].pop("instructions")


@edit("an unknown session field", "session.created", SESSION)
def _(event: Event) -> None:
    event["session"]["temperature"] = 0.8


@mutant("session.updated after an update that failed", "session.atomic")
def _(event: Event, state: SimpleNamespace) -> list[Event]:
    if event["type"] == "session.updated":
        state.last = event
    if event["type"] == "error" and hasattr(state, "last"):
        return [event, copy.deepcopy(state.last) | {"event_id": event["event_id"] + "_u"}]
    return [event]


drop("session.created never sent", "session.created", SESSION)


# Names and kinds


@edit("part type output_audio", "response.content_part.added", AUDIO)
def _(event: Event) -> None:
    event["part"]["type"] = "output_" + event["part"]["type"]


@edit("part type text for audio", "response.content_part.done", AUDIO)
def _(event: Event) -> None:
    event["part"] = {"type": "text", "text": event["part"].get("transcript", "")}


@edit("content type text in the final item", "response.output_item.done", TEXT)
def _(event: Event) -> None:
    event["item"]["content"][0]["type"] = "text"


@mutant("conversation.item.created in the current protocol", "items.text_items")
def _(event: Event, state: SimpleNamespace) -> list[Event]:
    return [event | {"type": "conversation.item.created"}] if event["type"] == "conversation.item.added" else [event]


@edit("a status of its own", "response.done", AUDIO)
def _(event: Event) -> None:
    event["response"]["status"] = "succeeded"


@edit("a reason of its own", "response.done", CANCEL)
def _(event: Event) -> None:
    if event["response"]["status_details"]:
        event["response"]["status_details"]["reason"] = "interrupted"


@edit("cancelled without details", "response.done", CANCEL)
def _(event: Event) -> None:
    event["response"]["status_details"] = None


@edit("arguments.done without name", "response.function_call_arguments.done", CALL)
def _(event: Event) -> None:
    event.pop("name")


@edit("another call_id in arguments.done", "response.function_call_arguments.done", CALL)
def _(event: Event) -> None:
    event["call_id"] = "call_other"


@edit("arguments as an object", "response.output_item.done", CALL)
def _(event: Event) -> None:
    event["item"]["arguments"] = {"city": "Paris"}


@edit("an index as text", "response.output_item.added", AUDIO)
def _(event: Event) -> None:
    event["output_index"] = "0"


# Order and number

swap("output_item.done before conversation.item.done", "conversation.item.done", "response.output_item.done", AUDIO)
swap("content_part.done after conversation.item.done", "response.content_part.done", "conversation.item.done", AUDIO)
swap("transcript.done before audio.done", "response.output_audio.done", "response.output_audio_transcript.done", AUDIO)
swap("conversation.item.added before output_item.added", "response.output_item.added", "conversation.item.added", AUDIO)
swap(
    "speech_started after speech_stopped",
    "input_audio_buffer.speech_started",
    "input_audio_buffer.speech_stopped",
    TURN,
)
swap("item done before it was added", "conversation.item.added", "conversation.item.done", "items.text_items")
drop("no response.output_item.done", "response.output_item.done", AUDIO)
drop("no response.content_part.done", "response.content_part.done", AUDIO)
drop("no conversation.item.done", "conversation.item.done", TEXT)
drop("no output_audio.done", "response.output_audio.done", AUDIO)
drop("no response.done", "response.done", TEXT)
drop("no committed", "input_audio_buffer.committed", TURN)
drop("no error for a second response", "error", "responses.busy")
double("two response.done", "response.done", "responses.predecessors")
double("two response.created", "response.created", TEXT)
double("a transcript delta twice", "response.output_audio_transcript.delta", AUDIO)
double("two transcriptions of one item", "conversation.item.input_audio_transcription.completed", "voice.transcription")


# Contents


@edit("metadata not echoed", "response.created", "responses.metadata")
def _(event: Event) -> None:
    event["response"]["metadata"] = None


@edit("metadata lost at the end", "response.done", "responses.metadata")
def _(event: Event) -> None:
    event["response"]["metadata"] = None


@edit("unsent text in transcript.done", "response.output_audio_transcript.done", CANCEL)
def _(event: Event) -> None:
    event["transcript"] += " and what was never sent"


@edit("unsent text in the final item", "response.output_item.done", CANCEL)
def _(event: Event) -> None:
    event["item"]["content"][0]["transcript"] += " and what was never sent"


@edit("an output item missing at the end", "response.done", "responses.several_items")
def _(event: Event) -> None:
    event["response"]["output"] = event["response"]["output"][:1]


@edit("output in response.created", "response.created", AUDIO)
def _(event: Event) -> None:
    event["response"]["output"] = [{"id": "item_x", "type": "message", "role": "assistant", "content": []}]


@edit("a wrong previous_item_id", "conversation.item.added", "responses.predecessors")
def _(event: Event) -> None:
    event["previous_item_id"] = event["item"]["id"]


@edit("previous_item_id always null", "conversation.item.added", "responses.predecessors")
def _(event: Event) -> None:
    event["previous_item_id"] = None


@edit("speech_stopped with another item_id", "input_audio_buffer.speech_stopped", TURN)
def _(event: Event) -> None:
    event["item_id"] = "item_other"


@edit("committed with another item_id", "input_audio_buffer.committed", TURN)
def _(event: Event) -> None:
    event["item_id"] = "item_other"


@edit("a committed item that knows its transcript", "conversation.item.done", TURN)
def _(event: Event) -> None:
    if event["item"]["content"] and event["item"]["content"][0]["type"] == "input_audio":
        event["item"]["content"][0]["transcript"] = "he was"


@edit("audio deltas without base64 padding", "response.output_audio.delta", AUDIO, "session.formats")
def _(event: Event) -> None:
    event["delta"] = event["delta"].rstrip("=")[:-1]


@edit("audio deltas of half samples", "response.output_audio.delta", AUDIO)
def _(event: Event) -> None:
    event["delta"] = "AAAA"


@edit("audio in the final item", "response.output_item.done", AUDIO)
def _(event: Event) -> None:
    event["item"]["content"][0]["audio"] = "AAAA"


@edit("usage without a field", "response.done", "usage.details")
def _(event: Event) -> None:
    event["response"]["usage"]["input_token_details"].pop("cached_tokens")


@edit("usage that does not add up", "response.done", TEXT)
def _(event: Event) -> None:
    event["response"]["usage"]["total_tokens"] += 1


@edit("no usage", "response.done", TEXT)
def _(event: Event) -> None:
    event["response"]["usage"] = None


@edit("a generated item that begins completed", "conversation.item.added", TEXT)
def _(event: Event) -> None:
    if event["item"].get("role") == "assistant":
        event["item"]["status"] = "completed"


@edit("item ids that change", "response.output_text.delta", TEXT)
def _(event: Event) -> None:
    event["item_id"] = "item_other"


@edit("a conversation for what is out of band", "response.created", "responses.parallel")
def _(event: Event) -> None:
    event["response"]["conversation_id"] = "conv_1"


@edit("truncated by the whole", "conversation.item.truncated", "items.truncate")
def _(event: Event) -> None:
    event["audio_end_ms"] = 0


@edit("rate limits of its own", "rate_limits.updated", "responses.rate_limits")
def _(event: Event) -> None:
    event["rate_limits"][0]["name"] = "input_tokens"
