"""The console with real models: a spoken question answered aloud, and what the page shows of it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy.io import wavfile

from console.browser import Chromium
from console.console import Console, address
from converse import recogniser, recordings, words
from converse.lab import Lab, what_is_missing

# "Who wrote Pride and Prejudice?", of one of the recordings.
QUESTION = "C_011"


def conversation() -> str:
    if missing := what_is_missing():
        return f"SKIPPED, nothing is shown: {missing}"
    utterance = recordings.utterance(QUESTION)
    spoken = recordings.load(utterance.path)
    with TemporaryDirectory(prefix="parley-console-") as folder, Lab(short=True).gateway() as server:
        microphone = Path(folder) / "microphone.wav"
        silence = recordings.silence
        wavfile.write(microphone, recordings.RATE, np.concatenate([silence(3), spoken, silence(40)]))
        with Chromium(address(server), microphone) as page:
            console = Console(page)
            console.talk()
            asked = console.entry("user", " ", 40).text
            recording = page.record()
            heard = recogniser.another().hear(recordings.resampled(recording.received, recording.rate, recordings.RATE))
            shown = console.entries("assistant")[0].heard
            wrong = words.errors(words.normalised(utterance.text), words.normalised(asked))
            assert wrong <= 1, f"asked “{utterance.text}”, shown “{asked}”"
            assert "austen" in shown.lower() or "austin" in shown.lower(), f"the answer shown is “{shown}”"
            assert "austen" in heard.lower() or "austin" in heard.lower(), f"the answer heard is “{heard}”"
            console.hang_up()
            return f"shown “{asked}” and “{shown}”; heard “{heard}”"
