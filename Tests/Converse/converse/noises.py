"""Sounds that are nobody's turn: keys and doors as recorded, coughs as made here, all mono int16 at 48 kHz.

Keys are those of Debian's bucklespring-data (one keyboard, recorded key by key); doors, lifts and switches those of Freedoom
(BSD). No free recordings of coughs were found, so these are made: a burst of noise, a hissing fall in the resonances of a throat,
mostly a voiced end, once or twice in a row. Random, from fixed seeds.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
from scipy import signal

from . import recordings

RATE = 48_000
KEYS = Path("/usr/share/buckle/wav")
DOORS = Path("/usr/share/games/doom/freedoom1.wad")
DOOR_NAMES = ["DSDOROPN", "DSDORCLS", "DSBDOPN", "DSBDCLS", "DSSWTCHN", "DSSWTCHX", "DSPSTOP", "DSPSTART", "DSSTNMOV", "DSMETAL"]
# Of the loudest half second, below full scale.
COUGH_DB, KEYS_DB, DOOR_DB = -22, -30, -24


def what_is_missing() -> str | None:
    absent = [str(path) for path in (KEYS, DOORS) if not path.exists()]
    return f"not installed: {', '.join(absent)} (Scripts/setup.sh converse)" if absent else None


def levelled(samples: np.ndarray, decibels: float) -> np.ndarray:
    energy = np.concatenate([np.zeros(RATE // 2), np.cumsum(samples**2)])
    power = (energy[RATE // 2 :] - energy[: -(RATE // 2)]).max() / (RATE // 2)
    return np.clip(samples * 32768 * 10 ** (decibels / 20) / np.sqrt(power + 1e-9), -32768, 32767).astype(np.int16)


def typing(seed: int) -> np.ndarray:
    """Two seconds of quick typing."""
    random = np.random.default_rng(seed)
    files = sorted(KEYS.glob("*.wav"))
    sound = np.zeros(RATE * 2)
    place = 0.0
    while place < 1.7:
        key = _mono(files[random.integers(len(files))])
        start = int(place * RATE)
        part = sound[start : start + len(key)]
        part += key[: len(part)]
        place += random.uniform(0.09, 0.22)
    return levelled(sound, KEYS_DB)


def _mono(path: Path) -> np.ndarray:
    rate, samples = recordings.wavfile.read(path)
    samples = samples.astype(float)
    if samples.ndim == 2:
        samples = samples.mean(axis=1)
    return signal.resample_poly(samples, RATE, rate)


def door(index: int) -> np.ndarray:
    rate, samples = _lump(DOOR_NAMES[index % len(DOOR_NAMES)])
    return levelled(signal.resample_poly(samples, RATE, rate), DOOR_DB)


def _lump(name: str) -> tuple[int, np.ndarray]:
    """A sound of a WAD file: its directory has offset, size and name; a sound a header of 8 bytes and unsigned bytes."""
    data = DOORS.read_bytes()
    count, directory = struct.unpack_from("<ii", data, 4)
    for index in range(count):
        offset, _, label = struct.unpack_from("<ii8s", data, directory + 16 * index)
        if label.rstrip(b"\0") == name.encode():
            _, rate, length = struct.unpack_from("<HHI", data, offset)
            return rate, np.frombuffer(data, np.uint8, length, offset + 8).astype(float) - 128
    raise LookupError(f"{name} is not in {DOORS}")


def cough(seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    sound = np.zeros(int(RATE * 0.8))
    start = 0
    for _ in range(random.integers(1, 3)):
        one = _single_cough(random)
        part = sound[start : start + len(one)]
        part += one[: len(part)]
        start += int(RATE * random.uniform(0.3, 0.4))
    return levelled(sound, COUGH_DB)


def _single_cough(random: np.random.Generator) -> np.ndarray:
    burst, fall, voice = (int(RATE * random.uniform(*span)) for span in ((0.03, 0.05), (0.12, 0.22), (0.0, 0.1)))
    envelope = np.concatenate([
        np.linspace(0, 1, RATE // 200), np.exp(-np.arange(burst) / (RATE * 0.02)), 0.35 * np.exp(-np.arange(fall) / (RATE * 0.08))])
    noise = random.standard_normal(len(envelope))
    throat = ((500, 200, 3.0), (1_400, 300, 2.5), (2_600, 400, 2.0), (3_800, 600, 1.0))
    hiss = 0.3 * noise + sum(gain * _resonance(noise, hertz * random.uniform(0.9, 1.1), width) for hertz, width, gain in throat)
    sound = np.zeros(len(envelope) + voice)
    sound[: len(envelope)] = hiss * envelope
    if voice:
        pitch = random.uniform(110, 260) * np.linspace(1.1, 0.7, voice)
        pulses = (np.cumsum(pitch / RATE) % 1 < 0.1) * np.exp(-np.arange(voice) / (RATE * 0.05))
        tone = sum(gain * _resonance(pulses, hertz, 100) for hertz, gain in ((550, 3.0), (1_300, 2.0)))
        begin = len(envelope) - voice // 2
        sound[begin : begin + voice] += 1.5 * tone
    return sound


def _resonance(samples: np.ndarray, hertz: float, width: float) -> np.ndarray:
    radius = np.exp(-np.pi * width / RATE)
    return signal.lfilter([1 - radius], [1, -2 * radius * np.cos(2 * np.pi * hertz / RATE), radius**2], samples)
