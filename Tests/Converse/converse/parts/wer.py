"""Word errors of the whole path, from Chromium's encoder to the transcript, beside the recogniser alone."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .. import browser, recogniser, recordings
from ..browser import Call
from ..lab import Lab
from ..report import Row
from ..words import errors, interval, normalised

TITLE = "word errors of the whole path"
SHORT = False

# Ends a turn without answering it; the recordings' own pauses do not cut them short.
TURNS = {"type": "server_vad", "silence_duration_ms": 500, "create_response": False}
# After this much silence the server has ended the turn.
PAUSE_SECONDS = 1.0
TRANSCRIPT_SECONDS = 60
NEEDED_WORDS = 500
# How much worse the path may be, in points.
BAR = 0.01


@dataclass
class Heard:
    name: str
    reference: list[str]
    alone: list[str]
    path: list[str]


def run(lab: Lab) -> list[Row]:
    with lab.gateway() as server, browser.FirstPage(server.url) as page:
        call = page.live_call()
        audio = {"input": {"transcription": {"model": "whisper-1"}, "turn_detection": TURNS}}
        call.send({"type": "session.update", "session": {"type": "realtime", "audio": audio}})
        call.wait("session.updated", 2)
        results = [listen(call, path, text) for path, text in material()]
        call.hang_up()
    return rows(results)


def material() -> list[tuple[Path, str]]:
    return recordings.human() + [(one.path, one.text) for one in recordings.spoken()]


def listen(call: Call, path: Path, text: str) -> Heard:
    samples = recordings.load(path)
    before = call.count("conversation.item.input_audio_transcription.completed")
    call.speak(samples)
    transcripts = transcribed(call)[before:]
    alone = recogniser.servers_own().hear(samples)
    heard = Heard(path.stem, normalised(text), normalised(alone), normalised(" ".join(transcripts)))
    wrong = errors(heard.reference, heard.alone), errors(heard.reference, heard.path)
    print(f"{wrong[0]} {wrong[1]} of {len(heard.reference)}  {heard.name}: {' '.join(heard.path)}", flush=True)
    return heard


def transcribed(call: Call) -> list[str]:
    """Every transcript so far, once each turn that began has one."""
    time.sleep(PAUSE_SECONDS)
    end = time.monotonic() + TRANSCRIPT_SECONDS
    kinds = ["conversation.item.input_audio_transcription.completed", "conversation.item.input_audio_transcription.failed"]
    while sum(map(call.count, kinds)) < call.count("input_audio_buffer.speech_started"):
        assert time.monotonic() < end, "a turn has no transcript"
        time.sleep(0.1)
    return [event["transcript"] for event in call.events(kinds[0])]


def rows(results: list[Heard]) -> list[Row]:
    lengths = np.array([len(one.reference) for one in results])
    alone = np.array([errors(one.reference, one.alone) for one in results])
    path = np.array([errors(one.reference, one.path) for one in results])
    words, difference = int(lengths.sum()), float((path - alone).sum() / lengths.sum())
    low, high = interval(path - alone, lengths)
    details = ["Where the path and the recogniser alone differ:", "", "| recording | said | alone | path |", "| --- | --- | --- | --- |"]
    details += [
        f"| {one.name} | {' '.join(one.reference)} | {' '.join(one.alone)} | {' '.join(one.path)} |"
        for one in results
        if one.alone != one.path
    ]
    return [
        Row("reference words", f"{NEEDED_WORDS} or more", f"{words} in {len(results)} recordings", words >= NEEDED_WORDS),
        Row("the recogniser alone", "", rate(alone, lengths), True),
        Row("Opus, SRTP, resampling, voice activity, recogniser", "", rate(path, lengths), True),
        Row(
            "how much worse",
            f"{100 * BAR:.0f} point",
            f"{100 * difference:+.2f} points (95 % of {100 * low:+.2f} to {100 * high:+.2f})",
            difference <= BAR,
            details,
        ),
    ]


def rate(wrong: np.ndarray, lengths: np.ndarray) -> str:
    low, high = interval(wrong, lengths)
    total = 100 * wrong.sum() / lengths.sum()
    return f"{wrong.sum()} of {lengths.sum()} words, {total:.2f} % ({100 * low:.2f} to {100 * high:.2f})"
