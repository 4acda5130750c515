"""Four conversations at once, and what becomes of a fifth."""

from __future__ import annotations

import asyncio
import urllib.request

from .. import caller, recordings
from ..caller import CallFailed, percentile, times
from ..lab import Lab
from ..report import Row
from interop.server import Server

TITLE = "four conversations at once"
SHORT = False

CALLS = 4
TURNS = 5
BAR_MS = 3_000
# A packet later than this would be missed by a browser's jitter buffer.
LATE_MS = 100


def run(lab: Lab) -> list[Row]:
    questions = recordings.spoken("C")[: CALLS * TURNS]
    # As on a machine of two cores, whatever this one has.
    with lab.gateway(models={"conversations": CALLS}) as server:
        reports, refusal = asyncio.run(calls(server, questions))
        with urllib.request.urlopen(server.url + "/metrics") as answer:
            metrics = answer.read().decode()
    rows = [row(number, report["turns"]) for number, report in enumerate(reports, 1)]
    refused = "503" in refusal and "conversations" in refusal
    counted = 'gateway_calls_refused_total{cause="engine_full"} 1' in metrics
    rows.append(pacing(reports))
    return [*rows, Row("the fifth", "refused with 503, in words, and counted", refusal[:300], refused and counted)]


async def calls(server: Server, questions: list[recordings.Utterance]) -> tuple[list[dict], str]:
    """The reports of all calls, and what one more was told while they ran."""
    parts = [[question.path for question in questions[start::CALLS]] for start in range(CALLS)]
    running = [asyncio.create_task(caller.call(server.url, part)) for part in parts]
    while await asyncio.to_thread(server.calls) < CALLS:
        await asyncio.sleep(0.2)
    try:
        await caller.call(server.url, parts[0][:1])
        refusal = "it was not refused"
    except CallFailed as error:
        refusal = str(error)
    return await asyncio.gather(*running), refusal


def row(number: int, turns: list[dict]) -> Row:
    heard = times(turns, "heard")
    middle = percentile(heard, 50) if heard else float("inf")
    measured = f"{len(heard)} of {len(turns)} turns heard, p50 {middle:.0f} ms, at most {max(heard, default=0):.0f} ms"
    return Row(f"conversation {number}", f"all heard, p50 ≤ {BAR_MS} ms", measured,
               len(heard) == len(turns) and middle <= BAR_MS)


def pacing(reports: list[dict]) -> Row:
    turns = [turn for report in reports for turn in report["turns"]]
    late = percentile([turn["latest_packet_ms"] for turn in turns], 95)
    gaps = sum(turn["gaps_ms"] for turn in turns)
    sound = sum(turn["answer_ms"] for turn in turns)
    return Row("pacing", f"95 % of answers without a packet over {LATE_MS} ms late; gaps under 5 % of the sound",
               f"{late:.0f} ms; {gaps:.0f} of {sound:.0f} ms", late <= LATE_MS and gaps < 0.05 * sound)
