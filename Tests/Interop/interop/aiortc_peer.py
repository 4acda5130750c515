"""A caller made of aiortc: sends the speech over and over, keeps what comes back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from fractions import Fraction
from typing import TypeVar

import aioice.ice
import av
import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from scipy import signal
from scipy.io import wavfile

from .messages import Message
from .speech import SPEECH, Recording

T = TypeVar("T")

RATE = 48_000
FRAME = RATE // 50
LIMIT_SECONDS = 20
RECORDED_SECONDS = 8
# Frames come every 20 ms. Moving to another address takes 200 ms and a round trip at least.
INTERRUPTION_SECONDS = 0.2
# Of 32,767: more than silence.
LOUD = 500


def use_address(address: str) -> None:
    """aiortc leaves out loopback: tell it the one address to use."""
    aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: [address]


class SpeechTrack(MediaStreamTrack):
    """The speech file in a loop, 20 ms of 48 kHz mono a time, at the pace of the clock."""

    kind = "audio"

    def __init__(self, quiet: bool = False) -> None:
        """`quiet`: silence but for what `say` is told."""
        super().__init__()
        self._quiet = quiet
        self._says_until = 0
        rate, samples = wavfile.read(SPEECH)
        self._samples = np.round(signal.resample_poly(samples.astype(float), RATE // rate, 1)).astype(np.int16)
        self._sent = 0
        self.start: float | None = None

    async def recv(self) -> av.AudioFrame:
        if self.start is None:
            self.start = time.monotonic()
        await asyncio.sleep(max(0.0, self.start + self._sent / RATE - time.monotonic()))
        samples = self.sent_from(self._sent, FRAME)
        if self._quiet and self._sent >= self._says_until:
            samples = np.zeros_like(samples)
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, self._sent, Fraction(1, RATE)
        self._sent += FRAME
        return frame

    def say(self, seconds: float) -> None:
        self._says_until = self._sent + int(seconds * RATE)

    def sent_from(self, start: int, count: int) -> np.ndarray:
        return np.take(self._samples, range(start, start + count), mode="wrap")


class AiortcPeer:
    """One call. `setup` becomes the offer's DTLS role: actpass, active or passive."""

    def __init__(self, setup: str = "actpass", quiet: bool = False) -> None:
        self._setup = setup
        self._track = SpeechTrack(quiet)
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._connection.addTrack(self._track)
        self._connection.on("track", self._keep)
        self._channel = self._connection.createDataChannel("oai-events")
        self._opened = asyncio.Event()
        self._closed = asyncio.Event()
        self._received_messages: asyncio.Queue[Message] = asyncio.Queue()
        self._channel.on("open", self._opened.set)
        self._channel.on("close", self._closed.set)
        self._channel.on("message", self._received_messages.put_nowait)
        self._chunks: list[np.ndarray] = []
        self._first_arrival: float | None = None
        self._last_arrival: float | None = None
        self._gaps: asyncio.Queue[float] = asyncio.Queue()
        self._flows = asyncio.Event()
        self._enough = asyncio.Event()
        self._came = asyncio.Event()
        self._loud_seconds = 0.0
        self._keeper: asyncio.Task[None] | None = None

    async def offer(self) -> str:
        await self._connection.setLocalDescription(await self._connection.createOffer())
        if self._setup != "actpass":
            # The role counts for this side too: aiortc takes it from the answer, which follows the offer.
            return self._connection.localDescription.sdp.replace("a=setup:actpass", f"a=setup:{self._setup}")
        return self._connection.localDescription.sdp

    async def accept(self, answer: str) -> None:
        await self._connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        await self._within(self._opened.wait(), "the data channel opening")

    async def exchange(self, message: Message) -> Message:
        self.send(message)
        return await self.message()

    def send(self, message: Message) -> None:
        self._channel.send(message)

    async def message(self) -> Message:
        return await self._within(self._received_messages.get(), "a message coming back")

    def remote_address(self) -> str:
        """Where the pair that ICE chose leads."""
        return self._connection.sctp.transport.transport._connection._nominated[1].remote_addr[0]

    def forget(self) -> None:
        """What came so far: the recording starts anew."""
        self._chunks, self._first_arrival = [], None
        self._loud_seconds = 0.0
        self._flows.clear()
        self._enough.clear()

    async def record(self) -> Recording:
        """The first seconds of the call, or since `forget`."""
        await self._within(self._enough.wait(), "sound coming back")
        received = np.concatenate(self._chunks)
        # The first frame ends where it arrives.
        offset = int((self._first_arrival - self._track.start) * RATE) - len(self._chunks[0])
        return Recording(RATE, self._track.sent_from(offset, len(received)), received)

    async def flowing(self) -> None:
        """Waits for a second of sound; interruptions so far are forgotten."""
        self.forget()
        await self._within(self._flows.wait(), "a second of sound")
        while not self._gaps.empty():
            self._gaps.get_nowait()

    async def gap(self) -> float:
        """Waits for the end of an interruption and returns how many seconds it took, as the ear has it."""
        return await self._within(self._gaps.get(), "sound coming back after an interruption")

    def say(self, seconds: float) -> None:
        """The speech, for so long from now on; of a peer that is quiet otherwise."""
        self._track.say(seconds)

    async def heard(self, seconds: float) -> None:
        """Returns once so much sound has come that is no silence."""
        await self._within(self._wait_for_sound(seconds), f"{seconds} s of sound")

    async def _wait_for_sound(self, seconds: float) -> None:
        while self._loud_seconds < seconds:
            self._came.clear()
            await self._came.wait()

    async def ended(self) -> None:
        """Waits for the other side to end the call."""
        await self._within(self._closed.wait(), "the other side closing the data channel")

    async def close(self) -> None:
        if self._keeper:
            self._keeper.cancel()
        await self._connection.close()

    async def _within(self, event: Awaitable[T], what: str) -> T:
        try:
            return await asyncio.wait_for(event, LIMIT_SECONDS)
        except TimeoutError:
            states = f"ICE {self._connection.iceConnectionState}, connection {self._connection.connectionState}"
            raise AssertionError(f"not within {LIMIT_SECONDS} s: {what} ({states})") from None

    def _keep(self, track: MediaStreamTrack) -> None:
        self._keeper = asyncio.ensure_future(self._keep_frames(track))

    async def _keep_frames(self, track: MediaStreamTrack) -> None:
        try:
            while True:
                frame = await track.recv()
                assert frame.sample_rate == RATE, frame.sample_rate
                now = time.monotonic()
                if self._last_arrival is not None and now - self._last_arrival > INTERRUPTION_SECONDS:
                    self._gaps.put_nowait(now - self._last_arrival)
                self._last_arrival = now
                if np.abs(frame.to_ndarray()).max() > LOUD:
                    self._loud_seconds += FRAME / RATE
                self._came.set()
                if self._enough.is_set():
                    continue
                self._first_arrival = self._first_arrival or now
                self._chunks.append(frame.to_ndarray().reshape(-1, len(frame.layout.channels))[:, 0])
                if len(self._chunks) >= RATE // FRAME:
                    self._flows.set()
                if sum(map(len, self._chunks)) >= RECORDED_SECONDS * RATE:
                    self._enough.set()
        except MediaStreamError:
            return
