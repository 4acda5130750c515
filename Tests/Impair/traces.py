#!/usr/bin/env python3
"""Writes the network traces that the receiver's tests play on virtual time (Tests/AudioPipelineTests/Fixtures).

A line for each packet that arrives, in order of arrival: its number and when it arrives, ms after the first was sent. Packets are 20 ms apart.
"""

from __future__ import annotations

from impair import paths
from impair.path import Conditions, Path

FRAME = 0.02
SIZE = 120
PACKETS = 1_000
# With it no burst is longer than what is concealed whole, 200 ms.
SEED = 3
# Of a link, at each chance, and the way that every packet has to go besides, seconds.
LINK_BYTES = 1500
WAY = 0.02
RECORDED = "umts-uplink"
FOLDER = paths.ROOT / "Tests/AudioPipelineTests/Fixtures"

CALM = Conditions(loss=0.02)
ROUGH = Conditions(loss=0.02, jitter_ms=60, reordered=0.1)
TRACES: dict[str, list[tuple[int, Conditions]]] = {
    "everything": [(PACKETS, Conditions(loss=0.05, bursts=True, jitter_ms=30, reordered=0.03, duplicated=0.01))],
    "reordering": [(PACKETS, Conditions(reordered=0.1))],
    # Packets 400 to 474 meet a burst of jitter.
    "burst": [(400, CALM), (75, ROUGH), (PACKETS - 475, CALM)],
}


def trace(phases: list[tuple[int, Conditions]], seed: int) -> str:
    arrivals, first = [], 0
    for count, conditions in phases:
        path = Path(conditions, seed)
        for number in range(first, first + count):
            arrivals += [(time, number) for time in path.send(number * FRAME, SIZE)]
        first += count
    return "".join(f"{number} {time * 1000:.3f}\n" for time, number in sorted(arrivals))


def recorded(name: str) -> str:
    """Packets through a recorded link: each line's numbers are the ms at which it took up to `LINK_BYTES`, from a queue without end."""
    chances = [int(word) / 1000 for word in (FOLDER / f"{name}.link").read_text().split()]
    lines, room = [], 0
    chance = -1
    for number in range(int(chances[-1] / FRAME)):
        sent = number * FRAME
        while room < SIZE or chances[chance] < sent:
            chance += 1
            if chance == len(chances):
                return "".join(lines)
            room = LINK_BYTES
        room -= SIZE
        lines.append(f"{number} {(chances[chance] + WAY) * 1000:.3f}\n")
    return "".join(lines)


(FOLDER / f"{RECORDED}.trace").write_text(recorded(RECORDED))
for name, phases in TRACES.items():
    (FOLDER / f"{name}.trace").write_text(trace(phases, SEED))
