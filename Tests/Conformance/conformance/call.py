"""A session over WebRTC, placed by aiortc: events on the data channel, sound as RTP."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import aioice.ice
import av
import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription, rtp
from aiortc.mediastreams import MediaStreamError

from . import http, sound
from .session import Closed, Session

RATE = 48_000
FRAME = RATE // 50
CONNECT_SECONDS = 20
# aiortc leaves out loopback: tell it the one address to use.
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]
# The level it computes sample by sample in Python is most of what a call costs here, and nobody reads it.
rtp.compute_audio_level_dbov = lambda frame: -30


class Microphone(MediaStreamTrack):
    """20 ms a time at the pace of the clock: what is queued, silence otherwise, nothing before `on` is set."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self.on = asyncio.Event()
        self._queued = np.zeros(0, np.int16)
        self._start: float | None = None
        self._sent = 0

    def queue(self, samples: np.ndarray) -> None:
        self._queued = np.concatenate([self._queued, samples])
        self.on.set()

    @property
    def is_empty(self) -> bool:
        return len(self._queued) == 0

    async def recv(self) -> av.AudioFrame:
        await self.on.wait()
        self._start = self._start or time.monotonic()
        await asyncio.sleep(max(0.0, self._start + self._sent / RATE - time.monotonic()))
        samples, self._queued = self._queued[:FRAME], self._queued[FRAME:]
        samples = np.pad(samples, (0, FRAME - len(samples)))
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._sent, Fraction(1, RATE)
        self._sent += FRAME
        return frame


class Call(Session):
    """Opened and closed by `async with`. `session` is what the form says; without `place` the offer, changed by
    `edit`, is posted as a form."""

    def __init__(
        self,
        base: str,
        key: str | None = None,
        session: dict[str, Any] | None = None,
        model: str = "gpt-realtime",
        place: Any = None,
        wait: bool = True,
        ca: str | None = None,
        channel: str = "oai-events",
        edit: Callable[[str], str] = str,
    ) -> None:
        super().__init__("webrtc")
        self._base, self._key, self._ca, self._place, self._wait = base, key, ca, place, wait
        self._form = {"type": "realtime", "model": model} | (session or {})
        self._channel_name, self._edit = channel, edit
        # When a frame came, its samples, how long it is.
        self.heard: list[tuple[float, np.ndarray, float]] = []
        self.location = ""

    async def __aenter__(self) -> Call:
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.microphone = Microphone()
        self.connection.addTrack(self.microphone)
        self.connection.on("track", self._listen)
        self.channel = self.connection.createDataChannel(self._channel_name)
        opened = asyncio.Event()
        self.channel.on("open", opened.set)
        self.channel.on("close", lambda: self.arrivals.put_nowait(Closed()))
        self.channel.on("message", self.arrivals.put_nowait)
        await self.connection.setLocalDescription(await self.connection.createOffer())
        self.offer = self._edit(self.connection.localDescription.sdp)
        self.watch.max_bytes = self.max_message_size
        self.reply = await (self._place or self._post)(self.offer)
        assert self.reply.status == 201, f"{self.reply.status}: {self.reply.body[:300]!r}"
        self.location = self.reply.headers.get("location", "")
        await self.connection.setRemoteDescription(RTCSessionDescription(self.reply.body.decode(), "answer"))
        try:
            await asyncio.wait_for(opened.wait(), CONNECT_SECONDS)
        except TimeoutError:
            raise AssertionError(f"no data channel: {self.connection.connectionState}") from None
        if self._wait:
            self.session = await self.created()
        return self

    async def __aexit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self._drain()
        await self.connection.close()

    @property
    def id_of_call(self) -> str:
        return self.location.rsplit("/", 1)[-1]

    @property
    def max_message_size(self) -> int:
        """What the client said it takes (RFC 8841)."""
        lines = [line for line in self.offer.splitlines() if line.startswith("a=max-message-size:")]
        return int(lines[0].split(":")[1]) if lines else 65_536

    async def hear(self, seconds: float, kind: str = "speech") -> None:
        """Returns when it has been said."""
        self.microphone.queue(sound.take(kind, seconds, RATE))
        while not self.microphone.is_empty:
            await asyncio.sleep(0.02)

    def level(self, since: float, until: float | None = None) -> float:
        """Loudness of what came since (and until) a time of the clock, as root mean square."""
        parts = [samples for at, samples, _ in self.heard if at >= since and (until is None or at < until)]
        return sound.level(np.concatenate(parts)) if parts else 0.0

    def loud_seconds(self, since: float = 0.0) -> float:
        """How long the sound that came since then was more than silence."""
        return sum(seconds for at, samples, seconds in self.heard if at >= since and sound.level(samples) > 100)

    async def _write(self, data: str | bytes) -> None:
        if self.channel.readyState != "open":
            raise Closed()
        self.channel.send(data)

    async def _post(self, sdp: str) -> http.Reply:
        body, headers = http.multipart(
            ("sdp", "application/sdp", sdp), ("session", "application/json", json.dumps(self._form))
        )
        return await http.request(f"{self._base}/v1/realtime/calls", "POST", body, self._key, headers, self._ca)

    def _listen(self, track: MediaStreamTrack) -> None:
        self._listener = asyncio.ensure_future(self._keep(track))

    async def _keep(self, track: MediaStreamTrack) -> None:
        try:
            while True:
                frame = await track.recv()
                channels = len(frame.layout.channels)
                samples = frame.to_ndarray().reshape(-1, channels)[:, 0]
                self.heard.append((time.monotonic(), samples, len(samples) / frame.sample_rate))
        except MediaStreamError:
            return

    def _drain(self) -> None:
        """Frames that no check asked for must keep the rules too."""
        while not self.arrivals.empty():
            arrival = self.arrivals.get_nowait()
            if isinstance(arrival, str):
                self.watch.take(json.loads(arrival), len(arrival.encode()))
