"""What the history says was heard of an interrupted answer, beside what a recording at the client holds of it.

Chromium's own buffer plays what came in. Where the recording stops is found by its likeness to the whole answer; where the voice happened
to pause then, any moment of that pause is right. How many words it holds is what another recogniser than the server's hears of it.
"""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from websockets.sync.client import connect

from . import paths  # noqa: F401
from .front import Front
from .path import Conditions
from .place import heard_until, next_sound
from converse import canned, recogniser, recordings
from converse.browser import Call, FirstPage
from converse.lab import Lab
from converse.recordings import RATE
from converse.words import errors, normalised

NETWORKS = {"clean": Conditions(), "20 ms jitter": Conditions(jitter_ms=20), "60 ms jitter": Conditions(jitter_ms=60)}
# p50 and p95 of how far the two lie apart, ms; None where the issue sets none.
BARS: dict[str, tuple[int | None, int]] = {"clean": (60, 100), "20 ms jitter": (60, 100), "60 ms jitter": (None, 200)}
WITHIN_ONE_WORD = 0.95
CALLS, TRIALS = 6, 14
AT_ONCE = 2
ENGINE = "interrupted"
ANSWER = (
    "The old lighthouse stands on a small island near the harbour. Every evening the keeper climbs the stairs and lights the lamp. "
    "Fishing boats come home before the storm, and children wave from the wall.")
# After the first sound; the answer is longer.
SECONDS = (0.4, 7.0)
# A word or two that interrupt, and how long what was sent may be on its way after that.
INTERRUPTION = "N_130"
STILL_COMING_MS = 700
EVENT_RATE = 24_000


@dataclass
class Interrupted:
    network: str
    # Kept less heard, in ms and in words, of each trial.
    ms: list[float] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    # Trials whose recording was too short or too unlike to tell.
    untold: int = 0
    failures: list[str] = field(default_factory=list)

    def missed(self) -> list[str]:
        if self.failures or not self.ms:
            return self.failures or [f"{self.network}: nothing was told"]
        middle, late = BARS[self.network]
        apart = np.abs(self.ms)
        found = [
            f"{self.network}: {percent} % lie {np.percentile(apart, percent):.0f} ms apart or less, not {bar}"
            for percent, bar in ((50, middle), (95, late)) if bar is not None and np.percentile(apart, percent) > bar]
        if self.share() < WITHIN_ONE_WORD:
            found.append(f"{self.network}: the transcript is within one word in {100 * self.share():.0f} % only")
        return found

    def share(self) -> float:
        return float(np.mean(np.abs(self.words) <= 1))

    def line(self) -> str:
        apart = np.abs(self.ms)
        trouble = f"; {len(self.failures)} failed: {self.failures[0]}" if self.failures else ""
        return (
            f"| {self.network}{trouble} | {len(self.ms)} | {np.percentile(apart, 50):.0f} | {np.percentile(apart, 95):.0f} "
            f"| {np.median(self.ms):+.0f} | {100 * self.share():.0f} % | {self.untold} |") if self.ms else f"| {self.network}{trouble} | 0 | | | | | |"


COLUMNS = "| network | interruptions | p50, ms apart | p95, ms apart | median, kept less heard, ms | within one word | untold |"


def measure(short: bool) -> Iterator[Interrupted]:
    clip = recordings.load(recordings.utterance(INTERRUPTION).path)
    with canned.model(ANSWER) as model, Lab(short).gateway(engines=[f"{ENGINE} language={model}"]) as server:
        reference = recordings.resampled(whole_answer(server.url), EVENT_RATE, RATE)
        for network, conditions in NETWORKS.items():
            row = Interrupted(network)

            def one(seed: int) -> None:
                with Front(server.url, conditions, conditions, seed) as front:
                    call(front, row, clip, reference, seed)

            with ThreadPoolExecutor(AT_ONCE) as pool:
                list(pool.map(one, range(1 if short else CALLS)))
            yield row


def whole_answer(url: str) -> np.ndarray:
    """The answer as the gateway sends it, mono int16 at 24 kHz."""
    pieces = []
    with connect(f"ws{url.removeprefix('http')}/v1/realtime?model={ENGINE}", max_size=None) as socket:
        socket.send(json.dumps({"type": "response.create"}))
        for text in socket:
            event = json.loads(text)
            if event["type"] == "response.output_audio.delta":
                pieces.append(base64.b64decode(event["delta"]))
            elif event["type"] == "response.done":
                assert event["response"]["status"] == "completed", event["response"]
                return np.frombuffer(b"".join(pieces), "<i2")
    raise AssertionError("the socket closed before the answer was whole")


def call(front: Front, row: Interrupted, clip: np.ndarray, reference: np.ndarray, seed: int) -> None:
    """One call of many interruptions, at moments that the seed tells."""
    moments = random.Random(seed)
    with FirstPage(f"{front.url}/?model={ENGINE}") as page:
        line = page.live_call()
        detection = {"type": "semantic_vad", "create_response": False}
        line.send({"type": "session.update", "session": {"type": "realtime", "audio": {"input": {"turn_detection": detection}}}})
        line.wait("session.updated", 2)
        for index in range(TRIALS):
            try:
                trial(line, row, clip, reference, index + 1, moments.uniform(*SECONDS))
            except (AssertionError, TimeoutError) as error:
                row.failures.append(f"{type(error).__name__}: {error}"[:200])
                return
        line.hang_up()


def trial(line: Call, row: Interrupted, clip: np.ndarray, reference: np.ndarray, number: int, after: float) -> None:
    line.sound()
    line.send({"type": "response.create"})
    line.wait("output_audio_buffer.started", number)
    line.page.wait_for_timeout(1000 * after)
    line.speak(clip)
    cut = line.wait("conversation.item.truncated", number, 10)
    line.page.wait_for_timeout(STILL_COMING_MS)
    line.send({"type": "conversation.item.retrieve", "item_id": cut["item_id"]})
    kept = line.wait("conversation.item.retrieved", number)["item"]["content"][0].get("transcript", "")
    sound = line.sound()
    end = heard_until(sound, reference)
    if end is None:
        row.untold += 1
        return
    at = cut["audio_end_ms"] * RATE // 1000
    row.ms.append(1000 * (at - min(max(at, end), next_sound(reference, end))) / RATE)
    row.words.append(len(normalised(kept)) - words_heard(sound))


def words_heard(sound: np.ndarray) -> int:
    """As many of the answer's first words as are most like what the other recogniser heard."""
    heard, answer = normalised(recogniser.another().hear(sound)), normalised(ANSWER)
    return min(range(len(answer) + 1), key=lambda count: errors(answer[:count], heard))
