"""How intelligible sound is (STOI, 0 to 1) beside the sound it should be, wherever it stands in a longer recording."""

from __future__ import annotations

import warnings

import numpy as np
import pystoi

from . import paths  # noqa: F401
from converse.recordings import RATE
from interop.speech import correlation, speech_band

# Players stretch and shorten sound: each piece is looked for anew, this far around where the whole lies.
PIECE = RATE
SLACK = RATE // 4
# STOI of the shortest piece that means anything.
SHORTEST = RATE // 2


def intelligibility(speech: np.ndarray, recording: np.ndarray) -> float | None:
    """Both mono int16 at 16 kHz. None where the recording is too short to hold the speech."""
    if len(recording) < len(speech) or len(speech) < SHORTEST:
        return None
    place = _find(speech, recording)
    scores, weights = [], []
    for start in range(0, len(speech) - SHORTEST + 1, PIECE):
        piece = speech[start : start + PIECE]
        if len(piece) < SHORTEST or np.abs(piece).max() < 500:
            continue
        low = max(0, place + start - SLACK)
        around = recording[low : place + start + len(piece) + SLACK]
        if len(around) <= len(piece):
            continue
        at = _find(piece, around)
        scores.append(_stoi(piece, around[at : at + len(piece)]))
        weights.append(len(piece))
    return float(np.average(scores, weights=weights)) if scores else None


def _find(part: np.ndarray, whole: np.ndarray) -> int:
    return int(np.argmax(correlation(speech_band(part.astype(float)), speech_band(whole.astype(float)))))


def _stoi(clean: np.ndarray, heard: np.ndarray) -> float:
    with warnings.catch_warnings():
        # Too few loud frames in a piece: it counts as 0.
        warnings.simplefilter("ignore", RuntimeWarning)
        return max(0.0, float(pystoi.stoi(clean.astype(float), heard.astype(float), RATE)))
