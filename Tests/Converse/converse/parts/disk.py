"""A disk that is full, or fills while something is written: words, an exit status, and nothing half written."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path

from .. import paths, recordings
from ..lab import Lab
from ..report import Row, not_run
from .faults import models
from interop.server import COMMAND

TITLE = "a disk that fills"
SHORT = True

BAR = "exit status and words that name the file and why; nothing left half written"
FULL = ("disk", "space")
LIMITED = ("too large",)
SERVE = ["serve", "--http-port", "0", "--https-port", "0"]
FETCH = ["models", "fetch"]
FASTER_FORM = "qwen*/*-q4_0.gguf*"
VOICE_ACTIVITY = "silero*/*"
LIMIT_SECONDS = 300

# A file system that is smaller than what is to be written, with links to the models. The empty file that keeps two fetches
# apart stays, and whole archives do, so that the next fetch need not download them again.
SMALL_DISK = """
set -eu
mount -t tmpfs -o size={size} tmpfs {folder}
cp -rs {models}/. {folder}/
rm -f {folder}/{gone}
cd {root}
status=0
{command} || status=$?
echo "left: $(find {folder} -type f ! -name .lock ! -name '*.whl' | tr '\\n' ' ')"
exit $status
"""


def run(lab: Lab) -> list[Row]:
    rows = [
        small_disk("at the start, which makes a faster form of the language model", "64m", FASTER_FORM, SERVE),
        small_disk("before a model is fetched", "1m", VOICE_ACTIVITY, FETCH),
    ]
    if lab.short:
        return rows
    return rows + [
        # Room for what the model takes, and not for its package beside it.
        small_disk("while a model is fetched", "6m", VOICE_ACTIVITY, FETCH),
        limited_file("the faster form of the language model", 100_000_000, FASTER_FORM, SERVE),
        limited_file("the package of a model", 1_000_000, VOICE_ACTIVITY, FETCH),
        recording(lab),
    ]


def small_disk(when: str, size: str, gone: str, command: list[str]) -> Row:
    what = f"a disk that is full {when}" if size != "6m" else f"a disk that fills {when}"
    with tempfile.TemporaryDirectory(prefix="parley-full-") as folder:
        script = SMALL_DISK.format(
            size=size, folder=folder, models=paths.MODELS, root=paths.ROOT, gone=gone,
            command=" ".join([*COMMAND, *command, "--models-directory", folder]))
        namespace = ["unshare", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"]), "--mount"]
        done = subprocess.run([*namespace, "sh", "-c", script], capture_output=True, text=True, timeout=LIMIT_SECONDS)
    output = done.stdout + done.stderr
    left = next((line.removeprefix("left:").strip() for line in output.splitlines() if line.startswith("left:")), None)
    if left is None:
        return not_run(what, f"no file system of its own: {output.strip()[-200:]}")
    return row(what, done.returncode, output, folder, left, FULL)


def limited_file(what: str, size: int, gone: str, command: list[str]) -> Row:
    """By a limit of the process (setrlimit(2)), which a disk's quota is like; the disk itself has room."""
    with tempfile.TemporaryDirectory(prefix="parley-limited-") as folder, models(Path(folder) / "models") as directory:
        for path in directory.glob(gone):
            path.unlink()
        done = subprocess.run(
            ["prlimit", f"--fsize={size}", *COMMAND, *command, "--models-directory", str(directory)],
            cwd=paths.ROOT, capture_output=True, text=True, timeout=LIMIT_SECONDS)
        left = " ".join(str(path) for path in directory.rglob("*") if path.is_file() and not path.is_symlink()
                        and path.name != ".lock" and path.suffix != ".whl")
    words = LIMITED if command == FETCH else ("cannot be written",)
    return row(f"no room for {what}", done.returncode, done.stdout + done.stderr, str(directory), left, words)


def recording(lab: Lab) -> Row:
    """`parley call --out`: what the call was is told all the same."""
    script = {"hears": ["A question."], "rules": [{"reply": [{"say": "An answer of some words."}]}]}
    with tempfile.TemporaryDirectory(prefix="parley-call-") as folder:
        path, out = Path(folder) / "script.json", Path(folder) / "out/answer.wav"
        path.write_text(json.dumps(script))
        out.parent.mkdir()
        with lab.gateway(engine={"embedded": False, "script": str(path)}) as server:
            done = subprocess.run(
                ["prlimit", "--fsize=8192", *COMMAND, "call", "--json", "--url", server.url, "--out", str(out),
                 "--wav", str(recordings.utterance("C_000").path)],
                cwd=paths.ROOT, capture_output=True, text=True, timeout=LIMIT_SECONDS)
        left = " ".join(str(path) for path in out.parent.iterdir())
    found = row("no room for the answer of parley call", done.returncode, done.stderr, str(out), left, ("cannot be written",))
    told = done.stdout.strip().startswith("{") and json.loads(done.stdout)["turns"][0]["status"] == "completed"
    found.passed = found.passed and told
    found.measured += "; the call's report is " + ("told" if told else "lost")
    return found


def row(what: str, status: int, output: str, place: str, left: str, words: tuple[str, ...]) -> Row:
    lines = [line.strip() for line in output.splitlines()]
    said = next((line for line in reversed(lines) if place in line and any(word in line for word in words)), "")
    return Row(what, BAR, f"exit {status}: {said}; left: {left or 'nothing'}"[:400], status == 1 and bool(said) and not left)
