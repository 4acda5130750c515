"""Spoken questions, and what was heard of the answers."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from .. import browser, paths, recogniser, recordings, sdk
from ..lab import Lab
from ..report import Row

TITLE = "spoken questions, answered aloud"
SHORT = True

# Recordings of ../shared/speech/spoken, and what a sensible answer says: one of these words, as another recogniser hears it.
# They were chosen before any answer was looked at.
QUESTIONS = {
    "C_000": "canberra",
    "C_002": "lighthouse|ship|sea|storm|light",
    "C_011": "austen|austin",
    "C_020": "octopus|octopuses|arms|tentacles|ink|hearts|eight",
    "C_024": "cough|coughing|sneezing|throat|fever|nose|headache",
    "C_028": "56|fifty six|fifty-six",
    "C_035": "heat|warm|air",
    "C_038": "rice|spinach|eggs?",
    "C_044": "1889|1887|eighteen eighty|eighteen eighty-nine",
    "C_047": "crocodiles?|alligators?|snout|water|teeth",
    "C_052": "gift|book|cake|card|flowers|jewelry|watch|chocolates?|present",
    "C_054": "jupiter",
    "C_060": "carpals?|metacarpals?|phalanges|27|twenty-seven|wrist|fingers?|thumb",
    "C_062": "help|well|good|fine|great|assist",
    "C_063": "computer|computers|keyboard|code|program|byte|bug",
    "C_064": "arigat\\w*|arega\\w*|ariga\\w*",
    "C_066": "1969|sixty nine|sixty-nine|69",
    "C_067": "yes|hear|clearly|loud",
    "C_071": "12|twelve",
    "C_078": "three|3",
}
# What the short form asks, each way.
SHORT_FORM = ["C_000", "C_011", "C_066"]


@dataclass
class Turn:
    """What came of one question."""

    question: recordings.Utterance
    rule: str
    understood: str = ""
    heard: str = ""

    @property
    def is_sensible(self) -> bool:
        return bool(re.search(rf"\b(?:{self.rule})\b", self.heard.lower()))

    def line(self) -> str:
        word = "yes" if self.is_sensible else "**no**"
        return f"| {self.question.text} | {self.understood} | {self.heard} | {word} |"


def run(lab: Lab) -> list[Row]:
    names = SHORT_FORM if lab.short else list(QUESTIONS)
    with lab.gateway() as server:
        with browser.FirstPage(server.url) as page:
            by_browser = [ask_by_browser(page, turn) for turn in turns_of(names)]
        by_sdk = [asyncio.run(ask_by_sdk(server.url, turn)) for turn in turns_of(names)]
    return [
        secrecy(),
        row("Chromium over WebRTC", by_browser),
        row("the `openai` package over WebSocket", by_sdk),
    ]


def turns_of(names: list[str]) -> list[Turn]:
    return [Turn(recordings.utterance(name), QUESTIONS[name]) for name in names]


def secrecy() -> Row:
    """The questions must be new to the product: none may stand in its sources."""
    files = [path for folder in ("Sources", "Web") for path in (paths.ROOT / folder).rglob("*") if path.is_file()]
    sources = " ".join(path.read_text(errors="ignore").lower() for path in files)
    found = [turn.question.text for turn in turns_of(list(QUESTIONS)) if turn.question.text.lower().rstrip("?.") in sources]
    return Row("questions that stand in Sources or Web", "0", f"{len(found)} of {len(QUESTIONS)}", not found)


def row(what: str, turns: list[Turn]) -> Row:
    sensible, needed = sum(turn.is_sensible for turn in turns), -(-len(turns) * 4 // 5)
    details = [f"### {what}", "", "| asked | understood | heard back | sensible |", "| --- | --- | --- | --- |"]
    details += [turn.line() for turn in turns] + [""]
    measured = f"{sensible} of {len(turns)} answered sensibly"
    return Row(what, f"{needed} of {len(turns)}", measured, sensible >= needed, details)


def ask_by_browser(page: browser.FirstPage, turn: Turn) -> Turn:
    call = page.call(recordings.load(turn.question.path))
    turn.heard = call.answer(0)
    understood = call.events("conversation.item.input_audio_transcription.completed")
    turn.understood = " ".join(event["transcript"] for event in understood)
    call.hang_up()
    print(turn.line(), flush=True)
    return turn


async def ask_by_sdk(url: str, turn: Turn) -> Turn:
    async with sdk.conversation(url) as talk:
        await talk.speak(recordings.load(turn.question.path))
        answer = await talk.answer()
    turn.understood, turn.heard = " ".join(talk.heard), recogniser.another().hear(answer.samples())
    print(turn.line(), flush=True)
    return turn
