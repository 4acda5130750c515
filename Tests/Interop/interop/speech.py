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
# Measured over two Opus passes (README.md): the speech itself 0.93, on a machine with far too much to do 0.79 and more;
# other words of the same voice, other voices, noise and the speech backwards 0.29 and less.
LIKENESS_BAR = 0.5
COUNTER_BAR = 0.4
WINDOW = int(0.4 * RATE)
HOP = int(0.2 * RATE)
# Jitter buffers stretch and shorten sound: each window may lie this far from where its neighbour says.
SLACK = int(0.15 * RATE)
# A window that fits at least so well says where the next one is to be looked for.
GUIDING = 0.5
COPIES = 4
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
    """How well each 0.4 s of the speech correlates (normalised) with its place in the recording: the mean over windows,
    louder ones counting more. 1 is the same waveform; both at 16 kHz. The loudest window is looked for everywhere, its
    neighbours beside it, in each of the copies that a looping source leaves; the best copy counts."""
    speech, recording = speech_band(speech), speech_band(recording)
    starts = range(0, len(speech) - WINDOW + 1, HOP)
    curves = [correlation(speech[at : at + WINDOW], recording) for at in starts]
    weights = [float(np.sum(speech[at : at + WINDOW] ** 2)) for at in starts]
    loudest = int(np.argmax(weights))
    copies = [_follow(curves, loudest, place) for place in _peaks(curves[loudest])]
    return max(float(np.average(scores, weights=weights)) for scores in copies)


def _peaks(curve: np.ndarray) -> list[int]:
    """The highest places that lie at least a second apart."""
    curve = curve.copy()
    places = []
    for _ in range(COPIES):
        places.append(int(np.argmax(curve)))
        curve[max(0, places[-1] - RATE) : places[-1] + RATE] = -1
    return places


def _follow(curves: list[np.ndarray], anchor: int, place: int) -> list[float]:
    """The score of every window when the window `anchor` lies at `place`, walking from it in both directions."""
    scores = [0.0] * len(curves)
    scores[anchor] = float(curves[anchor][place])
    for walk in (range(anchor + 1, len(curves)), range(anchor - 1, -1, -1)):
        known, known_place = anchor, place
        for window in walk:
            low = max(0, known_place + (window - known) * HOP - SLACK)
            around = curves[window][low : max(0, known_place + (window - known) * HOP + SLACK)]
            if len(around) == 0:
                continue
            scores[window] = float(np.max(around))
            if scores[window] >= GUIDING:
                known, known_place = window, low + int(np.argmax(around))
    return scores


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
