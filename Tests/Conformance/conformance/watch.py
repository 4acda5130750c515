"""What holds over a whole session (the contract's section 4.4), checked frame by frame as they come."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

from . import nulls, strict

Event = dict[str, Any]

ONE_MIB = 1 << 20
BUFFER_EVENTS = {f"output_audio_buffer.{what}" for what in ("started", "stopped", "cleared")}
PARTS = {"audio": ("transcript", "output_audio"), "text": ("text", "output_text")}
# Names of the current protocol for what the beta calls otherwise.
BETA_NAMES = {
    "response.text.": "response.output_text.",
    "response.audio.": "response.output_audio.",
    "response.audio_transcript.": "response.output_audio_transcript.",
}


@dataclass
class Part:
    """A content part as its events build it up."""

    kind: str
    written: str = ""
    audio_done: bool = False
    text_done: bool = False
    done: bool = False


@dataclass
class OutputItem:
    """An output item as its events build it up."""

    id: str
    index: int
    parts: list[Part] = field(default_factory=list)
    arguments: str = ""
    arguments_done: bool = False
    in_conversation: bool = False
    conversation_done: bool = False
    done: Event | None = None
    # The call of an MCP server's tool, which may end after its response.
    remote: bool = False


@dataclass
class ResponseState:
    """A response as its events build it up."""

    created: Event
    items: list[OutputItem] = field(default_factory=list)
    done: Event | None = None


class Watch:
    """Checks every frame of one connection; `kind` is "websocket", "webrtc" or "sideband" (of a call)."""

    def __init__(self, kind: str, beta: bool = False) -> None:
        self.kind, self.beta = kind, beta
        # A WebSocket client may have a limit of 1 MiB; a call's peer says its own.
        self.max_bytes = ONE_MIB - 1
        # A connection that joins a running session does not know what was there before.
        self.late = False
        self.events: list[Event] = []
        self.responses: dict[str, ResponseState] = {}
        self.conversation: list[str] = []
        self._ids: set[str] = set()
        self._transcribed: set[str] = set()
        self._speech: str | None = None
        self._placed = 0

    def sent(self, event: Any) -> None:
        """Takes note of what the client asked for, where the answer depends on it."""
        if (
            isinstance(event, dict)
            and event.get("type") == "conversation.item.create"
            and event.get("previous_item_id")
        ):
            self._placed += 1

    def take(self, event: Event, size: int) -> None:
        """Raises when this frame breaks a rule."""
        strict.check_event(event, self.beta)
        nulls.check(event, self.beta)
        assert event.get("event_id"), f"{event['type']} without event_id"
        assert event["event_id"] not in self._ids, f"{event['type']}: event_id {event['event_id']} came twice"
        self._ids.add(event["event_id"])
        assert size <= self.max_bytes, f"{event['type']}: {size} bytes in one message"
        if not self.events:
            assert event["type"] in ("session.created", "error", "transcription_session.created"), (
                f"first: {event['type']}"
            )
        self.events.append(event)
        self._check_transport(event["type"])
        self._no_audio_bytes(event)
        name = event["type"]
        for beta, current in BETA_NAMES.items() if self.beta else ():
            name = name.replace(beta, current)
        handler = getattr(self, "_on_" + name.replace(".", "_"), None)
        if handler:
            handler(event)
        elif "response_id" in event and name not in BUFFER_EVENTS:
            self._response(event)

    def _check_transport(self, name: str) -> None:
        if self.kind == "websocket":
            assert name not in BUFFER_EVENTS, f"{name} on a WebSocket"
        else:
            assert name != "response.output_audio.delta", f"{name} on a call"
        if not self.beta:
            assert name != "conversation.item.created", "conversation.item.created is of the beta"

    def _no_audio_bytes(self, event: Event) -> None:
        if event["type"] == "conversation.item.retrieved":
            return
        items = [event["item"]] if "item" in event else event.get("response", {}).get("output", [])
        parts = [part for item in items for part in item.get("content", [])] + [event.get("part", {})]
        assert not any("audio" in part for part in parts), f"{event['type']} carries audio"

    # Conversation

    def _on_conversation_item_added(self, event: Event) -> None:
        item, previous = event["item"], event["previous_item_id"]
        if self.late and previous is not None and previous not in self.conversation:
            self.conversation.append(previous)
        assert item["id"] not in self.conversation, f"item {item['id']} was added twice"
        expected = self.conversation[-1] if self.conversation else None
        if previous != expected:
            assert self._placed > 0, f"previous_item_id {previous}, but the conversation ends with {expected}"
            assert previous is None or previous in self.conversation, f"previous_item_id {previous} is no item"
            self._placed -= 1
        place = 0 if previous is None else self.conversation.index(previous) + 1
        self.conversation.insert(place, item["id"])
        output = self._output(item["id"])
        if output:
            assert not output.in_conversation
            output.in_conversation = True
            assert output.remote or item["status"] == "in_progress", f"generated item added as {item.get('status')}"
            assert item.get("content", []) == [], "a generated item is added with content"

    _on_conversation_item_created = _on_conversation_item_added

    def _on_conversation_item_done(self, event: Event) -> None:
        identity = event["item"]["id"]
        if self.late and identity not in self.conversation:
            return
        assert identity in self.conversation, f"conversation.item.done of {identity}, which was not added"
        place = self.conversation.index(identity)
        predecessor = self.conversation[place - 1] if place else None
        assert event["previous_item_id"] == predecessor, (
            f"conversation.item.done: previous_item_id {event['previous_item_id']}, not {predecessor}"
        )
        output = self._output(identity)
        if output:
            assert output.done is None, "conversation.item.done after response.output_item.done"
            assert all(part.done for part in output.parts), "conversation.item.done before response.content_part.done"
            self._check_content(output, event["item"], event["type"])
            output.conversation_done = True

    def _on_conversation_item_deleted(self, event: Event) -> None:
        if self.late and event["item_id"] not in self.conversation:
            return
        assert event["item_id"] in self.conversation, f"deleted {event['item_id']}, which is no item"
        self.conversation.remove(event["item_id"])

    def _on_conversation_item_truncated(self, event: Event) -> None:
        assert self.late or event["item_id"] in self.conversation, f"truncated {event['item_id']}, which is no item"

    # Input audio

    def _on_input_audio_buffer_speech_started(self, event: Event) -> None:
        assert self._speech is None, "speech_started within speech"
        assert event["audio_start_ms"] >= 0
        self._speech = event["item_id"]
        self._start = event["audio_start_ms"]

    def _on_input_audio_buffer_speech_stopped(self, event: Event) -> None:
        assert event["item_id"] == self._speech, f"speech_stopped names {event['item_id']}, not {self._speech}"
        assert event["audio_end_ms"] > self._start, "speech ends before it starts"

    def _on_input_audio_buffer_cleared(self, event: Event) -> None:
        self._speech = None

    def _on_input_audio_buffer_committed(self, event: Event) -> None:
        expected = self.conversation[-1] if self.conversation else None
        if self.late and expected is None:
            return
        assert event["previous_item_id"] == expected, (
            f"committed: previous_item_id {event['previous_item_id']}, not {expected}"
        )
        if self._speech is not None:
            assert event["item_id"] == self._speech, f"committed names {event['item_id']}, speech was {self._speech}"
        self._speech = None

    def _transcript_end(self, event: Event) -> None:
        key = f"{event['item_id']}/{event['content_index']}"
        assert key not in self._transcribed, f"the transcription of {key} ended twice"
        self._transcribed.add(key)

    _on_conversation_item_input_audio_transcription_completed = _transcript_end
    _on_conversation_item_input_audio_transcription_failed = _transcript_end

    # Responses

    def _on_response_created(self, event: Event) -> None:
        response = event["response"]
        assert response["id"] not in self.responses, f"response.created twice for {response['id']}"
        assert response["status"] == "in_progress" and response["output"] == [], "response.created is not a beginning"
        assert response["usage"] is None and response["status_details"] is None, (
            "response.created with usage or details"
        )
        if response["conversation_id"] is not None:
            running = [
                state
                for state in self.responses.values()
                if state.done is None and state.created["conversation_id"] is not None
            ]
            assert not running, "two responses write to the conversation at once"
        self.responses[response["id"]] = ResponseState(response)

    def _on_response_done(self, event: Event) -> None:
        response = event["response"]
        state = self.responses.get(response["id"])
        assert state, f"response.done of {response['id']}, which was not created"
        assert state.done is None, f"response.done twice for {response['id']}"
        state.done = response
        for name in ("conversation_id", "metadata"):
            assert response[name] == state.created[name], f"response.done has another {name}"
        assert all(item.done or item.remote for item in state.items), "response.done before response.output_item.done"
        finals = [item.done for item in state.items]
        shown = [None if item.remote and not item.done else output for item, output in zip(state.items, response["output"])]
        assert shown == finals, f"response.done.output {response['output']} is not what was sent: {finals}"
        self._check_status(response)
        self._check_usage(response["usage"])

    def _check_status(self, response: Event) -> None:
        status, details = response["status"], response["status_details"]
        assert status != "in_progress", "response.done in progress"
        if status == "completed":
            assert details is None or details.get("type") == "completed"
            return
        assert details and details["type"] == status, f"status_details {details} of a response that is {status}"
        if status == "failed":
            assert all(details["error"].get(name) for name in ("type", "code", "message")), f"a bare failure: {details}"
        else:
            reasons = {
                "cancelled": ("turn_detected", "client_cancelled"),
                "incomplete": ("max_output_tokens", "content_filter"),
            }
            assert details.get("reason") in reasons[status], f"{status} because of {details.get('reason')}"

    def _check_usage(self, usage: Event | None) -> None:
        assert usage, "response.done without usage"
        inputs, outputs = usage["input_token_details"], usage["output_token_details"]
        cached = inputs["cached_tokens_details"]
        assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"], f"total_tokens: {usage}"
        kinds = ("text_tokens", "audio_tokens", "image_tokens")
        assert usage["input_tokens"] == sum(inputs[kind] for kind in kinds), f"input_tokens: {usage}"
        assert usage["output_tokens"] == outputs["text_tokens"] + outputs["audio_tokens"], f"output_tokens: {usage}"
        assert inputs["cached_tokens"] == sum(cached[kind] for kind in kinds), f"cached_tokens: {usage}"
        assert all(cached[kind] <= inputs[kind] for kind in kinds), f"more cached than there was: {usage}"

    def _on_response_output_item_added(self, event: Event) -> None:
        state = self._response(event)
        assert event["output_index"] == len(state.items), f"output_index {event['output_index']} out of turn"
        item = event["item"]
        assert item["id"] not in self.conversation, "conversation.item.added before response.output_item.added"
        remote = item["type"] == "mcp_call"
        assert remote or item["status"] == "in_progress" and item.get("content", []) == [], f"{event['type']}: {item}"
        if item["type"] == "function_call":
            assert item["name"] and item["call_id"] and item["arguments"] == "", f"{event['type']}: {item}"
        state.items.append(OutputItem(item["id"], event["output_index"], remote=remote))

    def _on_response_output_item_done(self, event: Event) -> None:
        state, item = self._response(event), self._item(event, event["item"]["id"])
        assert item.done is None, f"response.output_item.done twice for {item.id}"
        assert all(part.done for part in item.parts), "response.output_item.done before response.content_part.done"
        in_conversation = state.created["conversation_id"] is not None
        assert item.in_conversation == in_conversation, f"in the conversation: {item.in_conversation}"
        if not self.beta:
            assert item.conversation_done == in_conversation, "response.output_item.done before conversation.item.done"
        assert item.remote or event["item"]["status"] in ("completed", "incomplete"), event["item"]
        if item.remote:
            assert item.arguments_done and event["item"]["arguments"] == item.arguments, "arguments are not those sent"
            assert ("output" in event["item"]) != ("error" in event["item"]), "an mcp_call ends with output or error"
        if event["item"]["type"] == "function_call":
            assert item.arguments_done, "response.output_item.done before function_call_arguments.done"
            assert event["item"]["arguments"] == item.arguments, "arguments are not those sent"
        self._check_content(item, event["item"], event["type"])
        item.done = event["item"]

    def _check_content(self, item: OutputItem, final: Event, place: str) -> None:
        for part, content in zip(item.parts, final.get("content", []), strict=True):
            text, current = PARTS[part.kind]
            name = part.kind if self.beta else current
            assert content["type"] == name, f"{place}: content {content['type']}, not {name}"
            assert content[text] == part.written, (
                f"{place}: {text} is not what was sent: {content[text]!r} / {part.written!r}"
            )

    def _on_response_content_part_added(self, event: Event) -> None:
        item = self._item(event, event["item_id"])
        assert event["content_index"] == len(item.parts), f"content_index {event['content_index']} out of turn"
        kind = event["part"]["type"]
        assert event["part"].get(PARTS[kind][0]) == "", f"a part begins as {event['part']}"
        item.parts.append(Part(kind))

    def _on_response_content_part_done(self, event: Event) -> None:
        part = self._part(event)
        assert event["part"]["type"] == part.kind, "a part ends as another kind"
        assert part.text_done, "response.content_part.done before the end of its text"
        assert part.audio_done or part.kind == "text", "response.content_part.done before response.output_audio.done"
        text = event["part"].get(PARTS[part.kind][0])
        assert text == part.written, f"content_part.done is not what was sent: {text!r} / {part.written!r}"
        part.done = True

    def _text_delta(self, event: Event) -> None:
        part = self._part(event)
        assert not part.text_done, f"{event['type']} after the end of the text"
        part.written += event["delta"]

    def _text_done(self, event: Event) -> None:
        part = self._part(event)
        assert not part.text_done, f"{event['type']} twice"
        written = event.get("transcript", event.get("text"))
        assert written == part.written, f"{event['type']} is not what was sent: {written!r} / {part.written!r}"
        part.text_done = True

    _on_response_output_text_delta = _on_response_output_audio_transcript_delta = _text_delta
    _on_response_output_text_done = _on_response_output_audio_transcript_done = _text_done

    def _on_response_output_audio_delta(self, event: Event) -> None:
        part = self._part(event)
        assert part.kind == "audio" and not part.audio_done, f"{event['type']} after the end of the audio"
        audio = base64.b64decode(event["delta"], validate=True)
        response = self._response(event).created
        pcm = (
            response.get("output_audio_format") == "pcm16"
            if self.beta
            else (response["audio"]["output"]["format"]["type"] == "audio/pcm")
        )
        assert audio and (not pcm or len(audio) % 2 == 0), f"an audio delta of {len(audio)} bytes"

    def _on_response_output_audio_done(self, event: Event) -> None:
        part = self._part(event)
        assert part.kind == "audio" and not part.audio_done, f"{event['type']} twice"
        assert not part.text_done, "response.output_audio.done after the transcript's"
        part.audio_done = True

    def _on_response_function_call_arguments_delta(self, event: Event) -> None:
        item = self._item(event, event["item_id"])
        assert not item.arguments_done, f"{event['type']} after its end"
        item.arguments += event["delta"]

    def _on_response_function_call_arguments_done(self, event: Event) -> None:
        item = self._item(event, event["item_id"])
        assert not item.arguments_done, f"{event['type']} twice"
        assert event["arguments"] == item.arguments, f"{event['type']} is not what was sent"
        item.arguments_done = True

    _on_response_mcp_call_arguments_delta = _on_response_function_call_arguments_delta
    _on_response_mcp_call_arguments_done = _on_response_function_call_arguments_done

    def _response(self, event: Event) -> ResponseState:
        state = self.responses.get(event["response_id"])
        assert state, f"{event['type']} of {event['response_id']}, which was not created"
        late = event["type"] == "response.output_item.done" and event["item"]["type"] == "mcp_call"
        assert state.done is None or late, f"{event['type']} after response.done"
        return state

    def _item(self, event: Event, identity: str) -> OutputItem:
        items = self._response(event).items
        assert 0 <= event["output_index"] < len(items), f"{event['type']}: output_index {event['output_index']}"
        item = items[event["output_index"]]
        assert item.id == identity, f"{event['type']} names {identity}; output {item.index} is {item.id}"
        assert item.done is None, f"{event['type']} after response.output_item.done"
        return item

    def _part(self, event: Event) -> Part:
        parts = self._item(event, event["item_id"]).parts
        assert 0 <= event["content_index"] < len(parts), f"{event['type']}: content_index {event['content_index']}"
        part = parts[event["content_index"]]
        assert not part.done, f"{event['type']} after response.content_part.done"
        return part

    def _output(self, identity: str) -> OutputItem | None:
        items = [item for state in self.responses.values() for item in state.items if item.id == identity]
        return items[-1] if items else None
