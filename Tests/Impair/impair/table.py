"""The table: one row per network, every seed a call of its own, all of a row at once."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from . import paths  # noqa: F401
from .calls import Outcome
from .front import Front
from .other_receiver import OtherReceiver
from .path import Conditions
from converse.recordings import Utterance
from converse.words import interval

# Samples of the gateway's decoder per second.
GATEWAY_RATE = 24_000
HELD = re.compile(r'^gateway_packets_held_total\{up_to_ms="(\w+)"\} (\d+)', re.MULTILINE)
CONCEALED = re.compile(r"^gateway_concealed_samples_total (\d+)", re.MULTILINE)
RECEIVED = re.compile(r'^gateway_packets_total\{direction="in",kind="rtp"\} (\d+)', re.MULTILINE)

NETWORKS = {
    "clean": Conditions(),
    "1 % lost": Conditions(loss=0.01),
    "5 % lost": Conditions(loss=0.05),
    "10 % lost": Conditions(loss=0.1),
    "20 % lost": Conditions(loss=0.2),
    "30 % lost": Conditions(loss=0.3),
    "10 % lost in bursts": Conditions(loss=0.1, bursts=True),
    "20 ms jitter": Conditions(jitter_ms=20),
    "60 ms jitter": Conditions(jitter_ms=60),
    "150 ms jitter": Conditions(jitter_ms=150),
    "everything": Conditions(loss=0.05, bursts=True, jitter_ms=30, reordered=0.03, duplicated=0.01),
    "48 kbit/s": Conditions(rate_kbps=48),
    "nothing at first": Conditions(lost_first=3),
}
# The last one: libnice by itself gives a path up after three checks.
SHORT = ["clean", "20 % lost", "10 % lost in bursts", "everything", "nothing at first"]


@dataclass
class Measured:
    network: str
    outcomes: list[Outcome]
    # Upper edges of the bands, ms, that half and 95 % of the packets decoded by the gateway were held at most.
    held: tuple[str, str]
    concealed_share: float

    def errors(self) -> dict[tuple[int, str], tuple[int, int]]:
        """Wrong words and words by call and utterance."""
        return {(seed, one.name): (one.wrong, one.words) for seed, call in enumerate(self.outcomes) for one in call.heard}


@dataclass
class Readings:
    held: dict[str, int] = field(default_factory=dict)
    concealed: int = 0
    received: int = 0

    @staticmethod
    def of(gateway: str) -> Readings:
        with urllib.request.urlopen(f"{gateway}/metrics", timeout=10) as response:
            text = response.read().decode()
        single = [int(found[1]) if (found := pattern.search(text)) else 0 for pattern in (CONCEALED, RECEIVED)]
        return Readings({edge: int(count) for edge, count in HELD.findall(text)}, *single)


Call = Callable[[Front, list[Utterance], np.ndarray], Outcome]


def measure(
    gateway: str, network: str, seeds: int, call: Call, material: list[list[Utterance]], answer: np.ndarray,
    without: frozenset[str], at_once: int, other: OtherReceiver | None = None,
) -> Measured:
    """One row: `seeds` calls, `at_once` of them at a time; call n says `material[n]`. `other` takes the calls for the gateway."""
    before = Readings.of(gateway)
    conditions = NETWORKS[network]

    def one(seed: int) -> Outcome:
        place = Front(gateway, conditions, conditions, seed, without) if other is None else Front(
            other.url, conditions, conditions, seed, without, other.listen)
        with place as front:
            return call(front, material[seed % len(material)], answer)

    with ThreadPoolExecutor(at_once) as pool:
        outcomes = list(pool.map(one, range(seeds)))
    after = Readings.of(gateway)
    received = after.received - before.received
    # Frames of 20 ms.
    share = (after.concealed - before.concealed) / max(1, (after.concealed - before.concealed) + received * GATEWAY_RATE // 50)
    return Measured(network, outcomes, (percentile(before, after, 50), percentile(before, after, 95)), share)


def percentile(before: Readings, after: Readings, percent: float) -> str:
    bands = {edge: after.held.get(edge, 0) - before.held.get(edge, 0) for edge in after.held}
    ordered = sorted(bands, key=lambda edge: float("inf") if edge == "more" else int(edge))
    total, seen = sum(bands.values()), 0
    for edge in ordered:
        seen += bands[edge]
        if total and seen >= percent / 100 * total:
            return f"> {ordered[-2]}" if edge == "more" else edge
    return "–"


@dataclass
class Difference:
    """Word errors of one row beside those of the clean one, the same calls and utterances of both."""

    words: int
    wrong: int
    wrong_clean: int
    points: float
    low: float
    high: float

    @staticmethod
    def of(row: Measured, clean: Measured) -> Difference | None:
        here, there = row.errors(), clean.errors()
        both = sorted(here.keys() & there.keys())
        if not both:
            return None
        lengths = np.array([here[key][1] for key in both])
        wrong, base = (np.array([errors[key][0] for key in both]) for errors in (here, there))
        low, high = interval(wrong - base, lengths)
        points = float((wrong - base).sum() / lengths.sum())
        return Difference(int(lengths.sum()), int(wrong.sum()), int(base.sum()), 100 * points, 100 * low, 100 * high)
