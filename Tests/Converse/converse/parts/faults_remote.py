"""Every way a server can fail, for each stage behind HTTP: with the embedded engine as fallback, and with none.

Canned servers fail on purpose (`stages.py`). A case is one conversation of three turns on an engine of its own: the server is broken
in the first two, and well in the third.
"""

from __future__ import annotations

import asyncio
import os
import time
import urllib.request
from dataclasses import dataclass, field

from .. import recordings
from ..stages import FAULTS, RETRY_AFTER_SECONDS, Canned, CannedServer, servers
from ..lab import Lab
from ..report import Row
from ..talk import Talk, Turn, talk
from interop.server import Server

TITLE = "servers that fail, stage by stage"
SHORT = False

APOLOGY = "Sorry, something went wrong."
ANSWER = "All is well at the other end."
DEADLINE_MS = 1_500
STALL_MS = 1_500
# What an embedded stage may take on a busy machine, and the way there and back.
FALLBACK_SECONDS = 8
# A second look at the same server after a quarter of a second, and scheduling.
SLACK_SECONDS = 1.5
# Conversations; most of their time is waiting.
AT_ONCE = 3
STAGES = ["language", "recogniser", "voice"]
# What was written of an endless answer before it was ended is spoken to its end, since the voice had it.
SPOKEN_SECONDS = 30
# Faults that show after a part of the answer was handed on; of a recogniser nothing is before its end.
LATE = {"stalled stream", "cut stream", "endless answer"}
QUESTION = "C_000"


@dataclass
class Case:
    stage: str
    fault: str
    has_fallback: bool
    broken: CannedServer = field(init=False)

    def __post_init__(self) -> None:
        canned = Canned(text=ANSWER if self.stage == "language" else "What is the capital of Australia?", fault=self.fault)
        self.broken = CannedServer(self.stage, canned)

    @property
    def model(self) -> str:
        return f"{self.stage}-{FAULTS.index(self.fault)}-{'fallback' if self.has_fallback else 'alone'}"

    @property
    def is_late(self) -> bool:
        return self.fault in LATE and self.stage != "recogniser"

    def line(self, good: dict[str, CannedServer]) -> str:
        words = [self.model]
        for stage in STAGES:
            if stage != self.stage:
                words.append(f"{stage}={good[stage].address}")
                continue
            words.append(f"{stage}={self.broken.address};deadline-ms={DEADLINE_MS};stall-ms={STALL_MS}")
            if self.has_fallback:
                words.append(f"{stage}=embedded")
        return " ".join(words)


def run(lab: Lab) -> list[Row]:
    return asyncio.run(matrix(lab))


async def matrix(lab: Lab) -> list[Row]:
    cases = [Case(stage, fault, fallback) for stage in STAGES for fault in FAULTS for fallback in (True, False)]
    good = {stage: CannedServer(stage, Canned(text=ANSWER)) for stage in STAGES}
    good["recogniser"].canned.text = "What is the capital of Australia?"
    async with servers(*good.values(), *(case.broken for case in cases)):
        with lab.gateway(engines=[case.line(good) for case in cases]) as server:
            await settle(server)
            before = descriptors(server)
            places = asyncio.Semaphore(AT_ONCE)
            rows = list(await asyncio.gather(*(shown(server, case, places) for case in cases)))
            for canned in [*good.values(), *(case.broken for case in cases)]:
                await canned.stop()
            rows.append(await leaks(server, before))
    return rows


async def shown(server: Server, case: Case, places: asyncio.Semaphore) -> Row:
    async with places:
        report = await row(server, case)
    print(f"    {report.word} {report.what}: {report.measured}", flush=True)
    return report


async def row(server: Server, case: Case) -> Row:
    what = f"{case.stage}, {case.fault}, {'the embedded engine behind it' if case.has_fallback else 'nothing behind it'}"
    bar = expected(case)
    async with talk(server.url, case.model) as conversation:
        turns = [await turn(conversation, case), await turn(conversation, case)]
        await case.broken.heal()
        # Longer than the server rests after two failures, and than its Retry-After.
        await asyncio.sleep(RETRY_AFTER_SECONDS + 0.2)
        after = await turn(conversation, case)
        errors = conversation.errors
    wrong = [problem for number, turn_ in enumerate(turns) for problem in problems(case, turn_, number)]
    if after.status != "completed" or not after.sound_seconds:
        wrong.append(f"after it was well again: {after.words}")
    if errors:
        wrong.append(f"error events: {errors}")
    measured = f"{turns[0].words}; again: {turns[1].words}; well: {after.status}"
    return Row(what, bar, measured + (f"; WRONG: {'; '.join(wrong)}" if wrong else ""), not wrong)


async def turn(conversation: Talk, case: Case) -> Turn:
    if case.stage == "recogniser":
        return await conversation.say(recordings.load(recordings.utterance(QUESTION).path, 24_000))
    return await conversation.write("What is the capital of Australia?", max_output_tokens=60)


def expected(case: Case) -> str:
    fallback = f"answered by the fallback, first sign within {DEADLINE_MS + FALLBACK_SECONDS * 1_000} ms"
    alone = {
        "language": "failed, the apology heard, session goes on",
        "recogniser": "no transcript, answered, session goes on",
        "voice": "the text goes on, failed, session goes on",
    }[case.stage]
    if not case.has_fallback:
        return alone
    if case.stage == "language" and case.fault == "endless answer":
        return alone
    return f"first {alone}; then {fallback}" if case.is_late else fallback


def problems(case: Case, turn: Turn, number: int) -> list[str]:
    """What a broken turn was not as it should be. Who fails after it was heard is not asked first in the next turn."""
    found = []
    # By the end of what is spoken of an endless answer its server has rested.
    has_rested = case.stage == "language" and case.fault == "endless answer"
    if case.has_fallback and (number > 0 and not has_rested or not case.is_late):
        limit = DEADLINE_MS / 1_000 + FALLBACK_SECONDS
        if turn.status != "completed":
            found.append(f"the fallback did not answer: {turn.status} {turn.code}")
        if not turn.sound_seconds:
            found.append("nothing was heard")
        if case.stage == "recogniser" and turn.heard is None:
            found.append("no transcript")
        sign = turn.transcript_seconds if case.stage == "recogniser" else turn.sound_after
        if sign is None or sign > limit:
            found.append(f"first sign after {sign} s")
        return found
    limit = SPOKEN_SECONDS if case.fault == "endless answer" else (DEADLINE_MS + STALL_MS) / 1_000 + SLACK_SECONDS
    match case.stage:
        case "language":
            if turn.status != "failed" or APOLOGY not in turn.transcript or not turn.sound_seconds:
                found.append("no apology was heard")
        case "voice":
            if turn.status != "failed" or ANSWER not in turn.transcript:
                found.append("the text did not go on")
        case "recogniser":
            if turn.status != "completed" or turn.heard is not None or turn.transcription_code is None:
                found.append("the turn was not answered without its transcript")
    if turn.failed_after is None or turn.failed_after > limit:
        found.append(f"over after {turn.failed_after} s")
    return found


def descriptors(server: Server) -> int:
    return len(os.listdir(f"/proc/{server.process_id}/fd"))


def threads(server: Server) -> int:
    return len(os.listdir(f"/proc/{server.process_id}/task"))


def gauges(server: Server) -> dict[str, float]:
    """Requests and sessions that are not over, by series."""
    with urllib.request.urlopen(server.url + "/metrics") as answer:
        lines = answer.read().decode().splitlines()
    wanted = ("gateway_engine_requests{", "gateway_sessions ", "gateway_websockets ")
    return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(wanted)}


async def settle(server: Server) -> None:
    """Lets everything start that starts with a first conversation: threads of pools, the lanes' memory."""
    async with talk(server.url, "parley-embedded") as conversation:
        await conversation.write("Hello.")


async def leaks(server: Server, before: int) -> Row:
    """Everything is given back once all servers are gone: idle connections to them are no leak, and end with them."""
    after, open_ = before + 1, {}
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        after, open_ = descriptors(server), {name: value for name, value in gauges(server).items() if value}
        if after <= before and not open_:
            break
        await asyncio.sleep(0.2)
    return Row(
        "descriptors, sessions and requests after all that", "as before it",
        f"{before} descriptors before, {after} after; requests and sessions open: {open_ or 'none'}; {threads(server)} threads",
        after <= before and not open_)
