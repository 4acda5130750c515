"""A caller made of aiortc whose microphone hears what the test says, and the answer itself where an echo is wanted."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.request
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from fractions import Fraction

import av
import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError

from interop.aiortc_peer import use_address

RATE = 48_000
FRAME = RATE // 50
CONNECT_SECONDS = 20
# Of the sound of one answer.
LONGEST_SECONDS = 60
# Louder than the noise of a room and than silence coded by Opus.
AUDIBLE = 60.0
# An echo later than this is left out, in seconds.
LATEST = 0.1
# What a loudspeaker in a room adds to an echo beside the direct sound: delays in samples, and gains.
REFLECTIONS = ((0, 1.0), (311, 0.4), (745, -0.3), (1_410, 0.2))


class Microphone(MediaStreamTrack):
    """A quiet room, in which clips are played and the answer may come back, at the pace of the clock."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._random = np.random.default_rng(7)
        self._sent = 0
        self._start: float | None = None
        self._clip = np.zeros(0, np.int16)
        # Gain and delay of the echo; None for headphones.
        self.echo: tuple[float, float] | None = None
        self._answer: deque[tuple[float, np.ndarray]] = deque(maxlen=200)
        self._room = np.zeros(0)

    def play(self, clip: np.ndarray) -> float:
        """Mixes it in from the next frame on; when that leaves, on time.monotonic's clock."""
        self._clip = clip
        return (self._start or 0) + self._sent / RATE

    def hear(self, frame: np.ndarray, at: float) -> None:
        self._answer.append((at, frame))

    async def recv(self) -> av.AudioFrame:
        self._start = self._start or time.monotonic()
        await asyncio.sleep(max(0.0, self._start + self._sent / RATE - time.monotonic()))
        sound = self._random.standard_normal(FRAME) * 3 + self._echoed(time.monotonic())
        part, self._clip = self._clip[:FRAME], self._clip[FRAME:]
        sound[: len(part)] += part
        frame = av.AudioFrame.from_ndarray(
            np.clip(sound, -32768, 32767).astype(np.int16).reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._sent, Fraction(1, RATE)
        self._sent += FRAME
        return frame

    def _echoed(self, now: float) -> np.ndarray:
        """The next frame of the answer that is due to come back."""
        if not self.echo:
            return np.zeros(FRAME)
        gain, delay = self.echo
        room = np.zeros(FRAME + REFLECTIONS[-1][0])
        room[: len(self._room)] = self._room
        # What came before there was an echo is over.
        while self._answer and self._answer[0][0] + delay < now - LATEST:
            self._answer.popleft()
        if self._answer and self._answer[0][0] + delay <= now:
            _, frame = self._answer.popleft()
            for place, share in REFLECTIONS:
                part = room[place : place + len(frame)]
                part += gain * share * frame[: len(part)]
        self._room = room[FRAME:]
        return room[:FRAME]


class Phone:
    """One call: what was said of it in events, and its answers: when they were audible, and as they sounded."""

    def __init__(self) -> None:
        self.microphone = Microphone()
        self.events: list[tuple[float, dict]] = []
        self.last_audible = 0.0
        # Mono at 48 kHz, each frame with its place; nothing while nothing is sent, or where packets were lost.
        self.sound: list[tuple[int, np.ndarray]] = []
        self._changed = asyncio.Event()
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._connection.addTrack(self.microphone)
        self._connection.on("track", self._listen)
        self._channel = self._connection.createDataChannel("oai-events")
        self._channel.on("message", self._take)
        self._open = asyncio.Event()
        self._channel.on("open", self._open.set)
        self._listener: asyncio.Task[None] | None = None

    async def place(self, url: str, model: str | None = None, key: str | None = None) -> None:
        await self._connection.setLocalDescription(await self._connection.createOffer())
        request = urllib.request.Request(
            f"{url}/v1/realtime/calls" + (f"?model={model}" if model else ""), self._connection.localDescription.sdp.encode(),
            {"Content-Type": "application/sdp"} | ({"Authorization": f"Bearer {key}"} if key else {}))
        reply = await asyncio.to_thread(lambda: urllib.request.urlopen(request).read().decode())
        await self._connection.setRemoteDescription(RTCSessionDescription(reply, "answer"))
        await asyncio.wait_for(self._open.wait(), CONNECT_SECONDS)

    async def close(self) -> None:
        if self._listener:
            self._listener.cancel()
        await self._connection.close()

    def heard(self) -> np.ndarray:
        """What came since `sound` was emptied, int16, with silence where nothing came."""
        frames = sorted(self.sound, key=lambda one: one[0])
        if not frames:
            return np.zeros(0, np.int16)
        first, (last, samples) = frames[0][0], frames[-1]
        whole = np.zeros(min(last - first + len(samples), LONGEST_SECONDS * RATE), np.int16)
        for place, frame in frames:
            into = whole[place - first : place - first + len(frame)]
            into[:] = frame[: len(into)]
        return whole

    def send(self, **event: object) -> None:
        self._channel.send(json.dumps(event))

    async def wait(self, *types: str, since: float, seconds: float) -> tuple[float, str] | None:
        """When the first event of one of the types came after an instant, and which; None when none comes in time."""
        deadline = time.monotonic() + seconds
        while True:
            for at, event in self.events:
                if at >= since and event["type"] in types:
                    return at, event["type"]
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), left)
            except TimeoutError:
                pass

    def _take(self, message: str) -> None:
        event = json.loads(message)
        assert event["type"] != "error", event["error"]["message"]
        self.events.append((time.monotonic(), event))
        self._changed.set()

    def _listen(self, track: MediaStreamTrack) -> None:
        self._listener = asyncio.ensure_future(self._hear(track))

    async def _hear(self, track: MediaStreamTrack) -> None:
        try:
            while True:
                frame = await track.recv()
                samples = frame.to_ndarray().reshape(-1, len(frame.layout.channels))[:, 0].astype(float)
                now = time.monotonic()
                self.microphone.hear(samples, now)
                self.sound.append((frame.pts, samples))
                if np.sqrt(np.mean(samples**2)) > AUDIBLE:
                    self.last_audible = now
        except MediaStreamError:
            return


@asynccontextmanager
async def call(url: str, model: str | None = None, key: str | None = None) -> AsyncIterator[Phone]:
    use_address("127.0.0.1")
    phone = Phone()
    try:
        await phone.place(url, model, key)
        yield phone
    finally:
        await phone.close()
