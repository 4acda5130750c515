"""`parley call`: a conversation over WebRTC that measures itself, in a process of its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from pathlib import Path

from . import paths
from interop.server import COMMAND

# The steps of a turn in the order they come, as the JSON of `parley call` names them.
STAGES = ["speech_stopped", "response_created", "transcript", "first_words", "first_packet", "heard"]


class CallFailed(Exception):
    """What `parley call` said on its standard error."""


async def call(url: str, recordings: Iterable[Path], *options: str) -> dict:
    """One call that says the recordings one after the other; the report of `parley call --json`."""
    arguments = [argument for path in recordings for argument in ("--wav", str(path))]
    process = await asyncio.create_subprocess_exec(
        *COMMAND, "call", "--json", "--url", url, *options, *arguments, cwd=paths.ROOT,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE)
    try:
        output, complaint = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    if not output:
        raise CallFailed(complaint.decode().strip())
    return json.loads(output)


def percentile(values: list[float], percent: float) -> float:
    """Nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(percent * len(ordered)) // 100) - 1)]


def times(turns: list[dict], stage: str) -> list[float]:
    """In ms after the end of speech, of the turns that came so far."""
    return [turn["stages_ms"][stage] for turn in turns if turn["stages_ms"][stage] is not None]
