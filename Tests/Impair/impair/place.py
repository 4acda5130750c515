"""Where in known speech a recording of it stops; all sound is mono int16 at 16 kHz."""

from __future__ import annotations

import numpy as np

from . import paths  # noqa: F401
from converse.recordings import RATE
from interop.speech import correlation, speech_band

LOUD = 300
# A coded pause may hold traces of what stands around it; what is at least so loud is there in every recording.
CERTAIN = 900
# What is looked for at the end.
WINDOW, STEP = RATE // 10, RATE // 200
# What is looked for as a whole: long enough to stand in one place only, and before anything that a player makes up at the end.
ANCHOR, BEFORE_END = 3 * RATE // 5, RATE // 5
SHORTEST = 2 * RATE // 5
# Players stretch sound by a pitch period at a time, some times in the last second.
STRETCH = RATE // 20
ALIKE = 0.7


def heard_until(recording: np.ndarray, speech: np.ndarray) -> int | None:
    """The sample of the speech that the recording's last likeness of it ends at; None where it is too short or too unlike."""
    loud = np.flatnonzero(np.abs(recording.astype(int)) > LOUD)
    if len(loud) == 0 or loud[-1] - loud[0] < SHORTEST:
        return None
    recorded, known = speech_band(recording.astype(float)), speech_band(speech.astype(float))
    end = min(len(recorded), loud[-1] + 1)
    begin = max(loud[0], end - BEFORE_END - ANCHOR)
    anchor = recorded[begin : max(begin + SHORTEST, end - BEFORE_END)]
    if len(anchor) > len(known):
        return None
    curve = correlation(anchor, known)
    if curve.max() < ALIKE:
        return None
    place, at = int(np.argmax(curve)) + len(anchor), begin + len(anchor)
    return _latest(recorded[at - WINDOW : end], known, place)


def _latest(recorded: np.ndarray, known: np.ndarray, place: int) -> int:
    """Of the windows of a recording whose first `WINDOW` samples stand before `place`: where the last one that is alike ends."""
    for start in range(len(recorded) - WINDOW, 0, -STEP):
        expected = place - WINDOW + start
        low = max(0, expected - STRETCH)
        curve = correlation(recorded[start : start + WINDOW], known[low : expected + WINDOW + STRETCH])
        if curve.max() >= ALIKE:
            return low + int(np.argmax(curve)) + WINDOW
    return place


def next_sound(speech: np.ndarray, place: int) -> int:
    """Where the pause ends that the speech makes at a place; the place itself where it makes none."""
    loud = np.flatnonzero(np.abs(speech[place:].astype(int)) > CERTAIN)
    return place + int(loud[0]) if len(loud) else len(speech)
