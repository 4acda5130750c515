"""What the gateway adds to the stages' own times, and that it opens connections ahead and lets the stages overlap.

Three canned servers of known delays, one after the other in a spoken turn. Servers, client and test share one clock, so that every gap
between one stage's last byte and the next one's first request is the gateway's.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from .. import recordings
from ..caller import percentile
from ..stages import Canned, CannedServer, Request, servers
from ..lab import Lab
from ..report import Row
from ..talk import Turn, talk

TITLE = "what the gateway adds to its servers' times"
SHORT = False

TURNS = 20
QUESTION = "C_000"
# Two clauses, the first of which is spoken while the second is still written.
ANSWER = "The capital of Australia is Canberra. It lies between Sydney and Melbourne, and it was planned as a capital from the start."
FIRST_CLAUSE = "The capital of Australia is Canberra."
HANDSHAKE_SECONDS = 0.15
DELAYS = {
    "recogniser": Canned(text="What is the capital of Australia?", first_seconds=0.25),
    "language": Canned(text=ANSWER, first_seconds=0.3, each_seconds=0.06),
    "voice": Canned(first_seconds=0.15, each_seconds=0.05),
}
ADDED_MS = 50


@dataclass
class Fall:
    """One turn's way, in seconds after the client ended it."""

    turn: Turn
    hears: Request
    thinks: Request
    speaks: list[Request]

    @property
    def at_sound(self) -> float:
        return self.turn.started + self.turn.sound_after

    def at(self, moment: float) -> float:
        return moment - self.turn.started

    @property
    def clause_written(self) -> float:
        """When the last word of the first clause was written."""
        return self.thinks.pieces[len(FIRST_CLAUSE.split(" ")) - 1]

    @property
    def gaps_ms(self) -> dict[str, float]:
        seconds = {
            "end of turn → recogniser asked": self.at(self.hears.at),
            "transcript → language model asked": self.thinks.at - self.hears.first_byte,
            "first clause written → voice asked": self.speaks[0].at - self.clause_written,
            "first sound → heard": self.turn.sound_after - self.at(self.speaks[0].first_byte),
        }
        return {name: 1_000 * gap for name, gap in seconds.items()}


def run(lab: Lab) -> list[Row]:
    return asyncio.run(measure(lab))


async def measure(lab: Lab) -> list[Row]:
    stages = {stage: CannedServer(stage, canned) for stage, canned in DELAYS.items()}
    for server in stages.values():
        server.canned.handshake_seconds = HANDSHAKE_SECONDS
    sound = recordings.load(recordings.utterance(QUESTION).path, 24_000)
    async with servers(*stages.values()):
        # Addresses are known only now that the servers listen.
        line = " ".join(["canned", *(f"{stage}={server.address}" for stage, server in stages.items())])
        with lab.gateway(engine={"embedded": False}, engines=[line]) as gateway:
            async with talk(gateway.url, "canned") as conversation:
                await asyncio.sleep(1)
                opened = {stage: list(server.connections) for stage, server in stages.items()}
                falls = []
                for _ in range(TURNS):
                    falls.append(await fall(conversation, stages, sound))
    return [added(falls), overlap(falls), connections(opened, stages, falls)]


async def fall(conversation, stages: dict[str, CannedServer], sound) -> Fall:
    before = {stage: len(server.asked) for stage, server in stages.items()}
    turn = await conversation.say(sound)
    hears, thinks, speaks = (stages[stage].asked[before[stage]:] for stage in ("recogniser", "language", "voice"))
    return Fall(turn, hears[0], thinks[0], speaks)


def added(falls: list[Fall]) -> Row:
    totals = [sum(fall.gaps_ms.values()) for fall in falls]
    rows = ["| the gateway's part | p50 | p95 |", "| --- | --- | --- |"]
    for name in falls[0].gaps_ms:
        values = [fall.gaps_ms[name] for fall in falls]
        rows.append(f"| {name} | {percentile(values, 50):.1f} ms | {percentile(values, 95):.1f} ms |")
    rows.append(f"| together | {percentile(totals, 50):.1f} ms | {percentile(totals, 95):.1f} ms |")
    heard = percentile([1_000 * fall.turn.sound_after for fall in falls], 50)
    return Row(
        f"first sound over {TURNS} spoken turns", f"the gateway adds ≤ {ADDED_MS} ms at p50",
        f"heard after {heard:.0f} ms at p50, of which the gateway's {percentile(totals, 50):.1f} ms (p95 "
        f"{percentile(totals, 95):.1f} ms)", percentile(totals, 50) <= ADDED_MS, [*rows, "", *waterfall(falls[len(falls) // 2])])


def overlap(falls: list[Fall]) -> Row:
    """The voice is asked while the language model still writes, and heard before it is done; the next clause while one is spoken."""
    early = [1_000 * (fall.thinks.end - fall.at_sound) for fall in falls if fall.thinks.end > fall.at_sound]
    return Row(
        "streams overlap", "the first sound is heard while the answer is still being written, in every turn",
        f"in {len(early)} of {len(falls)} turns, {percentile(early, 50) if early else 0:.0f} ms before its last word at p50",
        len(early) == len(falls))


def connections(opened: dict[str, list[float]], stages: dict[str, CannedServer], falls: list[Fall]) -> Row:
    ahead = all(len(moments) >= 1 for moments in opened.values())
    most = max(len(server.connections) for server in stages.values())
    first = falls[0].gaps_ms
    quick = max(first.values()) < 1_000 * HANDSHAKE_SECONDS
    counts = ", ".join(f"{stage} {len(server.connections)}" for stage, server in stages.items())
    return Row(
        "connections are opened with the session and used again",
        f"open before the first turn, which does not wait {1_000 * HANDSHAKE_SECONDS:.0f} ms for any",
        f"open before: {'all' if ahead else 'not all'}; longest gap of the first turn {max(first.values()):.1f} ms; connections for "
        f"{len(falls)} turns: {counts}", ahead and quick and most <= 3)


def waterfall(fall: Fall) -> list[str]:
    """One turn, a mark for 25 ms."""
    lines = ["```", f"one turn, ms after its end{'':24}0         250       500       750       1000      1250"]
    spans = [("recogniser", fall.hears.at, fall.hears.end), ("language model", fall.thinks.at, fall.thinks.end)]
    spans += [(f"voice, clause {place}", one.at, one.end) for place, one in enumerate(fall.speaks, 1)]
    spans.append(("heard", fall.at_sound, fall.turn.started + fall.turn.failed_after))
    for name, start, end in spans:
        begin, length = round(fall.at(start) / 0.025), max(1, round((end - start) / 0.025))
        lines.append(f"{name:<18}{1_000 * fall.at(start):>7.0f} – {1_000 * fall.at(end):>7.0f}{'':>14} {' ' * begin}{'█' * length}")
    return [*lines, "```"]
