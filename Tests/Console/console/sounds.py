"""What the microphone hears: pieces of the one recording of speech, with silence between them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.io import wavfile

from interop.speech import SPEECH

# A sample above this is no silence.
LOUD = 400


def speech(seconds: float) -> tuple[int, np.ndarray]:
    rate, samples = wavfile.read(SPEECH)
    return rate, samples[: int(seconds * rate)]


def write(path: Path, *parts: float) -> Path:
    """Seconds of silence and of speech in turn, silence first."""
    rate, whole = speech(60)
    pieces = [np.zeros(int(part * rate), np.int16) if index % 2 == 0 else whole[: int(part * rate)] for index, part in enumerate(parts)]
    wavfile.write(path, rate, np.concatenate(pieces))
    return path


def loud_seconds(samples: np.ndarray, rate: int) -> float:
    """How long there is sound, in windows of 20 ms."""
    size = rate // 50
    windows = np.abs(samples[: len(samples) // size * size].astype(int)).reshape(-1, size).max(1)
    return float((windows > LOUD).sum()) / 50


def pitch(samples: np.ndarray, rate: int) -> float:
    """Hz of the strongest tone."""
    spectrum = np.abs(np.fft.rfft(samples.astype(float) * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * rate / len(samples))
