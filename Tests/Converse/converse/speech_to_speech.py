"""The Realtime server of the `speech-to-speech` package, in a venv of its own since it brings torch.

Its own recogniser, model and voice come from Hugging Face, so it is given others by HTTP; its voice activity detector it would
get from GitHub by torch.hub, and here it is that of the package `silero-vad`, laid where torch.hub looks; what NLTK's splitter of sentences
has learned, from GitHub too, is left empty, so that it knows no abbreviations.
"""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import paths

PROGRAM = Path(os.environ.get("SPEECH_TO_SPEECH", paths.ROOT / ".venv/speech-to-speech/bin/speech-to-speech"))
START_SECONDS = 180
PUNKT = ["collocations.tab", "sent_starters.txt", "abbrev_types.txt", "ortho_context.tab"]
HUBCONF = """dependencies = ["torch"]
from silero_vad import load_silero_vad


def silero_vad(**_):
    return load_silero_vad(), ()
"""


def what_is_missing() -> str | None:
    if PROGRAM.exists():
        return None
    return f"speech-to-speech is not at {PROGRAM}: with torch it is 8 GB, which nothing here installs by itself (docs/engines.md says how)"


@contextmanager
def started(stages: str) -> Iterator[int]:
    """The port of a server whose stages are at `stages`."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        hub = Path(folder) / "hub/snakers4_silero-vad_master"
        hub.mkdir(parents=True)
        (hub / "hubconf.py").write_text(HUBCONF)
        learned = Path(folder) / "nltk/tokenizers/punkt_tab/english"
        learned.mkdir(parents=True)
        for name in PUNKT:
            (learned / name).touch()
        log = Path(folder) / "log"
        process = subprocess.Popen(
            [PROGRAM, "serve", "--host", "127.0.0.1", "--port", str(port), "--no_smart_turn", "--torch_num_threads", "1",
             "--stt", "openai", "--openai_stt_base_url", stages, "--tts", "openai", "--openai_tts_base_url", stages,
             "--llm_backend", "chat-completions", "--responses_api_base_url", stages, "--responses_api_api_key", "none"],
            env=os.environ | {"TORCH_HOME": folder, "NLTK_DATA": f"{folder}/nltk", "HF_HUB_OFFLINE": "1", "OPENAI_API_KEY": "none"},
            stdout=log.open("w"), stderr=subprocess.STDOUT)
        try:
            wait(process, port, log)
            yield port
        except BaseException:
            print("speech-to-speech's last words:", *log.read_text().splitlines()[-40:], sep="\n    ")
            raise
        finally:
            process.kill()
            process.wait()


def wait(process: subprocess.Popen, port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError("speech-to-speech did not start:\n" + log.read_text()[-2_000:])
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError(f"speech-to-speech does not listen after {START_SECONDS} s")
