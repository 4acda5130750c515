"""Calls that come and go through bad networks for as long as is asked: what the gateway holds between them, and how soon it answers, must not grow.

A wave is six callers at once, each on a network of its own; every third of them vanishes in the middle of a sentence. After each wave, when
the gateway has noticed that nobody is there, it is looked at.
"""

from __future__ import annotations

import asyncio
import re
import statistics
import time
import urllib.request
from dataclasses import dataclass

import numpy as np

from . import paths  # noqa: F401
from .answers import VOICE_RATE, Answers
from .front import Front
from .path import Conditions
from .table import NETWORKS
from converse import caller, recordings
from converse.lab import Lab
from interop.server import Server

AT_ONCE = 6
ROUGH = ("20 % lost", "10 % lost in bursts", "60 ms jitter", "everything", "48 kbit/s", "clean")
# A peer that vanished is noticed after 15 s.
GONE_SECONDS = 60
MEMORY, DESCRIPTORS, THREADS, CALLS, SESSIONS = READINGS = (
    "process_resident_memory_bytes", "process_open_fds", "process_threads", "gateway_calls", "gateway_sessions")
# How much more the last third of the waves may hold than the second, and how much later it may be answered.
MORE_MEMORY, MORE_DESCRIPTORS, MORE_THREADS, LATER_MS = 0.03, 4, 4, 150
COLUMNS = "| waves | calls | of them killed | memory, MB | descriptors | threads | first sound p50, ms | p95, ms |"


@dataclass
class Wave:
    memory_mb: float
    descriptors: int
    threads: int
    # From the end of speech to the first packet of the answer, of each turn of the callers that stayed.
    answered_ms: list[float]
    killed: int
    failures: list[str]


def run(minutes: float) -> tuple[list[str], list[str]]:
    """Lines of the table, a third of the waves to each, and what is wrong."""
    answer = recordings.utterance("C_002")
    questions = [one.path for one in recordings.spoken("C") if one.name != answer.name]
    waves: list[Wave] = []
    end = time.monotonic() + 60 * minutes
    with Answers(recordings.load(answer.path, VOICE_RATE)) as answers:
        with Lab(False).gateway(engines=[answers.engine], models={"conversations": AT_ONCE}) as server:
            while time.monotonic() < end or len(waves) < 3:
                waves.append(asyncio.run(wave(server, len(waves), questions)))
                print(f"wave {len(waves)}: {line([waves[-1]], 1)}", flush=True)
    third = len(waves) // 3
    parts = [waves[:third], waves[third : 2 * third], waves[2 * third :]]
    return [line(part, len(part)) for part in parts], judged(parts[1], parts[2]) + [text for one in waves for text in one.failures]


async def wave(server: Server, number: int, questions: list) -> Wave:
    calls = [one(server.url, AT_ONCE * number + index, questions, killed=index % 3 == 2) for index in range(AT_ONCE)]
    outcomes = await asyncio.gather(*calls)
    await until_empty(server.url)
    values = readings(server.url)
    return Wave(
        values[MEMORY] / 1e6, int(values[DESCRIPTORS]), int(values[THREADS]),
        [time for outcome in outcomes if isinstance(outcome, list) for time in outcome],
        sum(outcome is None for outcome in outcomes), [outcome for outcome in outcomes if isinstance(outcome, str)])


async def one(url: str, seed: int, questions: list, killed: bool) -> list[float] | str | None:
    """When the answers began; nothing of a caller that vanished; what went wrong in words."""
    # Another network in each wave, so that who vanishes has been on all of them.
    name = ROUGH[(seed + seed // AT_ONCE) % len(ROUGH)]
    conditions: Conditions = NETWORKS[name]
    said = [questions[(seed + step) % len(questions)] for step in range(2)]
    # Its server is a thread's, and starting and closing one waits.
    front = await asyncio.to_thread(Front, url, conditions, conditions, seed)
    try:
        call = caller.call(front.url, said, "--model", Answers.NAME, "--turn-detection", "server_vad")
        if killed:
            return await vanish(call, 3 + seed % 5)
        return caller.times((await call)["turns"], "first_packet")
    except caller.CallFailed as error:
        return f"call {seed}, {name}: {error}"[:200]
    finally:
        await asyncio.to_thread(front.__exit__)


async def vanish(call, seconds: float) -> None:
    """The process is killed, and says nothing to anybody."""
    try:
        await asyncio.wait_for(call, seconds)
    except TimeoutError:
        pass


async def until_empty(url: str) -> None:
    end = time.monotonic() + GONE_SECONDS
    while time.monotonic() < end:
        values = await asyncio.to_thread(readings, url)
        if values[CALLS] == 0 and values[SESSIONS] == 0:
            return
        await asyncio.sleep(0.5)
    raise AssertionError(f"the gateway still holds {values[CALLS]:.0f} calls and {values[SESSIONS]:.0f} sessions")


def readings(url: str) -> dict[str, float]:
    with urllib.request.urlopen(f"{url}/metrics", timeout=10) as response:
        text = response.read().decode()
    return {name: float(re.search(rf"^{name} (\S+)", text, re.MULTILINE)[1]) for name in READINGS}


def line(waves: list[Wave], count: int) -> str:
    times = [time for one in waves for time in one.answered_ms]
    late = f"{np.percentile(times, 50):.0f} | {np.percentile(times, 95):.0f}" if times else "– | –"
    killed = sum(one.killed for one in waves)
    return (
        f"| {count} | {AT_ONCE * count} | {killed} | {held(waves, 'memory_mb'):.0f} | {held(waves, 'descriptors'):.0f} "
        f"| {held(waves, 'threads'):.0f} | {late} |")


def held(waves: list[Wave], what: str) -> float:
    return statistics.median(getattr(one, what) for one in waves)


def judged(before: list[Wave], after: list[Wave]) -> list[str]:
    """The first third is left out: caches and arenas fill then."""
    failures = []
    if held(after, "memory_mb") > held(before, "memory_mb") * (1 + MORE_MEMORY):
        failures.append(f"memory grew from {held(before, 'memory_mb'):.0f} to {held(after, 'memory_mb'):.0f} MB")
    for what, most in (("descriptors", MORE_DESCRIPTORS), ("threads", MORE_THREADS)):
        if held(after, what) > held(before, what) + most:
            failures.append(f"{what} grew from {held(before, what):.0f} to {held(after, what):.0f}")
    late = [np.percentile([time for one in waves for time in one.answered_ms], 50) for waves in (before, after)]
    if late[1] > late[0] + LATER_MS:
        failures.append(f"answers began {late[0]:.0f} ms after the end of speech, {late[1]:.0f} ms at the end")
    return failures
