"""Every voice reads a page: is it understood, is it another's, and how fast is it."""

from __future__ import annotations

import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.io import wavfile

from .. import paths, recogniser, recordings
from ..lab import Lab
from ..report import Row
from ..words import errors, normalised
from interop.server import COMMAND

TITLE = "voices, each understood and none like another"
SHORT = False

PAGE = [
    "The market opens early, and by seven the first stalls are full of bread, apples and flowers.",
    "An old man sells clocks beside the fountain; most of them still keep good time.",
    "When the rain began, everybody ran for the arches, laughing and holding bags above their heads.",
    "My brother repairs bicycles, and he says that a clean chain is worth more than a new one.",
    "Please leave the key under the blue pot, and close the garden gate behind you.",
    "She had read the letter twice before she noticed that it was not meant for her.",
    "The train crosses the river at noon, so we should have lunch before the bridge.",
    "Nobody could remember who had painted the door, but all agreed that it looked much better.",
]
WORD_BAR = 0.03
SPEED_BAR = 20
FIRST_SOUND_BAR_MS = 80
# How often the distance to the nearest other voice must contain the distance between a voice's own two halves.
APART_BAR = 2
# A session speaks the first clause of an answer on its own: up to a comma, or as much as this.
CLAUSE = re.compile(r".{11,78}?[,;.]|.{1,79}(?= )")
MADE = re.compile(r"([\d.]+) s of speech in ([\d.]+) s of processor time, the first after (\d+) ms")


@dataclass
class Reading:
    voice: str
    wrong: int
    words: int
    halves: list[np.ndarray]
    seconds: float
    processor_seconds: float
    first_ms: list[int]


def run(lab: Lab) -> list[Row]:
    listing = subprocess.run([*COMMAND, "voices", *models()], capture_output=True, text=True, check=True).stdout
    names = re.findall(r"^  (\S+) ", listing.split("The names of the Realtime API")[0], re.MULTILINE)
    readings = [read(name) for name in names]
    nearest, own = distances(readings)
    worst = max(readings, key=lambda one: one.wrong / one.words)
    speed = sum(one.seconds for one in readings) / sum(one.processor_seconds for one in readings)
    first = sorted(ms for one in readings for ms in one.first_ms)
    details = ["| voice | word errors | times real time |", "| --- | --- | --- |"]
    details += [f"| {one.voice} | {one.wrong} of {one.words} | {one.seconds / one.processor_seconds:.0f} |" for one in readings]
    return [
        Row(
            "word errors of the worst voice",
            f"{100 * WORD_BAR:.0f} % of at least 100 words",
            f"{worst.voice}: {worst.wrong} of {worst.words}, {100 * worst.wrong / worst.words:.1f} %",
            worst.wrong <= WORD_BAR * worst.words and worst.words >= 100,
            details,
        ),
        Row(
            "distance of the two nearest voices (melody and mean spectrum, dB), beside the largest of a voice to itself",
            f"{APART_BAR} times",
            f"{nearest:.1f} and {own:.1f}, {nearest / own:.1f} times",
            nearest >= APART_BAR * own,
        ),
        Row("synthesis, whole process on one core", f"{SPEED_BAR} times real time", f"{speed:.0f} times", speed > SPEED_BAR),
        Row(
            "processor time to the first sound, of the clause that a session would speak first",
            f"{FIRST_SOUND_BAR_MS} ms",
            f"median {first[len(first) // 2]} ms, at most {first[-1]} ms of {len(first)}",
            first[-1] <= FIRST_SOUND_BAR_MS,
        ),
    ]


def models() -> list[str]:
    return ["--models-directory", str(paths.MODELS)]


def read(voice: str) -> Reading:
    """The page, sentence by sentence."""
    sounds, seconds, processor, first, wrong, words = [], 0.0, 0.0, [], 0, 0
    with tempfile.TemporaryDirectory(prefix="parley-voices-") as folder:
        path = Path(folder) / "sentence.wav"
        for sentence in PAGE:
            first.append(int(sample(voice, CLAUSE.match(sentence)[0], path)[3]))
            made = sample(voice, sentence, path)
            seconds, processor = seconds + float(made[1]), processor + float(made[2])
            rate, samples = wavfile.read(path)
            sounds.append(samples.astype(float))
            reference = normalised(sentence)
            heard = normalised(recogniser.servers_own().hear(recordings.resampled(samples, rate, recordings.RATE)))
            words, wrong = words + len(reference), wrong + errors(reference, heard)
    print(f"{voice}: {wrong} of {words} words wrong", flush=True)
    halves = [features(np.concatenate(sounds[start::2]), rate) for start in (0, 1)]
    return Reading(voice, wrong, words, halves, seconds, processor, first)


def sample(voice: str, text: str, path: Path) -> re.Match:
    """Speaks the text into a file, in a process of its own; what that took."""
    command = [*COMMAND, "voices", *models(), "--sample", voice, "--text", text, "--out", str(path)]
    made = MADE.search(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert made, "parley voices does not say how long it took"
    return made


def features(samples: np.ndarray, rate: int) -> np.ndarray:
    """Melody's middle in decibels of frequency, and the mean spectrum of loud frames in bands, level taken out."""
    size = rate // 25
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    power = (frames**2).mean(1)
    loud = frames[power > np.percentile(power, 40)] * np.hanning(size)
    spectrum = np.abs(np.fft.rfft(loud)) ** 2
    edges = np.geomspace(100, 8000, 21) * size / rate
    bands = [10 * np.log10(spectrum[:, int(low) : int(high) + 1].mean() + 1) for low, high in zip(edges, edges[1:])]
    return np.array([20 * np.log10(pitch(loud, rate)), *(np.array(bands) - np.mean(bands)) / np.sqrt(len(bands))])


def pitch(frames: np.ndarray, rate: int) -> float:
    """Median fundamental frequency, by the highest peak of each frame's autocorrelation between 60 and 400 Hz."""
    spectrum = np.abs(np.fft.rfft(frames, 2 * frames.shape[1])) ** 2
    correlation = np.fft.irfft(spectrum)[:, : rate // 60]
    low = rate // 400
    lags = correlation[:, low:].argmax(1) + low
    voiced = correlation[np.arange(len(lags)), lags] > 0.4 * correlation[:, 0]
    return float(rate / np.median(lags[voiced]))


def distances(readings: list[Reading]) -> tuple[float, float]:
    """Of the two nearest voices, and the largest between the halves of one."""
    own = max(float(np.linalg.norm(one.halves[0] - one.halves[1])) for one in readings)
    whole = [np.mean(one.halves, axis=0) for one in readings]
    pairs = [np.linalg.norm(a - b) for index, a in enumerate(whole) for b in whole[index + 1 :]]
    return float(min(pairs)), own
