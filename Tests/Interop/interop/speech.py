"""Is this recording that speech? Answered by comparing waveforms, which a codec keeps and other words do not have."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd
from pathlib import Path

import numpy as np
from scipy import signal
from scipy.io import wavfile

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
SPEECH = FIXTURES / "speech.wav"
OTHER = FIXTURES / "other.wav"

RATE = 16_000
# Measured over two Opus passes: the speech itself 0.89 and more; other words of the same voice, other voices, noise and
# the speech backwards 0.28 and less (README.md).
LIKENESS_BAR = 0.7
COUNTER_BAR = 0.4
WINDOW = int(0.4 * RATE)
HOP = int(0.2 * RATE)
# A jitter buffer stretches and shortens pauses: each window may lie this far from where the whole was found.
SLACK = int(0.06 * RATE)
LONGEST_ROUND_TRIP = 2 * RATE


@dataclass
class Recording:
    """What a client sent and what came back, mono int16 from the same instant on."""

    rate: int
    sent: np.ndarray
    received: np.ndarray


def load(path: Path) -> np.ndarray:
    """Mono float samples at 16 kHz."""
    rate, samples = wavfile.read(path)
    return at_16_khz(samples, rate)


def at_16_khz(samples: np.ndarray, rate: int) -> np.ndarray:
    divisor = gcd(RATE, rate)
    return signal.resample_poly(samples.astype(float), RATE // divisor, rate // divisor)


def likeness(speech: np.ndarray, recording: np.ndarray) -> float:
    """Normalised cross-correlation of each 0.4 s of the speech with the recording around where the whole speech fits
    best; the mean over windows, louder ones counting more. 1 is the same waveform, both at 16 kHz."""
    speech, recording = speech_band(speech), speech_band(recording)
    start = int(np.argmax(correlation(speech, recording)))
    scores, weights = [], []
    for at in range(0, len(speech) - WINDOW + 1, HOP):
        window = speech[at : at + WINDOW]
        around = recording[max(0, start + at - SLACK) : start + at + WINDOW + SLACK]
        scores.append(float(np.max(correlation(window, around))) if len(around) >= WINDOW else 0.0)
        weights.append(float(np.sum(window**2)))
    return float(np.average(scores, weights=weights))


def round_trip_ms(speech: np.ndarray, recording: Recording) -> float:
    """How much later the same speech stands in `received` than in `sent`."""
    speech = speech_band(speech)
    sent, received = (
        correlation(speech, speech_band(at_16_khz(track, recording.rate)))
        for track in (recording.sent, recording.received)
    )
    # The speech repeats: take a copy that leaves room for its return.
    start = int(np.argmax(sent[: max(1, len(sent) - LONGEST_ROUND_TRIP)]))
    return 1000 * int(np.argmax(received[start : start + LONGEST_ROUND_TRIP])) / RATE


def check(recording: Recording) -> str:
    """Fails unless what came back is the speech, and unless this check can tell it from others. Returns the figures."""
    speech = load(SPEECH)
    received = at_16_khz(recording.received, recording.rate)
    score = likeness(speech, received)
    assert score >= LIKENESS_BAR, f"what came back is not the speech sent: likeness {score:.2f} < {LIKENESS_BAR}"
    highest = max(likeness(other, received) for other in counter_examples())
    assert highest < COUNTER_BAR, f"other sounds pass for what came back: likeness {highest:.2f}"
    return f"speech {score:.2f} (others at most {highest:.2f}), back after {round_trip_ms(speech, recording):.0f} ms"


def counter_examples() -> list[np.ndarray]:
    """The same voice with other words, and the same sound backwards: none may pass for the speech."""
    other = load(OTHER)
    length = len(load(SPEECH))
    return [other[:length], other[-length:], load(SPEECH)[::-1]]


def speech_band(samples: np.ndarray) -> np.ndarray:
    """200 to 3,000 Hz: below, encoders shift the phase; above, they replace the waveform."""
    return signal.sosfiltfilt(signal.butter(4, [200, 3000], "bandpass", fs=RATE, output="sos"), samples)


def correlation(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Normalised cross-correlation, -1 to 1, at every place of `whole` that holds all of `part`."""
    if len(whole) < len(part):
        return np.zeros(1)
    product = signal.fftconvolve(whole, part[::-1], mode="valid")
    energy = signal.fftconvolve(whole**2, np.ones(len(part)), mode="valid")
    return product / np.sqrt(np.maximum(energy, 1.0) * max(float(np.sum(part**2)), 1.0))
