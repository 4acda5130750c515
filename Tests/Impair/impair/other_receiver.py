"""aiortc in the gateway's place on the media path: it takes calls by WebRTC, and passes what it decoded to a session of the gateway
over WebSocket. What its receiver makes of a bad network can then be compared, by the same peer, recogniser and words."""

from __future__ import annotations

import asyncio
import base64
import json
import threading
import time
import uuid
from collections.abc import Coroutine
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import av
import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCDataChannel, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from . import paths  # noqa: F401
from .listener import COMPLETED, EVENT_RATE, Listening, sounds_of
from interop.aiortc_peer import use_address

FRAME = EVENT_RATE // 50
SETUP_SECONDS = 20


class OtherReceiver:
    """`url` takes offers as the gateway does."""

    def __init__(self, gateway: str) -> None:
        self._gateway = gateway
        self._calls: dict[str, _Call] = {}
        self._loop = asyncio.new_event_loop()
        use_address("127.0.0.1")
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> OtherReceiver:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        for call in self._calls.values():
            self._wait(call.close())
        self._loop.call_soon_threadsafe(self._loop.stop)

    def listen(self, _: str, call: str) -> Listening:
        """What `Listener` is for a call of the gateway's own."""
        return self._calls[call]

    def _wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(SETUP_SECONDS)

    def _handler(receiver) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                offer = self.rfile.read(int(self.headers["Content-Length"])).decode()
                model = parse_qs(urlsplit(self.path).query)["model"][0]
                call = _Call(f"ws{receiver._gateway.removeprefix('http')}/v1/realtime?model={model}")
                answer = receiver._wait(call.answer(offer)).encode()
                location = f"/v1/realtime/calls/{uuid.uuid4()}"
                receiver._calls[location] = call
                self.send_response(201)
                self.send_header("Content-Type", "application/sdp")
                self.send_header("Content-Length", str(len(answer)))
                self.send_header("Location", location)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                """The gateway's log is enough."""

        return Handler


class _Call:
    """One peer, one session of the gateway."""

    def __init__(self, address: str) -> None:
        self.sounds: list[np.ndarray] = []
        self._address = address
        self._over = threading.Event()
        self._peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._voice = _Voice(self._tell)
        self._events: RTCDataChannel | None = None
        self._opened = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def finish(self) -> None:
        self._over.wait(timeout=10)

    async def answer(self, offer: str) -> str:
        self._peer.on("track", lambda track: self._start(self._hear(track)))
        self._peer.on("datachannel", self._open)
        await self._peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        self._peer.addTrack(self._voice)
        await self._peer.setLocalDescription(await self._peer.createAnswer())
        self._session: ClientConnection = await connect(self._address, max_size=None)
        self._start(self._pass_events())
        return self._peer.localDescription.sdp

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await self._session.close()
        await self._peer.close()
        self._over.set()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.ensure_future(work))

    def _open(self, channel: RTCDataChannel) -> None:
        self._events = channel
        channel.on("message", lambda text: self._start(self._session.send(text)))
        channel.on("close", lambda: self._start(self.close()))
        self._opened.set()

    def _tell(self, kind: str) -> None:
        if self._events and self._events.readyState == "open":
            self._events.send(json.dumps({"type": kind, "event_id": f"event_{uuid.uuid4().hex}"}))

    async def _hear(self, track: MediaStreamTrack) -> None:
        """What aiortc decoded, as it comes: what it does not make up is missing."""
        resampler = av.AudioResampler(format="s16", layout="mono", rate=EVENT_RATE)
        await self._opened.wait()
        try:
            while True:
                for frame in resampler.resample(await track.recv()):
                    sound = base64.b64encode(frame.to_ndarray().tobytes()).decode()
                    await self._session.send(json.dumps({"type": "input_audio_buffer.append", "audio": sound}))
        except (MediaStreamError, ConnectionClosed):
            return

    async def _pass_events(self) -> None:
        await self._opened.wait()
        try:
            async for text in self._session:
                await self._pass(json.loads(text), str(text))
        except ConnectionClosed:
            return

    async def _pass(self, event: dict[str, Any], text: str) -> None:
        match event["type"]:
            case "response.output_audio.delta": self._voice.add(base64.b64decode(event["delta"]))
            case "conversation.item.retrieved": self.sounds += sounds_of(event)
            case kind:
                if self._events and self._events.readyState == "open":
                    self._events.send(text)
                if kind == "response.output_audio.done":
                    self._voice.finish()
                if kind == COMPLETED:
                    await self._session.send(
                        json.dumps({"type": "conversation.item.retrieve", "item_id": event["item_id"]}))


class _Voice(MediaStreamTrack):
    """The answer at the pace of the clock, silence where there is none."""

    kind = "audio"

    def __init__(self, tell: Any) -> None:
        super().__init__()
        self._tell = tell
        self._sound = bytearray()
        self._playing = self._complete = False
        self._sent = 0
        self._start: float | None = None

    def add(self, sound: bytes) -> None:
        self._sound += sound
        self._complete = False
        if not self._playing:
            self._playing = True
            self._tell("output_audio_buffer.started")

    def finish(self) -> None:
        self._complete = True

    async def recv(self) -> av.AudioFrame:
        self._start = self._start or time.monotonic()
        await asyncio.sleep(max(0.0, self._start + self._sent / EVENT_RATE - time.monotonic()))
        part = bytes(self._sound[: FRAME * 2])
        del self._sound[: FRAME * 2]
        if self._playing and self._complete and not self._sound:
            self._playing = False
            self._tell("output_audio_buffer.stopped")
        samples = np.frombuffer(part.ljust(FRAME * 2, b"\0"), "<i2")
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = EVENT_RATE, self._sent, Fraction(1, EVENT_RATE)
        self._sent += FRAME
        return frame
