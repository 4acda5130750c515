"""What a bad network does to packets, as a pure seeded model: no socket, no clock.

One `Path` is one direction. Each packet passes, in this order: loss (random, or in bursts by Gilbert and Elliott's model of two
states), a bottleneck with a queue, delay with jitter that keeps the order, then reordering and duplication.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

# Of the losses that come in bursts, in packets.
MEAN_BURST = 3.0
# Queues fill and empty slowly: how alike the delays of neighbouring packets are, at 20 ms between them.
CORRELATION = 0.8
# A bottleneck drops what would wait longer.
QUEUE_SECONDS = 0.2
# Packets that a queue lets go together follow each other as a wire lets them.
SPACING_SECONDS = 0.0001
# How much later a packet comes that others overtake.
OVERTAKEN_SECONDS = 0.045


@dataclass(frozen=True)
class Conditions:
    """Probabilities are 0 to 1."""

    loss: float = 0
    # The first packets, none of which arrives.
    lost_first: int = 0
    # Of packets lost in bursts of `MEAN_BURST` on average, instead of one by one.
    bursts: bool = False
    delay_ms: float = 20
    # Standard deviation of the normal distribution whose positive half is added to the delay.
    jitter_ms: float = 0
    reordered: float = 0
    duplicated: float = 0
    # Of the bottleneck, in kbit/s of UDP payload; None for a path without one.
    rate_kbps: float | None = None


class Path:
    """The same seed does the same to the same packets."""

    def __init__(self, conditions: Conditions, seed: int) -> None:
        self._conditions = conditions
        self._random = random.Random(seed)
        self._sent = 0
        self._bad = False
        self._wave = self._random.gauss(0, 1)
        self._free_at = 0.0
        self._last_arrival = 0.0

    def send(self, now: float, size: int) -> list[float]:
        """When a packet of `size` bytes sent at `now` (seconds) arrives: never, once, or twice."""
        if self._is_lost():
            return []
        left = self._through_bottleneck(now, size)
        if left is None:
            return []
        arrival = max(self._last_arrival + SPACING_SECONDS, left + self._conditions.delay_ms / 1000 + self._jitter())
        if self._happens(self._conditions.reordered):
            arrivals = [arrival + OVERTAKEN_SECONDS]
        else:
            self._last_arrival = arrival
            arrivals = [arrival]
        if self._happens(self._conditions.duplicated):
            arrivals.append(arrivals[0] + self._random.uniform(0, OVERTAKEN_SECONDS))
        return arrivals

    def _is_lost(self) -> bool:
        self._sent += 1
        if self._sent <= self._conditions.lost_first:
            return True
        loss = self._conditions.loss
        if not self._conditions.bursts:
            return self._happens(loss)
        leave = 1 / MEAN_BURST
        enter = min(1.0, loss * leave / (1 - loss))
        self._bad = not self._happens(leave) if self._bad else self._happens(enter)
        return self._bad

    def _through_bottleneck(self, now: float, size: int) -> float | None:
        rate = self._conditions.rate_kbps
        if rate is None:
            return now
        start = max(now, self._free_at)
        if start - now > QUEUE_SECONDS:
            return None
        self._free_at = start + size * 8 / (rate * 1000)
        return self._free_at

    def _jitter(self) -> float:
        if self._conditions.jitter_ms == 0:
            return 0.0
        self._wave = CORRELATION * self._wave + (1 - CORRELATION**2) ** 0.5 * self._random.gauss(0, 1)
        return abs(self._wave) * self._conditions.jitter_ms / 1000

    def _happens(self, probability: float) -> bool:
        return probability > 0 and self._random.random() < probability
