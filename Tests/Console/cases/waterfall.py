"""The waterfall's numbers beside what an observer measures on the recording of the call."""

from __future__ import annotations

import numpy as np

from console import sounds
from console.browser import Chromium
from console.console import Console, address
from console.scripts import scripted
from interop.speech import Recording

from .trouble import microphone

TURNS = 10
FRAME_MS = 20
# Of the microphone's file: quiet, speech, and room for the answer, over and over.
PARTS = (0.6, 1.2, 3.4)
SCRIPT = {"hears": ["One."], "rules": [{"reply": [{"say": "Two three."}]}]}


def against_recording() -> str:
    """Speech end to first sound heard, of ten turns, within one frame."""
    with microphone(*PARTS) as question, scripted(SCRIPT) as server, Chromium(address(server), question) as page:
        console = Console(page)
        console.talk()
        page.page.set_default_timeout(120_000)
        recording = page.record((TURNS + 2.5) * sum(PARTS))
        console.show("turns")
        shown = page.evaluate("""[...document.querySelectorAll("table.turns tbody tr")]
            .map((row) => Number(row.querySelector("[data-step=heard]").textContent)).filter((ms) => ms > 0).reverse()""")
        measured = latencies(recording)
        # The recording begins and ends somewhere in a turn: the same turns are compared by their order from the end.
        pairs = matched(shown, measured)
        assert len(pairs) >= TURNS, f"only {len(pairs)} turns: shown {shown}, measured {measured}"
        worst = max(abs(one - other) for one, other in pairs)
        assert worst <= FRAME_MS, f"{worst:.0f} ms apart: {pairs}"
        console.hang_up()
        return f"{len(pairs)} turns, at most {worst:.0f} ms apart; {pairs[0][0]} ms shown for {pairs[0][1]:.0f} measured"


def latencies(recording: Recording) -> list[float]:
    """Milliseconds from the end of each piece of speech to the answer's first sound after it."""
    ends = edges(recording.sent, recording.rate, rising=False)
    starts = edges(recording.received, recording.rate, rising=True)
    found = []
    for index, end in enumerate(ends):
        following = ends[index + 1] if index + 1 < len(ends) else float("inf")
        answer = next((start for start in starts if end < start < following), None)
        if answer is not None:
            found.append((answer - end) * 1000)
    return found


def edges(samples: np.ndarray, rate: int, rising: bool) -> list[float]:
    """Seconds at which sound begins after half a second of quiet, or ends before as much of it."""
    size = rate // 200
    loud = np.abs(samples[: len(samples) // size * size].astype(int)).reshape(-1, size).max(1) > sounds.LOUD
    places = np.flatnonzero(loud)
    gaps = np.diff(places) > 100
    if rising:
        return [place / 200 for place in [*places[:1], *places[1:][gaps]]]
    return [(place + 1) / 200 for place in [*places[:-1][gaps], *places[-1:]]]


def matched(shown: list[float], measured: list[float]) -> list[tuple[float, float]]:
    """The alignment of the two lists, one of which may begin or end some turns earlier, that differs least."""
    choices = []
    for shift in range(-3, 4):
        pairs = [(shown[index], measured[index + shift]) for index in range(len(shown)) if 0 <= index + shift < len(measured)]
        if len(pairs) >= TURNS:
            choices.append((float(np.mean([abs(one - other) for one, other in pairs])), pairs))
    return min(choices)[1] if choices else []
