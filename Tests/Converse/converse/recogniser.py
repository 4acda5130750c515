"""Recognisers of the test's own: another model than the server's, which judges answers, and the server's model alone."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import sherpa_onnx

from . import paths
from .recordings import RATE

# Moonshine base, English, of moonshine-cpp 0.1.4: 62 million weights, where the server's has 27 million others.
HASHES = {
    "encoder_model.ort": "9d1a19e044cbf89a207723d1adb667de89a5671a1e3e611b8ebe721b2c31219c",
    "decoder_model_merged.ort": "370e0c1f161d68dc1c2264c1a82024fb123380da3b73f47f05531d1e8d3308c3",
    "tokenizer.bin": "04670d78994d030185c3dd843c60591788fed0a56cc6750747bd326825f13ca9",
}
# Moonshine is made for pieces of at most this length, and repeats itself in longer ones.
LONGEST_SECONDS = 20
# A pause that may be cut at.
PAUSE_SECONDS = 0.25
WINDOW = RATE // 50


class Recogniser:
    def __init__(self, encoder: Path, decoder: Path, tokens: Path) -> None:
        self._recognizer = sherpa_onnx.OfflineRecognizer.from_moonshine_v2(str(encoder), str(decoder), str(tokens))

    def hear(self, samples: np.ndarray) -> str:
        """The words in mono int16 at 16 kHz of any length; empty for silence."""
        return " ".join(filter(None, map(self._piece, pieces(samples))))

    def _piece(self, samples: np.ndarray) -> str:
        stream = self._recognizer.create_stream()
        stream.accept_waveform(RATE, samples.astype(np.float32) / 32768)
        self._recognizer.decode_stream(stream)
        return stream.result.text.strip()


@cache
def another() -> Recogniser:
    """A model that the server does not have."""
    package = importlib.util.find_spec("moonshine_cpp")
    assert package and package.submodule_search_locations, "no moonshine-cpp (Scripts/setup.sh converse)"
    folder = Path(package.submodule_search_locations[0]) / "models/base-en"
    for name, expected in HASHES.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == expected, f"{folder / name} is another file"
    with tempfile.TemporaryDirectory(prefix="parley-recogniser-") as made:
        tokens = Path(made) / "tokens.txt"
        tokens.write_text(_tokens((folder / "tokenizer.bin").read_bytes()))
        return Recogniser(folder / "encoder_model.ort", folder / "decoder_model_merged.ort", tokens)


@cache
def servers_own() -> Recogniser:
    """The model of the default profile, without anything around it."""
    (folder,) = paths.MODELS.glob("moonshine-tiny-en-*")
    return Recogniser(folder / "encoder_model.ort", folder / "decoder_model_merged.ort", folder / "tokens.txt")


def pieces(samples: np.ndarray) -> list[np.ndarray]:
    """What is not silent, cut in the longest pause wherever it is too long."""
    loud = np.abs(samples[: len(samples) // WINDOW * WINDOW].astype(np.int32)).reshape(-1, WINDOW).max(1) > 200
    if not loud.any():
        return []
    edge = int(PAUSE_SECONDS * RATE)
    start, end = int(loud.argmax()) * WINDOW, (len(loud) - int(loud[::-1].argmax())) * WINDOW
    whole = samples[max(0, start - edge) : end + edge]
    if len(whole) <= LONGEST_SECONDS * RATE:
        return [whole]
    middle = _cut(whole)
    return pieces(whole[:middle]) + pieces(whole[middle:])


def _cut(samples: np.ndarray) -> int:
    """The middle of the quietest place that leaves a quarter of the sound on either side."""
    size = int(PAUSE_SECONDS * RATE)
    energy = np.convolve(samples.astype(float) ** 2, np.ones(size), mode="valid")
    low, high = len(samples) // 4, len(samples) * 3 // 4 - size
    return low + int(np.argmin(energy[low:high])) + size // 2


def _tokens(data: bytes) -> str:
    """Length-prefixed byte strings as the lines "base64 index" that sherpa reads."""
    lines, at = [], 0
    while at < len(data):
        length, at = data[at], at + 1
        if length >= 128:
            length, at = data[at] * 128 + length - 128, at + 1
        lines.append(f"{base64.b64encode(data[at : at + length]).decode()} {len(lines)}\n")
        at += length
    return "".join(lines)
