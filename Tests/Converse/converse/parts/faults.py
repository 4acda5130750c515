"""What breaks: models that hang or talk nonsense in a call, files that are missing or damaged."""

from __future__ import annotations

import asyncio
import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .. import caller, paths, recordings
from ..lab import Lab
from ..report import Row
from interop.server import COMMAND

TITLE = "faults"
SHORT = True

APOLOGY = "Sorry, something went wrong. Please say that again."
ANSWER = "All is well again."
# What each spoken turn is heard as, what the language model then does, and the words of the failure; the last turn is answered.
BROKEN = {
    "fails": ([{"fail": {"code": "model_broke", "message": "It broke."}}], "It broke."),
    "hangs": ([{"wait_ms": 600_000}], "gave nothing for 2 s"),
    "stalls in mid-answer": ([{"say": "Well, let me see, and then"}, {"wait_ms": 600_000}], "gave nothing for 2 s"),
    "says nothing": ([{"say": "  "}], "an empty answer"),
    "repeats itself": ([{"say": "I like it, " * 200}], "repeats itself"),
    "is no UTF-8": ([{"say": "\ufffd" * 40}], "no UTF-8"),
}
START_SECONDS = 60


def run(lab: Lab) -> list[Row]:
    rows = in_a_call(lab)
    with tempfile.TemporaryDirectory(prefix="parley-faults-") as folder:
        rows += [file_row(fault, Path(folder)) for fault in FILE_FAULTS]
    return rows


def in_a_call(lab: Lab) -> list[Row]:
    """One call: every broken turn, then one that is answered."""
    script = {
        "hears": [*BROKEN, "well"],
        "rules": [{"when": {"user": name}, "reply": reply} for name, (reply, _) in BROKEN.items()]
        + [{"reply": [{"say": ANSWER}]}],
    }
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(script, file)
        file.flush()
        deadlines = {"first-token-deadline-seconds": 2, "next-token-deadline-seconds": 2}
        with lab.gateway(engine={"embedded": False, "script": file.name}, session=deadlines) as server:
            question = recordings.utterance("C_000").path
            report = asyncio.run(caller.call(server.url, [question] * (len(BROKEN) + 1)))
    rows = [call_row(name, words, turn) for (name, (_, words)), turn in zip(BROKEN.items(), report["turns"])]
    last = report["turns"][-1]
    after = Row("the turn after all that", "answered aloud", last["answer"],
                last["answer"] == ANSWER and last["status"] == "completed" and is_heard(last))
    return [*rows, after]


def call_row(name: str, words: str, turn: dict) -> Row:
    failed = turn["status"] == "failed" and words in (turn["failure"] or "")
    return Row(f"a language model that {name}", "failed in words, and an apology heard",
               f"{turn['status']}: {turn['failure']}; said {turn['answer'][-len(APOLOGY):]!r}",
               failed and turn["answer"].endswith(APOLOGY) and is_heard(turn))


def is_heard(turn: dict) -> bool:
    return turn["stages_ms"]["heard"] is not None


@dataclass(frozen=True)
class FileFault:
    name: str
    # Of the models' folder, and how it is broken.
    file: str
    kind: str


VOICE = "hibari-*/hibari.onnx"
FILE_FAULTS = [
    FileFault("a truncated model", VOICE, "truncated"),
    FileFault("a model of the wrong hash", VOICE, "changed"),
    FileFault("a damaged library", "llama.cpp-*/lib/libllama.so", "changed"),
    FileFault("a missing model", VOICE, "missing"),
]


def file_row(fault: FileFault, folder: Path) -> Row:
    with models(folder / fault.name.replace(" ", "-")) as directory:
        (path,) = directory.glob(fault.file)
        spoil(path, fault.kind)
        status, output = serve(directory)
    # A model that is not there is no error: the script answers, and that is said.
    ended = status is None if fault.kind == "missing" else status not in (None, 0)
    name = path.parent.name.rsplit("-", 1)[0] if fault.kind == "missing" else path.name
    said = next((line for line in output.splitlines() if name in line), "")
    return Row(fault.name, "named, with what to do", f"{'goes on' if status is None else f'exit {status}'}: {said}"[:300],
               ended and "parley models fetch" in output and bool(said))


@contextmanager
def models(directory: Path) -> Iterator[Path]:
    """A directory of links to the models, so that one can be broken without touching them."""
    for source in paths.MODELS.rglob("*"):
        if source.is_file():
            link = directory / source.relative_to(paths.MODELS)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(source)
    yield directory


def spoil(path: Path, kind: str) -> None:
    contents = bytearray(path.read_bytes())
    path.unlink()
    if kind == "missing":
        return
    contents[len(contents) // 2] ^= 0xFF
    path.write_bytes(contents[: len(contents) // 2] if kind == "truncated" else contents)


def serve(directory: Path, *before: str) -> tuple[int | None, str]:
    """Starts a server; its exit status, or None when it became ready, and what it said."""
    process = subprocess.Popen(
        [*before, *COMMAND, "serve", "--http-port", "0", "--https-port", "0", "--models-directory", str(directory)],
        cwd=paths.ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lines = []
    try:
        for line in process.stdout:
            lines.append(line)
            if "answers from a script" in line:
                return None, "".join(lines)
        return process.wait(START_SECONDS), "".join(lines)
    finally:
        process.kill()
        process.wait()
