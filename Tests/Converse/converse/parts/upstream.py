"""A session passed whole to a Realtime service elsewhere: another Parley with the scripted engine, which wants a key.

The client is aiortc over WebRTC and the `openai` package over WebSocket; it talks to the front alone. The upstream's script
speaks each word in the same time, so that what was heard can be said to the word.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openai import AsyncOpenAI

from .. import phone, recordings, scripted_stages, speech_to_speech
from ..caller import percentile
from ..lab import Lab
from ..report import Row, not_run
from interop.server import Server

TITLE = "a session passed to another Realtime service"
SHORT = False

KEY, MODEL = "sk-upstream-of-the-test", "passed"
TURNS, SESSION_TURNS = 24, 6
WORD_MS = 250
STORY = " ".join(f"word{number}" for number in range(1, 81)) + "."
WEATHER = {
    "type": "function",
    "name": "get_weather",
    "description": "The weather at a place now.",
    "parameters": {"type": "object", "properties": {"place": {"type": "string"}}},
}
SCRIPT = {
    "timing": {"recogniser_ms": 40, "first_token_ms": 20, "token_ms": 2, "word_ms": WORD_MS},
    "hears": ["Tell me a story.", "Stop, please."],
    "rules": [
        {"when": {"tool_output": "get_weather"}, "reply": [{"say": "It is {tool_output} there."}]},
        {"when": {"user": "weather"}, "reply": [{"call": "get_weather", "arguments": {"place": "Oslo"}}]},
        {"when": {"user": "story"}, "reply": [{"say": STORY}]},
        {"when": {"user": "stop"}, "reply": [{"say": "As you like."}]},
        {"reply": [{"say": "You said: {user}"}]},
    ],
}
SETTINGS = {"type": "realtime", "tools": [WEATHER], "audio": {"input": {"transcription": {"model": "whisper-1"}}}}
NAME = "My name is Ada."


class Pair:
    """The front, and the upstream behind it, which can be killed and started again at the same address."""

    def __init__(self, folder: Path) -> None:
        (folder / "script.json").write_text(json.dumps(SCRIPT))
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self._script = folder / "script.json"
        os.environ["UPSTREAM_KEY"] = KEY
        line = f"{MODEL} upstream=ws://127.0.0.1:{self._port}/v1/realtime#parley-scripted key=env:UPSTREAM_KEY"
        self.front = Server(["127.0.0.1"], engines=[line])
        self.start()

    def start(self) -> None:
        self.upstream = Server(
            ["127.0.0.1"], http={"port": self._port}, auth={"keys": [KEY]},
            engine={"embedded": False, "script": str(self._script)})
        self.upstream.__enter__()

    def kill_and_start(self) -> None:
        self.upstream.kill()
        self.upstream.__exit__(None)
        self.start()


@contextmanager
def pair() -> Iterator[Pair]:
    with tempfile.TemporaryDirectory() as folder:
        both = Pair(Path(folder))
        try:
            with both.front:
                yield both
        except BaseException as error:
            both.upstream.__exit__(type(error))
            raise
        both.upstream.__exit__(None)


def run(lab: Lab) -> list[Row]:
    with pair() as both:
        rows = asyncio.run(over_webrtc(both)) + asyncio.run(over_websocket(both)) + asyncio.run(delay(both))
        lines = both.front.output + both.upstream.output
    rows += of_others()
    leaks = sum(KEY in line for line in lines)
    rows.append(Row("the upstream's key in the logs of either server, at debug level", "never", f"{leaks} lines", not leaks))
    return rows


# WebRTC


class Talk:
    """What a test asks of a call."""

    def __init__(self, call: phone.Phone) -> None:
        self.call = call

    async def event(self, kind: str, since: float, seconds: float = 20) -> dict:
        found = await self.call.wait(kind, since=since, seconds=seconds)
        assert found, f"no {kind} came; there were {[event['type'] for _, event in self.call.events[-12:]]}"
        return next(event for at, event in self.call.events if at >= since and event["type"] == kind)

    def write(self, text: str) -> float:
        now = time.monotonic()
        self.call.send(
            type="conversation.item.create",
            item={"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]})
        self.call.send(type="response.create")
        return now

    async def item(self, identifier: str) -> dict:
        now = time.monotonic()
        self.call.send(type="conversation.item.retrieve", item_id=identifier)
        return (await self.event("conversation.item.retrieved", now))["item"]


async def over_webrtc(both: Pair) -> list[Row]:
    async with phone.call(both.front.url, MODEL) as call:
        talk = Talk(call)
        created = await talk.event("session.created", 0)
        now = time.monotonic()
        call.send(type="session.update", session=SETTINGS)
        await talk.event("session.updated", now)
        written = talk.write(NAME)
        await talk.event("output_audio_buffer.stopped", written)
        named = (await talk.event("conversation.item.added", written))["item"]["id"]
        rows = [
            await spoken(talk, created), await tool(talk), await interruption(talk), await cut(talk, both, named),
        ]
    return rows


async def listen(seconds: float) -> None:
    """The person at this end says nothing for so long of the call, whose sound runs at the pace of the clock."""
    await asyncio.sleep(seconds)


async def spoken(talk: Talk, created: dict) -> Row:
    # The upstream's detector knows the room by then.
    await listen(2)
    clip = recordings.load(recordings.utterance("C_000").path, phone.RATE)
    said = talk.call.microphone.play(clip)
    heard = await talk.event("conversation.item.input_audio_transcription.completed", said)
    await talk.event("output_audio_buffer.started", said)
    await listen(0.5)
    audible = time.monotonic() - talk.call.last_audible < 0.3
    now = time.monotonic()
    talk.call.send(type="output_audio_buffer.clear")
    await talk.event("output_audio_buffer.cleared", now)
    known = created["session"]["model"] == MODEL
    return Row(
        "a spoken question over WebRTC", "heard, answered, audible",
        f"heard as \"{heard['transcript']}\", the answer audible: {audible}, the session's model: {created['session']['model']}",
        heard["transcript"] == SCRIPT["hears"][0] and audible and known)


async def tool(talk: Talk) -> Row:
    now = talk.write("How is the weather?")
    call = await talk.event("response.function_call_arguments.done", now)
    await talk.event("response.done", now)
    now = time.monotonic()
    talk.call.send(
        type="conversation.item.create",
        item={"type": "function_call_output", "call_id": call["call_id"], "output": "sunny"})
    talk.call.send(type="response.create")
    said = await talk.event("response.output_audio_transcript.done", now)
    await talk.event("output_audio_buffer.stopped", now)
    return Row(
        "a function call over WebRTC", "the call, and its result in words",
        f"{call['name']}({call['arguments']}), \"{said['transcript']}\"", said["transcript"] == "It is sunny there.")


async def interruption(talk: Talk) -> Row:
    now = talk.write("Tell me a story.")
    await talk.event("output_audio_buffer.started", now)
    begun = time.monotonic()
    await listen(2.6)
    interrupted = talk.call.microphone.play(recordings.load(recordings.utterance("N_130").path, phone.RATE))
    cleared = await talk.event("output_audio_buffer.cleared", interrupted)
    clock = next(at for at, event in talk.call.events if event is cleared)
    truncated = await talk.event("conversation.item.truncated", interrupted)
    item = await talk.item(truncated["item_id"])
    held = item["content"][0]["transcript"]
    heard_ms = truncated["audio_end_ms"]
    # A word is in the history when it was heard to its end.
    right = held.split() == STORY.split()[: heard_ms // WORD_MS]
    near = abs(heard_ms - 1000 * (clock - begun)) < 250
    await talk.event("output_audio_buffer.stopped", clock)
    return Row(
        "an interruption over WebRTC: what the upstream's history holds", "the words that were heard, to the word",
        f"cut at {heard_ms} ms, {1000 * (clock - begun):.0f} ms after the first sound by the client's clock; "
        f"the history ends with \"{' '.join(held.split()[-2:])}\" ({len(held.split())} words of {WORD_MS} ms)", right and near)


async def cut(talk: Talk, both: Pair, named: str) -> Row:
    now = talk.write("Tell me a story.")
    await talk.event("output_audio_buffer.started", now)
    await listen(1)
    killed = time.monotonic()
    await asyncio.to_thread(both.kill_and_start)
    ended = await talk.event("response.done", killed)
    again = await talk.event("response.created", killed)
    await talk.event("response.output_audio_transcript.delta", killed)
    after = next(at for at, event in talk.call.events if event is again) - killed
    carried = (await talk.item(named))["content"][0].get("text")
    return Row(
        "the upstream is killed in mid-answer and started again, over WebRTC",
        "the answer ends as failed and is taken up; the conversation is still there",
        f"{ended['response']['status']}, a new answer {after:.1f} s after the kill (the start of the upstream included), "
        f"the first item is \"{carried}\"", ended["response"]["status"] == "failed" and carried == NAME)


# WebSocket


async def over_websocket(both: Pair) -> list[Row]:
    client = AsyncOpenAI(api_key="none-is-asked-for", base_url=f"{both.front.url}/v1")
    async with client.realtime.connect(model=MODEL) as connection:
        seen: list = []

        async def until(kind: str, count: int = 1):
            async with asyncio.timeout(20):
                async for event in connection:
                    seen.append(event)
                    assert event.type != "error", event.error.message
                    if event.type == kind:
                        count -= 1
                        if not count:
                            return event

        async def write(text: str):
            await connection.conversation.item.create(
                item={"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]})
            await connection.response.create()

        await until("session.created")
        await connection.session.update(session=SETTINGS)
        await until("session.updated")
        await write(NAME)
        named = (await until("conversation.item.added")).item.id
        await until("response.done")
        await write("How is the weather?")
        call = (await until("response.done")).response.output[0]
        await connection.conversation.item.create(
            item={"type": "function_call_output", "call_id": call.call_id, "output": "sunny"})
        await connection.response.create()
        said = (await until("response.output_audio_transcript.done")).transcript
        await until("response.done")
        rows = [
            Row(
                "a conversation with the `openai` package over WebSocket: text, a function call", "answered",
                f"{call.name}({call.arguments}), \"{said}\"", said == "It is sunny there.")
        ]
        await write("Tell me a story.")
        delta = await until("response.output_audio.delta", 3)
        await connection.response.cancel()
        await until("response.done")
        await connection.conversation.item.truncate(item_id=delta.item_id, content_index=0, audio_end_ms=3 * WORD_MS)
        await until("conversation.item.truncated")
        await connection.conversation.item.retrieve(item_id=delta.item_id)
        held = (await until("conversation.item.retrieved")).item.content[0].transcript
        rows.append(
            Row(
                "the client's own truncation over WebSocket", "the upstream's history holds what was heard",
                f"cut at {3 * WORD_MS} ms: \"{held}\"", held.split() == STORY.split()[:3]))
        await write("Tell me a story.")
        await until("response.output_audio.delta", 3)
        killed = time.monotonic()
        await asyncio.to_thread(both.kill_and_start)
        status = (await until("response.done")).response.status
        await until("response.created")
        after = time.monotonic() - killed
        await until("response.output_audio.delta")
        await connection.conversation.item.retrieve(item_id=named)
        carried = (await until("conversation.item.retrieved")).item.content[0].text
        sessions = sum(event.type == "session.created" for event in seen)
        rows.append(
            Row(
                "the upstream is killed in mid-answer and started again, over WebSocket",
                "the answer ends as failed and is taken up; the conversation and the session are the client's",
                f"{status}, a new answer {after:.1f} s after the kill, the first item is \"{carried}\", {sessions} session.created",
                status == "failed" and carried == NAME and sessions == 1))
        leak = any(KEY in event.model_dump_json() for event in seen)
        rows.append(Row("the upstream's key in an event", "never", f"{len(seen)} events, found: {leak}", not leak))
    return rows


# speech-to-speech


def of_others() -> list[Row]:
    what = "the Realtime server of the `speech-to-speech` package, over WebRTC"
    if missing := speech_to_speech.what_is_missing():
        return [not_run(what, missing)]
    try:
        return talked_through(what)
    except Exception as error:
        # What Parley showed of itself stays shown.
        traceback.print_exc()
        return [Row(what, "runs to its end", f"{type(error).__name__}: {error}"[:300], False)]


def talked_through(what: str) -> list[Row]:
    with scripted_stages.stages("Tell me a story.") as stages:
        with speech_to_speech.started(stages.url) as port:
            with Server(["127.0.0.1"], engines=[f"{MODEL} upstream=ws://127.0.0.1:{port}/v1/realtime"]) as front:
                return asyncio.run(talk_to_others(front, what))


async def talk_to_others(front: Server, what: str) -> list[Row]:
    async with phone.call(front.url, MODEL) as call:
        talk = Talk(call)
        await talk.event("session.created", 0, 60)
        now = time.monotonic()
        call.send(type="session.update", session=SETTINGS)
        await talk.event("session.updated", now)
        asked = talk.write("Hello there.")
        await talk.event("output_audio_buffer.started", asked, 60)
        said = await talk.event("response.output_audio_transcript.done", asked)
        await talk.event("output_audio_buffer.stopped", asked, 60)
        rows = [Row(f"{what}: conversation", "answered, audible", f"\"{said['transcript']}\"", "Hello there" in said["transcript"])]
        asked = talk.write("How is the weather?")
        made = await talk.event("response.function_call_arguments.done", asked, 60)
        await talk.event("response.done", asked)
        now = time.monotonic()
        call.send(
            type="conversation.item.create",
            item={"type": "function_call_output", "call_id": made["call_id"], "output": "sunny"})
        call.send(type="response.create")
        said = await talk.event("response.output_audio_transcript.done", now, 60)
        await talk.event("output_audio_buffer.stopped", now, 60)
        rows.append(
            Row(
                f"{what}: a function call", "the call, and its result in words",
                f"{made['name']}({made['arguments']}), \"{said['transcript']}\"", "sunny" in said["transcript"]))
        spoken_at = call.microphone.play(recordings.load(recordings.utterance("C_000").path, phone.RATE))
        heard = await talk.event("conversation.item.input_audio_transcription.completed", spoken_at, 60)
        await talk.event("output_audio_buffer.started", spoken_at, 60)
        await listen(1.5)
        interrupted = call.microphone.play(recordings.load(recordings.utterance("N_130").path, phone.RATE))
        await talk.event("input_audio_buffer.speech_started", interrupted)
        await talk.event("output_audio_buffer.cleared", interrupted)
        cleared = time.monotonic()
        await listen(0.5)
        quiet = call.last_audible < cleared + 0.3
        rows.append(
            Row(
                f"{what}: a spoken turn, interrupted", "heard; quiet after the interruption",
                f"heard as \"{heard['transcript']}\"; quiet: {quiet}", heard["transcript"] == "Tell me a story." and quiet))
    return rows


# Delay


async def delay(both: Pair) -> list[Row]:
    direct = await websocket_turns(both.upstream.url, "parley-scripted", KEY)
    through = await websocket_turns(both.front.url, MODEL, "none")
    rows = [compared("WebSocket: from response.create to the first audio", direct, through)]
    async with phone.call(both.front.url, MODEL) as call:
        rows.append(
            compared("WebRTC: from response.create to the first sound that left, beside WebSocket direct", direct, await peer_turns(call)))
    return rows


def compared(what: str, direct: list[float], through: list[float]) -> Row:
    added = [percentile(through, share) - percentile(direct, share) for share in (50, 95)]
    return Row(
        f"delay added, {what}, {len(through)} turns", "p50 of at most 60 ms",
        f"p50 {added[0]:.1f} ms, p95 {added[1]:.1f} ms (direct {percentile(direct, 50):.1f} and {percentile(direct, 95):.1f} ms, "
        f"through the front {percentile(through, 50):.1f} and {percentile(through, 95):.1f} ms)", added[0] <= 60)


async def websocket_turns(url: str, model: str, key: str) -> list[float]:
    """A few turns to a session: audio runs at most ten seconds ahead of what can have been heard."""
    client, times = AsyncOpenAI(api_key=key, base_url=f"{url}/v1"), []
    for _ in range(TURNS // SESSION_TURNS):
        async with client.realtime.connect(model=model) as connection:
            for number in range(SESSION_TURNS):
                times.append(await websocket_turn(connection, f"number {number}"))
    return times


async def websocket_turn(connection, text: str) -> float:
    await connection.conversation.item.create(
        item={"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]})
    asked, first = time.monotonic(), None
    await connection.response.create()
    async with asyncio.timeout(20):
        async for event in connection:
            assert event.type != "error", event.error.message
            if event.type == "response.output_audio.delta":
                first = first or time.monotonic()
            if event.type == "response.done":
                return 1000 * (first - asked)


async def peer_turns(call: phone.Phone) -> list[float]:
    talk, times = Talk(call), []
    for number in range(TURNS):
        asked = talk.write(f"number {number}")
        started = await talk.event("output_audio_buffer.started", asked)
        times.append(1000 * (next(at for at, event in call.events if event is started) - asked))
        call.send(type="output_audio_buffer.clear")
        await talk.event("output_audio_buffer.cleared", asked)
        await talk.event("response.done", asked)
    return times
