"""A session over a WebSocket."""

from __future__ import annotations

import asyncio
import base64
import ssl
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode

from . import sound
from .session import Closed, Session

CHUNK_SECONDS = 0.1


class CountingConnection(ClientConnection):
    """Keeps count of the pings that came."""

    pings = 0

    def process_event(self, event: Any) -> None:
        if isinstance(event, Frame) and event.opcode is Opcode.PING:
            self.pings += 1
        super().process_event(event)


class WebSocketSession(Session):
    """Opened and closed by `async with`; `created` has been awaited unless `wait=False`."""

    def __init__(
        self,
        url: str,
        key: str | None = None,
        headers: dict[str, str] | None = None,
        ca: str | None = None,
        wait: bool = True,
        beta: bool = False,
        kind: str = "websocket",
        late: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(kind, beta)
        self.watch.late = late
        self._url, self._wait, self._options = url, wait, options
        self._headers = dict(headers or {}) | ({"Authorization": f"Bearer {key}"} if key else {})
        if ca:
            self._options["ssl"] = ssl.create_default_context(cafile=ca)
        self.format = "audio/pcm"
        self.frames = 0

    async def __aenter__(self) -> WebSocketSession:
        options = {"compression": None, "max_size": None, "ping_interval": None} | self._options
        self.socket = await connect(
            self._url, additional_headers=self._headers, create_connection=CountingConnection, **options
        )
        self._reader = asyncio.ensure_future(self._read())
        if self._wait:
            self.session = await self.created()
        return self

    async def __aexit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._drain()
        self._reader.cancel()
        try:
            await self.socket.close()
        except AttributeError:
            # The package trips over a connection that was lost in the middle of a large frame.
            pass

    async def _write(self, data: str | bytes) -> None:
        try:
            await self.socket.send(data)
        except (ConnectionClosed, AttributeError) as closed:
            # The package trips over a connection that is lost in the middle of a large frame.
            if isinstance(closed, AttributeError):
                raise Closed() from None
            raise Closed(closed.rcvd.code if closed.rcvd else None, closed.rcvd.reason if closed.rcvd else "") from None

    async def append(self, samples: Any) -> None:
        """Sends sound at 24 kHz (PCM) or 8 kHz (G.711), 100 ms a time."""
        rate = sound.RATE if self.format == "audio/pcm" else 8000
        step = int(rate * CHUNK_SECONDS)
        for start in range(0, len(samples), step):
            await self.send("input_audio_buffer.append", audio=sound.encode(samples[start : start + step], self.format))

    async def hear(self, seconds: float, kind: str = "speech") -> None:
        await self.append(sound.take(kind, seconds, sound.RATE if self.format == "audio/pcm" else 8000))

    def audio(self) -> bytes:
        """All audio that came."""
        names = ("response.output_audio.delta", "response.audio.delta")
        return b"".join(base64.b64decode(event["delta"]) for event in self.watch.events if event["type"] in names)

    async def _read(self) -> None:
        try:
            async for frame in self.socket:
                self.frames += 1
                self.arrivals.put_nowait(frame)
            close = self.socket.close_code, self.socket.close_reason
        except ConnectionClosed as closed:
            close = closed.rcvd.code if closed.rcvd else None, closed.rcvd.reason if closed.rcvd else ""
        self.arrivals.put_nowait(Closed(close[0], close[1] or ""))

    def _drain(self) -> None:
        """Frames that no check asked for must keep the rules too."""
        import json

        while not self.arrivals.empty():
            arrival = self.arrivals.get_nowait()
            if isinstance(arrival, str):
                self.watch.take(json.loads(arrival), len(arrival.encode()))
