"""From the last sample of speech to the first sound of the answer, over WebRTC, with the steps between.

The short form shows that every turn is heard; times need quiet cores and are judged in the full form.
"""

from __future__ import annotations

import asyncio
import json
import tempfile

from .. import caller, canned, recordings
from ..caller import STAGES, percentile, times
from ..lab import Lab
from ..report import Row

TITLE = "voice to voice"
SHORT = True

WARM_UPS = 5
TURNS = 30
# In the short form.
FEW_WARM_UPS, FEW_TURNS = 1, 4
# Turns of one conversation.
IN_ONE_CALL = 7
# Of the middle of all turns, in ms; and of turns that were taken while the caller still spoke.
EMBEDDED_MS, SCRIPTED_MS = 1_200, 600
CUT_OFFS = 0.08
# What the server itself adds: a pause of a third of a second ends a turn, which most pauses within one are shorter than; the
# words are there at once, and so is the answer.
ANSWER = "An answer of some words."
SCRIPT = {
    "timing": {"recogniser_ms": 0, "first_token_ms": 0, "token_ms": 0},
    "turn_score": 0.77,
    "hears": ["A question."],
    "rules": [{"reply": [{"say": ANSWER}]}],
}


def run(lab: Lab) -> list[Row]:
    warm_ups, count = (FEW_WARM_UPS, FEW_TURNS) if lab.short else (WARM_UPS, TURNS)
    questions = recordings.spoken("C")[: warm_ups + count]
    with lab.gateway() as server:
        embedded = asyncio.run(turns(server.url, questions))[warm_ups:]
    if lab.short:
        return [heard(embedded)]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(SCRIPT, file)
        file.flush()
        with lab.gateway(engine={"embedded": False, "script": file.name}) as server:
            scripted = asyncio.run(turns(server.url, questions))[warm_ups:]
    with canned.model(ANSWER) as model, lab.gateway(llm=model) as server:
        canned_answers = asyncio.run(turns(server.url, questions))[warm_ups:]
    return [
        row("the default models", embedded, EMBEDDED_MS), row("the scripted engine", scripted, SCRIPTED_MS),
        row("the default models, but for a language model that answers at once", canned_answers, SCRIPTED_MS),
    ]


async def turns(url: str, questions: list[recordings.Utterance]) -> list[dict]:
    """Calls of some turns each, one after the other, by the page's policy: `semantic_vad` at its default eagerness."""
    result = []
    for start in range(0, len(questions), IN_ONE_CALL):
        paths = [question.path for question in questions[start : start + IN_ONE_CALL]]
        report = await caller.call(url, paths)
        if report["late_frames"]:
            print(f"the caller itself was late by {report['late_frames']} frames: the times are too long")
        result += report["turns"]
    return result


def heard(turns: list[dict]) -> Row:
    count = len(times(turns, "heard"))
    return Row("turns heard over WebRTC", "all", f"{count} of {len(turns)}", count == len(turns))


def row(what: str, turns: list[dict], bar: int) -> Row:
    waits = times(turns, "heard")
    cut_offs = sum(turn["cut_off"] for turn in turns)
    middle, late = percentile(waits, 50), percentile(waits, 95)
    measured = f"p50 {middle:.0f} ms, p95 {late:.0f} ms over {len(waits)} of {len(turns)} turns; {cut_offs} cut off"
    passed = len(waits) == len(turns) and middle < bar and cut_offs <= CUT_OFFS * len(turns)
    details = [f"### {what}", "", "| ms after the end of speech | p50 | p95 |", "| --- | ---: | ---: |"]
    for stage in STAGES:
        values = times(turns, stage)
        details.append(f"| {stage} | {percentile(values, 50):.0f} | {percentile(values, 95):.0f} |")
    until_judged = percentile(times(turns, "speech_stopped"), 50)
    details += ["", f"{until_judged:.0f} ms of the middle are the pause until the turn counts as over, its judgement included.", ""]
    return Row(f"voice to voice, {what}", f"p50 < {bar} ms, at most 8 % cut off", measured, passed, details)
