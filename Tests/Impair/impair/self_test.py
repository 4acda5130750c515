"""Does the model do what it says? Runs before every table, in a second."""

from __future__ import annotations

import numpy as np

from .path import MEAN_BURST, OVERTAKEN_SECONDS, Conditions, Path
from .place import RATE, heard_until, next_sound

PACKETS = 50_000
FRAME = 0.02
SIZE = 120


def run() -> None:
    for test in (loss, beginning, bursts, seeds, clean, jitter, reordering, duplication, bottleneck, place):
        test()


def passed(conditions: Conditions, seed: int = 1) -> list[list[float]]:
    path = Path(conditions, seed)
    return [path.send(index * FRAME, SIZE) for index in range(PACKETS)]


def delays(arrivals: list[list[float]]) -> list[float]:
    return [times[0] - index * FRAME for index, times in enumerate(arrivals) if times]


def loss() -> None:
    for rate in (0.01, 0.2):
        lost = sum(not times for times in passed(Conditions(loss=rate))) / PACKETS
        assert abs(lost - rate) < 0.006, lost


def beginning() -> None:
    assert [bool(times) for times in passed(Conditions(lost_first=3))[:5]] == [False] * 3 + [True] * 2


def bursts() -> None:
    arrivals = passed(Conditions(loss=0.1, bursts=True))
    gone = [not times for times in arrivals]
    runs = sum(here and not before for before, here in zip([False] + gone, gone))
    assert abs(sum(gone) / PACKETS - 0.1) < 0.01, sum(gone)
    assert abs(sum(gone) / runs - MEAN_BURST) < 0.2, sum(gone) / runs


def seeds() -> None:
    bad = Conditions(loss=0.1, jitter_ms=30, reordered=0.1, duplicated=0.1)
    assert passed(bad, 7) == passed(bad, 7)
    assert passed(bad, 7) != passed(bad, 8)


def clean() -> None:
    assert all(abs(delay - 0.02) < 1e-6 for delay in delays(passed(Conditions())))


def jitter() -> None:
    arrivals = [times[0] for times in passed(Conditions(jitter_ms=60))]
    assert arrivals == sorted(arrivals), "jitter alone keeps the order"
    spread = sorted(arrival - index * FRAME - 0.02 for index, arrival in enumerate(arrivals))
    assert 0.08 < spread[int(0.95 * PACKETS)] < 0.16, spread[int(0.95 * PACKETS)]


def reordering() -> None:
    late = [delay for delay in delays(passed(Conditions(reordered=0.1))) if delay > 0.02 + OVERTAKEN_SECONDS / 2]
    assert abs(len(late) / PACKETS - 0.1) < 0.01, len(late)


def duplication() -> None:
    twice = sum(len(times) == 2 for times in passed(Conditions(duplicated=0.05)))
    assert abs(twice / PACKETS - 0.05) < 0.006, twice


def bottleneck() -> None:
    """Half of what is sent fits: the rest is dropped, and what passes waits as long as the queue is."""
    rate = SIZE * 8 / FRAME / 1000 / 2
    arrivals = passed(Conditions(rate_kbps=rate))
    through = sum(bool(times) for times in arrivals) / PACKETS
    assert abs(through - 0.5) < 0.01, through
    assert 0.2 < delays(arrivals)[-1] < 0.28, delays(arrivals)[-1]


def place() -> None:
    """Known speech that is cut somewhere is found to be cut there; where it pauses, until the pause's end."""
    source = np.random.default_rng(3)
    words = [source.normal(0, 4_000, RATE // 2).astype(np.int16) for _ in range(8)]
    pause = np.zeros(RATE // 5, np.int16)
    speech = np.concatenate([part for word in words for part in (word, pause)])
    for seconds in (1.15, 2.25, 4.4, 4.8):
        heard = np.concatenate([np.zeros(3_000, np.int16), speech[: int(seconds * RATE)], np.zeros(8_000, np.int16)])
        end = heard_until(heard, speech)
        assert end is not None and end - 0.03 * RATE <= seconds * RATE <= next_sound(speech, end) + 0.03 * RATE, (seconds, end)
    assert heard_until(source.normal(0, 4_000, 2 * RATE).astype(np.int16), speech) is None
