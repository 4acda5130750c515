"""The recordings of ../shared/speech: utterances with what they say, and sound at the rate somebody wants."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from math import gcd
from pathlib import Path

import numpy as np
from scipy import signal
from scipy.io import wavfile

from . import paths

RATE = 16_000


@dataclass(frozen=True)
class Utterance:
    """One of `spoken/`. `kind`: C a complete turn, I incomplete, B a backchannel, N an interruption."""

    path: Path
    kind: str
    voice: str
    text: str

    @property
    def name(self) -> str:
        return self.path.stem


def spoken(kinds: str = "CIBN") -> list[Utterance]:
    folder = paths.SPEECH / "spoken"
    with open(folder / "manifest.tsv") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Utterance(folder / row["file"], row["kind"], row["voice"], row["text"]) for row in rows if row["kind"] in kinds
    ]


def utterance(name: str) -> Utterance:
    """The one whose file's name begins so: "C_054"."""
    (found,) = (one for one in spoken() if one.name.startswith(f"{name}_"))
    return found


def human() -> list[tuple[Path, str]]:
    """Recordings of people, each with its transcript."""
    return [(path, path.with_suffix(".txt").read_text().strip()) for path in sorted(paths.SPEECH.glob("*.wav"))]


def load(path: Path, rate: int = RATE) -> np.ndarray:
    """Mono int16 at the rate asked for."""
    source, samples = wavfile.read(path)
    return resampled(samples, source, rate)


def resampled(samples: np.ndarray, source: int, rate: int) -> np.ndarray:
    if source == rate:
        return samples.astype(np.int16)
    divisor = gcd(source, rate)
    result = signal.resample_poly(samples.astype(float), rate // divisor, source // divisor)
    return np.round(result).clip(-32768, 32767).astype(np.int16)


def silence(seconds: float, rate: int = RATE) -> np.ndarray:
    return np.zeros(int(seconds * rate), np.int16)
