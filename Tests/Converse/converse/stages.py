"""HTTP servers that answer as a test wants: as language model, recogniser or voice, well or with a fault.

Plain asyncio, so that a byte can be late, a stream cut, and every moment known. All times are `time.monotonic()`.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import json
import math
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field

RATE = 24_000
STAGES = {"language": "/chat/completions", "recogniser": "/audio/transcriptions", "voice": "/audio/speech"}
# What one server does wrong; "refused" is nobody listening.
FAULTS = ["refused", "slow first byte", "stalled stream", "cut stream", "junk", "429 with Retry-After", "500",
          "wrong format", "endless answer"]
RETRY_AFTER_SECONDS = 2
NEVER_SECONDS = 600


@dataclass
class Request:
    """One request of the gateway. `connection` counts the connections of the server from 1."""

    path: str
    body: bytes
    connection: int
    at: float
    first_byte: float | None = None
    end: float | None = None
    # The gateway closed before the answer was whole.
    abandoned: bool = False
    # It counts among those that the server has at once.
    is_running: bool = False
    # When each piece of the answer was written.
    pieces: list[float] = field(default_factory=list)


@dataclass
class Canned:
    """What a server says, and how fast."""

    text: str = "Here I am. How can I help you?"
    first_seconds: float = 0.0
    # Between two words, or two pieces of sound; sound of a piece lasts `piece_seconds`.
    each_seconds: float = 0.0
    piece_seconds: float = 0.2
    seconds_per_character: float = 0.02
    # Before the first request of a connection is read, as a handshake takes it.
    handshake_seconds: float = 0.0
    fault: str | None = None


@dataclass
class CannedServer:
    """One stage. Good again when `canned.fault` is None; `requests` are in the order they came, `running` of them now."""

    stage: str
    canned: Canned = field(default_factory=Canned)
    # What the words of an answer are, where they follow from the request.
    words: Callable[[bytes], str] | None = None
    requests: list[Request] = field(default_factory=list)
    # When each connection was accepted.
    connections: list[float] = field(default_factory=list)
    running: int = 0
    most: int = 0
    port: int = 0

    async def start(self) -> None:
        """Takes a port, which is its own from then on; where nobody is to listen, nobody does before `heal`."""
        self._tasks: set[asyncio.Task] = set()
        self._server: asyncio.Server | None = None
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        if self.canned.fault != "refused":
            await self._listen()

    async def heal(self) -> None:
        was, self.canned.fault = self.canned.fault, None
        if was == "refused":
            await self._listen()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._accepted, sock=self._socket)

    async def stop(self) -> None:
        if self._server is None:
            return self._socket.close()
        self._server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1#canned"

    @property
    def asked(self) -> list[Request]:
        """Requests for the stage's work, without those that only opened a connection."""
        return [request for request in self.requests if request.path.endswith(STAGES[self.stage])]

    async def _accepted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.add(asyncio.current_task())
        self.connections.append(time.monotonic())
        number = len(self.connections)
        try:
            await asyncio.sleep(self.canned.handshake_seconds)
            while request := await self._read(reader, number):
                self.requests.append(request)
                await self._answered(request, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            self._tasks.discard(asyncio.current_task())

    async def _read(self, reader: asyncio.StreamReader, connection: int) -> Request | None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lines = head.split("\r\n")
        length = next((int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:")), 0)
        return Request(lines[0].split()[1], await reader.readexactly(length), connection, time.monotonic())

    async def _answered(self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers, unless the gateway goes away first."""
        is_work = request.path.endswith(STAGES[self.stage])
        if is_work:
            request.is_running = True
            self.running += 1
            self.most = max(self.most, self.running)
        answer = asyncio.create_task(self._answer(request, writer))
        gone = asyncio.create_task(reader.read(1))
        try:
            await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                request.abandoned = True
                raise ConnectionResetError
            await answer
        finally:
            self._leave(request)
            request.end = time.monotonic()
            for task in (answer, gone):
                task.cancel()
            await asyncio.gather(answer, gone, return_exceptions=True)

    def _leave(self, request: Request) -> None:
        """It has its answer: the next may be here before this task is asked again."""
        self.running -= request.is_running
        request.is_running = False

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        if not request.path.endswith(STAGES[self.stage]):
            return self._whole(writer, 200, "application/json", b'{"data":[{"id":"canned"}]}')
        if self.canned.fault is None:
            return await self._good(request, writer)
        match self.canned.fault:
            case "slow first byte":
                await asyncio.sleep(NEVER_SECONDS)
            case "stalled stream" | "cut stream" as fault:
                await self._begin(request, writer)
                if fault == "stalled stream":
                    await asyncio.sleep(NEVER_SECONDS)
                raise ConnectionResetError
            case "junk":
                kind = "text/html" if self.stage == "voice" else self._type
                self._whole(writer, 200, kind, b"\x00\xff<html><p>It works!</p></html>{{{" * 40)
            case "429 with Retry-After":
                self._whole(writer, 429, "application/json", b"{}", f"Retry-After: {RETRY_AFTER_SECONDS}\r\n")
            case "500":
                self._whole(writer, 500, "text/plain", b"Internal Server Error")
            case "wrong format":
                self._whole(writer, 200, "video/mp4", b"\x00\x00\x00\x18ftypmp42" * 400)
            case "endless answer":
                await self._endless(request, writer)

    # What is good.

    async def _good(self, request: Request, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(self.canned.first_seconds)
        if self.stage == "recogniser":
            request.first_byte = time.monotonic()
            return self._whole(writer, 200, "application/json", json.dumps({"text": self._text(request)}).encode())
        self._head(writer, 200, self._type)
        for piece in self._pieces(request):
            self._chunk(writer, piece)
            await writer.drain()
            request.pieces.append(time.monotonic())
            request.first_byte = request.pieces[0]
            await asyncio.sleep(self.canned.each_seconds)
        self._leave(request)
        writer.write(b"0\r\n\r\n")

    def _text(self, request: Request) -> str:
        return self.words(request.body) if self.words else self.canned.text

    def _pieces(self, request: Request) -> list[bytes]:
        if self.stage == "language":
            words = self._text(request).split(" ")
            chunks = [{"choices": [{"delta": {"content": word + (" " if place + 1 < len(words) else "")}}]}
                      for place, word in enumerate(words)]
            chunks.append({"choices": [{"delta": {}, "finish_reason": "stop"}]})
            chunks.append({"choices": [], "usage": {"prompt_tokens": 10, "completion_tokens": len(words)}})
            return [f"data: {json.dumps(chunk)}\n\n".encode() for chunk in chunks] + [b"data: [DONE]\n\n"]
        seconds = len(json.loads(request.body)["input"]) * self.canned.seconds_per_character
        count = max(1, math.ceil(seconds / self.canned.piece_seconds))
        return [tone(self.canned.piece_seconds)] * count

    # What is not.

    async def _begin(self, request: Request, writer: asyncio.StreamWriter) -> None:
        """The first part of a good answer."""
        if self.stage == "recogniser":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 400\r\n\r\n{\"text\": \"Well")
        else:
            self._head(writer, 200, self._type)
            for piece in self._pieces(request)[:2]:
                self._chunk(writer, piece)
        await writer.drain()
        request.first_byte = time.monotonic()

    async def _endless(self, request: Request, writer: asyncio.StreamWriter) -> None:
        self._head(writer, 200, self._type)
        if self.stage == "recogniser":
            self._chunk(writer, b'{"text": "')
        number = 0
        while True:
            number += 1
            if self.stage == "voice":
                piece = tone(1)
            elif self.stage == "recogniser":
                piece = b"and on and on " * 4_000
            else:
                words = f"This is sentence number {number} of very many. "
                piece = f"data: {json.dumps({'choices': [{'delta': {'content': words}}]})}\n\n".encode()
            self._chunk(writer, piece)
            await writer.drain()
            # Writing alone lets nobody else in while there is room.
            await asyncio.sleep(0)
            request.first_byte = request.first_byte or time.monotonic()

    # HTTP.

    @property
    def _type(self) -> str:
        return {"language": "text/event-stream", "recogniser": "application/json", "voice": "audio/pcm"}[self.stage]

    def _whole(self, writer: asyncio.StreamWriter, status: int, kind: str, body: bytes, headers: str = "") -> None:
        head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)

    def _head(self, writer: asyncio.StreamWriter, status: int, kind: str) -> None:
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())

    def _chunk(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")


@functools.cache
def tone(seconds: float) -> bytes:
    """A quiet 400 Hz, mono int16 at 24 kHz."""
    samples = (int(4_000 * math.sin(2 * math.pi * 400 * n / RATE)) for n in range(int(seconds * RATE)))
    return b"".join(struct.pack("<h", sample) for sample in samples)


@contextlib.asynccontextmanager
async def servers(*wanted: CannedServer):
    for server in wanted:
        await server.start()
    try:
        yield wanted
    finally:
        for server in wanted:
            with contextlib.suppress(Exception):
                await server.stop()
