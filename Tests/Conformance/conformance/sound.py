"""Speech and silence in the formats of the protocol."""

from __future__ import annotations

import base64
from functools import cache

import numpy as np

from . import paths  # noqa: F401 (makes `interop` importable)
from interop.speech import SPEECH  # noqa: E402
from scipy import signal
from scipy.io import wavfile

RATE = 24_000


@cache
def speech(rate: int = RATE) -> np.ndarray:
    """The interop speech fixture, mono int16."""
    source, samples = wavfile.read(SPEECH)
    return (
        np.round(signal.resample_poly(samples.astype(float), rate // 1000, source // 1000))
        .clip(-32768, 32767)
        .astype(np.int16)
    )


def take(kind: str, seconds: float, rate: int = RATE) -> np.ndarray:
    """This much of the speech (repeated), or of digital silence."""
    count = int(seconds * rate)
    if kind == "silence":
        return np.zeros(count, np.int16)
    return np.take(speech(rate), range(count), mode="wrap")


def pieces(kind: str, seconds: float) -> list[np.ndarray]:
    """The same in pieces of 100 ms, one after the other."""
    return np.split(take(kind, seconds), range(RATE // 10, int(seconds * RATE), RATE // 10))


def encode(samples: np.ndarray, format: str = "audio/pcm") -> str:
    """Base64 of samples (24 kHz for PCM, 8 kHz for G.711) in the format named."""
    if format == "audio/pcm":
        return base64.b64encode(samples.astype("<i2").tobytes()).decode()
    return base64.b64encode((ulaw if format == "audio/pcmu" else alaw)(samples).tobytes()).decode()


def ulaw(samples: np.ndarray) -> np.ndarray:
    """ITU-T G.711 µ-law, by its definition."""
    magnitude = np.minimum(np.abs(samples.astype(np.int32)), 32_635) + 132
    exponent = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    mantissa = (magnitude >> (exponent + 3)) & 0x0F
    sign = np.where(samples < 0, 0x80, 0)
    return (~(sign | (exponent << 4) | mantissa) & 0xFF).astype(np.uint8)


def alaw(samples: np.ndarray) -> np.ndarray:
    """ITU-T G.711 A-law, by its definition."""
    magnitude = np.minimum(np.abs(samples.astype(np.int32)), 32_767) >> 3
    exponent = np.where(magnitude < 32, 0, np.floor(np.log2(np.maximum(magnitude, 1))).astype(np.int32) - 4)
    mantissa = np.where(exponent == 0, magnitude >> 1, magnitude >> exponent) & 0x0F
    sign = np.where(samples >= 0, 0x80, 0)
    return ((sign | (exponent << 4) | mantissa) ^ 0x55).astype(np.uint8)


def level(samples: np.ndarray) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(samples.astype(float) ** 2))) if len(samples) else 0.0
