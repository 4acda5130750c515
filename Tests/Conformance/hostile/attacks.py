"""The attacks. Each returns in words what the server did, or raises."""

from __future__ import annotations

import asyncio
import base64
import copy
import json
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

from conformance.http import request
from conformance.lab import KEY, Lab
from conformance.session import Closed
from conformance.websocket import WebSocketSession
from interop.server import Server
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode

MIB = 1 << 20


@dataclass(frozen=True)
class Attack:
    says: str
    run: Callable[[Lab, Server], Awaitable[str]]
    memory_mib: int
    limit_seconds: float


ATTACKS: dict[str, Attack] = {}


def attack(
    memory_mib: int, limit_seconds: float = 60
) -> Callable[[Callable[..., Awaitable[str]]], Callable[..., Awaitable[str]]]:
    """Registers an attack; the server's memory may grow by so much meanwhile."""

    def register(function: Callable[..., Awaitable[str]]) -> Callable[..., Awaitable[str]]:
        ATTACKS[function.__name__.replace("_", "-")] = Attack(
            " ".join((function.__doc__ or "").split()), function, memory_mib, limit_seconds
        )
        return function

    return register


@attack(memory_mib=64)
async def invalid_json(lab: Lab, server: Server) -> str:
    """Text that is no JSON, deep nesting, lone surrogates, huge numbers."""
    texts = [
        "{",
        "}",
        "[" * 100_000,
        '{"a":' * 50_000,
        '"' + "\\u0000" * 1000,
        '{"type": "\\ud800"}',
        "nul",
        "NaN",
        "1e999999",
        '{"type": "session.update", "session": {"audio": ' + "[" * 5000 + "]" * 5000 + "}}",
        "\ufeff{}",
        "\x00",
        '{"type":1e400}',
    ]
    async with lab.socket(key=KEY) as session:
        for _ in range(50):
            for text in texts:
                await session.send_raw(text)
                assert (await session.wait("error"))["error"]["type"] == "invalid_request_error"
        await session.ask("hello")
    return f"{50 * len(texts)} errors"


TEMPLATES: list[dict[str, Any]] = [
    {
        "type": "session.update",
        "session": {
            "type": "realtime",
            "model": "m",
            "instructions": "i",
            "output_modalities": ["audio"],
            "tool_choice": "auto",
            "tools": [{"type": "function", "name": "f", "description": "d", "parameters": {"type": "object"}}],
            "max_output_tokens": 100,
            "parallel_tool_calls": True,
            "reasoning": {"effort": "low"},
            "tracing": "auto",
            "truncation": {
                "type": "retention_ratio",
                "retention_ratio": 0.5,
                "token_limits": {"post_instructions": 100},
            },
            "prompt": None,
            "include": ["item.input_audio_transcription.logprobs"],
            "audio": {
                "input": {
                    "format": {"type": "audio/pcm", "rate": 24000},
                    "transcription": {
                        "model": "m",
                        "language": "en",
                        "prompt": "p",
                        "keywords": ["k"],
                        "languages": ["en"],
                        "delay": "low",
                    },
                    "noise_reduction": {"type": "near_field", "strength": 1},
                    "turn_detection": {
                        "type": "server_vad",
                        "threshold": 0.5,
                        "prefix_padding_ms": 1,
                        "silence_duration_ms": 500,
                        "create_response": False,
                        "interrupt_response": True,
                        "idle_timeout_ms": 5000,
                    },
                },
                "output": {"format": {"type": "audio/pcm", "rate": 24000}, "voice": "marin", "speed": 1.0},
            },
        },
    },
    {
        "type": "session.update",
        "session": {
            "audio": {
                "input": {
                    "turn_detection": {
                        "type": "semantic_vad",
                        "eagerness": "low",
                        "create_response": False,
                        "interrupt_response": True,
                    }
                }
            }
        },
    },
    {"type": "input_audio_buffer.append", "audio": "AAAA"},
    {
        "type": "conversation.item.create",
        "previous_item_id": "root",
        "item": {
            "type": "message",
            "role": "user",
            "status": "completed",
            "content": [
                {"type": "input_text", "text": "t"},
                {"type": "input_audio", "audio": "AAAA", "transcript": "t"},
                {"type": "input_image", "image_url": "data:image/png;base64,AAAA", "detail": "low"},
            ],
        },
    },
    {
        "type": "conversation.item.create",
        "item": {"type": "function_call", "name": "f", "call_id": "c", "arguments": "{}"},
    },
    {"type": "conversation.item.create", "item": {"type": "function_call_output", "call_id": "c", "output": "o"}},
    {"type": "conversation.item.retrieve", "item_id": "i"},
    {"type": "conversation.item.truncate", "item_id": "i", "content_index": 0, "audio_end_ms": 0},
    {"type": "conversation.item.delete", "item_id": "i"},
    {"type": "response.cancel", "response_id": "resp_x"},
    {
        "type": "response.create",
        "response": {
            "conversation": "none",
            "instructions": "i",
            "output_modalities": ["text"],
            "max_output_tokens": 5,
            "tool_choice": "none",
            "tools": [{"type": "function", "name": "f", "parameters": {}}],
            "metadata": {"k": "v"},
            "audio": {"output": {"format": {"type": "audio/pcm", "rate": 24000}, "voice": "marin"}},
            "input": [
                {"type": "item_reference", "id": "x"},
                {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "t"}]},
            ],
        },
    },
]
WRONG: list[Any] = [
    None,
    True,
    -1,
    0,
    2**63,
    -(2**63) - 1,
    1e308,
    0.1,
    "",
    "x",
    "\x00",
    "🜚" * 200,
    "y" * 100_000,
    [],
    {},
    [None],
    {"a": None},
    [[[[]]]],
]


def places(value: Any, path: tuple = ()) -> Iterator[tuple]:
    """Paths of every field, the outermost first."""
    if path:
        yield path
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in entries:
        yield from places(inner, (*path, name))


@attack(memory_mib=96, limit_seconds=120)
async def wrong_types(lab: Lab, server: Server) -> str:
    """Every field of every client event as everything it is not; event_id too."""
    sent = 0
    async with lab.socket(key=KEY) as session:
        # What comes back is checked by the types and the null rule; the conversation it makes is nobody's.
        session.watch.late = True
        for template in TEMPLATES:
            for path in places(template | {"event_id": "e"}):
                for wrong in WRONG:
                    event = copy.deepcopy(template)
                    target: Any = event
                    for name in path[:-1]:
                        target = target[name]
                    target[path[-1]] = wrong
                    session.watch.sent(event)
                    await session.send_raw(json.dumps(event))
                    sent += 1
                await session.settled()
        await session.send(
            "session.update", session={"type": "realtime", "audio": {"output": {"format": {"type": "audio/pcm"}}}}
        )
        await session.settled()
    return f"{sent} events, the session went on"


@attack(memory_mib=256, limit_seconds=90)
async def large_frames(lab: Lab, server: Server) -> str:
    """20 MiB of no sense at a time; then one frame that is too large: 1009."""
    async with lab.socket(key=KEY) as session:
        for _ in range(5):
            await session.send_raw('"' + "x" * (20 * MIB - 2) + '"')
            await session.wait("error")
        await session.ask("hello")
        try:
            await session.send_raw("x" * (64 * MIB))
            _, end = await session.closed(20)
        except Closed as closed:
            end = closed
    assert end.code in (1009, None), end.code
    return f"5 errors, then closed with {end.code}"


@attack(memory_mib=96)
async def binary_frames(lab: Lab, server: Server) -> str:
    """Binary frames of every size."""
    async with lab.socket(key=KEY) as session:
        for size in (0, 1, 1000, MIB) * 20:
            await session.send_raw(os.urandom(size))
            await session.error("invalid_event", None)
        await session.ask("hello")
    return "80 errors"


@attack(memory_mib=160, limit_seconds=120)
async def stops_reading(lab: Lab, server: Server) -> str:
    """Asks for a gigabyte and reads nothing of it: the server ends the connection and keeps its memory."""
    address = lab.base.replace("http", "ws", 1) + "/v1/realtime?model=gpt-realtime"
    headers = {"Authorization": f"Bearer {KEY}"}
    async with connect(
        address, additional_headers=headers, compression=None, max_queue=1, ping_interval=None
    ) as socket:
        audio = base64.b64encode(bytes(400_000)).decode()
        item = {
            "id": "item_large",
            "type": "message",
            "role": "user",
            "content": [{"type": "input_audio", "audio": audio}],
        }
        await socket.send(json.dumps({"type": "conversation.item.create", "item": item}))
        retrieve = json.dumps({"type": "conversation.item.retrieve", "item_id": "item_large"})
        start, asked = time.monotonic(), 0
        try:
            while asked < 2000 and time.monotonic() - start < 60:
                await asyncio.wait_for(socket.send(retrieve), 60)
                asked += 1
            while time.monotonic() - start < 90:
                await asyncio.wait_for(socket.send(retrieve), 60)
                await asyncio.sleep(0.5)
            ended = "the connection stayed"
        except ConnectionClosed:
            ended = f"ended after {time.monotonic() - start:.1f} s"
        except TimeoutError:
            ended = "the server took no more"
        socket.transport.abort()
    assert ended != "the connection stayed", "nothing happened to a client that does not read"
    return f"asked {asked} times, {ended}"


@attack(memory_mib=64)
async def events_after_close(lab: Lab, server: Server) -> str:
    """Frames behind the close frame, and a close in the middle of a response."""
    for _ in range(20):
        async with lab.socket(key=KEY) as session:
            await session.send("response.create")
            transport = session.socket.transport
            transport.write(Frame(Opcode.CLOSE, b"\x03\xe8").serialize(mask=True))
            for _ in range(50):
                transport.write(Frame(Opcode.TEXT, b'{"type":"response.create"}').serialize(mask=True))
            await session.closed(10)
    return "20 connections closed"


@attack(memory_mib=64)
async def broken_framing(lab: Lab, server: Server) -> str:
    """Unmasked frames, reserved bits and opcodes, invalid UTF-8, a fragment without beginning, 20,000 fragments of a
    byte."""
    codes = []
    wrong = {
        "unmasked": Frame(Opcode.TEXT, b"{}").serialize(mask=False),
        "reserved bit": bytes([0xC1, 0x82, 1, 2, 3, 4, 0x7A, 0x7F]),
        "reserved opcode": bytes([0x83, 0x80, 1, 2, 3, 4]),
        "utf-8": Frame(Opcode.TEXT, b"\xff\xfe\xfd").serialize(mask=True),
        "no beginning": Frame(Opcode.CONT, b"{}").serialize(mask=True),
        "long ping": bytes([0x89, 0xFE, 0x01, 0x00, 0, 0, 0, 0]) + bytes(256),
    }
    for name, data in wrong.items():
        async with lab.socket(key=KEY) as session:
            session.socket.transport.write(data)
            try:
                event = await session.wait("error")
                assert name == "utf-8" and event["error"]["code"] == "invalid_json", event
                codes.append("error")
            except Closed as end:
                assert end.code in (1002, 1007, 1009, None), f"{name}: {end.code}"
                codes.append(str(end.code))
    async with lab.socket(key=KEY) as session:
        write = session.socket.transport.write
        write(Frame(Opcode.TEXT, b"", fin=False).serialize(mask=True))
        for _ in range(20_000):
            write(Frame(Opcode.CONT, b" ", fin=False).serialize(mask=True))
        write(Frame(Opcode.CONT, b"{", fin=True).serialize(mask=True))
        try:
            await session.wait("error")
            codes.append("error")
        except Closed as end:
            codes.append(str(end.code))
    return "closed or answered with " + ", ".join(codes)


@attack(memory_mib=128, limit_seconds=120)
async def ten_thousand_items(lab: Lab, server: Server) -> str:
    """A conversation of 10,000 items, answered, searched and cleared."""
    async with lab.socket(key=KEY) as session:
        session.watch.late = True
        session.watch.take = lambda event, size: session.watch.events.append(event)
        await session.send("session.update", session={"type": "realtime", "output_modalities": ["text"]})
        refused = 0
        for number in range(10_000):
            await session.send(
                "conversation.item.create",
                item={
                    "id": f"item_{number}",
                    "type": "message",
                    "role": "user",
                    "content": [{"type": "input_text", "text": f"number {number}"}],
                },
            )
            if number % 500 == 499:
                refused += sum(event["type"] == "error" for event in await session.settled())
        start = time.monotonic()
        await session.send("response.create")
        await session.wait("response.done", seconds=30)
        taken = time.monotonic() - start
        await session.send("conversation.item.retrieve", item_id="item_17")
        await session.wait("conversation.item.retrieved")
        for number in range(0, 10_000, 7):
            await session.send("conversation.item.delete", item_id=f"item_{number}")
        await session.settled()
    return f"answered in {taken:.1f} s, {refused} refused"


@attack(memory_mib=96, limit_seconds=90)
async def audio_without_end(lab: Lab, server: Server) -> str:
    """Half an hour of audio without a commit: what is over the buffer is dropped or refused, and a
    commit still works."""
    async with lab.socket(key=KEY) as session:
        await session.update(audio={"input": {"turn_detection": None}})
        frame = json.dumps({"type": "input_audio_buffer.append", "audio": base64.b64encode(bytes(480_000)).decode()})
        for _ in range(180):
            await session.send_raw(frame)
        errors = len([event for event in await session.settled() if event["type"] == "error"])
        await session.send("input_audio_buffer.clear")
        await session.wait("input_audio_buffer.cleared")
        await session.hear(0.5)
        await session.send("input_audio_buffer.commit")
        await session.wait("input_audio_buffer.committed")
    return f"30 min of audio, {errors} refused"


@attack(memory_mib=96)
async def secrets(lab: Lab, server: Server) -> str:
    """Secrets forged, shortened, changed in any byte, expired, and those of another server."""
    mine = (await lab.secret(KEY, session={"type": "realtime", "instructions": "Mine."}))["value"]
    short = await lab.secret(KEY, expires_after={"anchor": "created_at", "seconds": 10})
    forged = [
        "ek_",
        "ek_AAAA",
        "ek_" + "A" * 4000,
        mine[:-1],
        mine + "A",
        mine.upper(),
        "sk" + mine[2:],
        "ek_../../etc",
    ]
    forged += [
        mine[:at] + ("A" if mine[at] != "A" else "B") + mine[at + 1 :]
        for at in range(3, len(mine), max(1, len(mine) // 40))
    ]
    async with lab.servers.running(auth={"keys": [KEY]}) as other:
        forged.append((await request(other.url + "/v1/realtime/client_secrets", "POST", {}, KEY)).json["value"])
    await asyncio.sleep(max(0.0, short["expires_at"] - time.time()) + 1.5)
    for value in [*forged, short["value"]]:
        reply = await lab.request("/v1/realtime/calls", "POST", "v=0\r\n", value, {"Content-Type": "application/sdp"})
        assert reply.status == 401 and reply.error["code"] == "invalid_api_key", f"{reply.status} for {value[:20]}…"
        assert value not in reply.body.decode() or len(value) < 8, "the answer repeats the secret"
    async with lab.socket(key=short["value"], wait=False) as session:
        events, _ = await session.closed()
        assert events[0]["error"]["code"] == "invalid_api_key"
    async with lab.socket(key=mine) as session:
        assert session.session["instructions"] == "Mine."
    return f"{len(forged)} forged and an expired one refused"


@attack(memory_mib=128)
async def many_connections(lab: Lab, server: Server) -> str:
    """200 sockets that open and say nothing, then go without a goodbye, three times."""
    for _ in range(3):
        sockets = [lab.socket(key=KEY, wait=False) for _ in range(200)]
        opened = await asyncio.gather(*(socket.__aenter__() for socket in sockets), return_exceptions=True)
        refused = sum(isinstance(one, Exception) for one in opened)
        for socket in opened:
            if isinstance(socket, WebSocketSession):
                socket.socket.transport.abort()
    return f"600 opened, {refused} of the last 200 refused"


@attack(memory_mib=96)
async def channel_of_a_call(lab: Lab, server: Server) -> str:
    """Nonsense on a data channel: text that is no JSON, binary, 200 KB at once, 2,000 small ones."""
    async with lab.call(key=KEY) as call:
        for data in (["{", os.urandom(100), "x" * 200_000, ""] * 10) + ["{}"] * 500:
            await call.send_raw(data)
            await call.wait("error")
        await call.ask("hello")
    return "540 errors"
