"""Interruptions over a running answer, over WebRTC: speech stops it soon, other sounds never do.

A trial begins a second into an answer. What interrupts is one of the recordings, in many voices; what must not is a cough, a
keyboard, a door (noises.py says where they come from), or the assistant's own voice at -20 dB with reflections and 150 ms late.
The time runs from the first sample of speech that leaves the caller to the last audible frame that reaches it, aiortc's own
jitter buffer included, or to the event that says so where the answer happened to pause.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

import numpy as np

from .. import noises, phone, recordings
from ..caller import percentile
from ..lab import Lab
from ..report import Row, not_run

TITLE = "interruptions"
SHORT = True

COUNT = 40
FEW = 4
LATE_MS = 400
# A call keeps what was said; short ones keep the prompt short.
TRIALS_PER_CALL = 8
ANSWER_SECONDS = 30
ECHO = (0.1, 0.15)
ECHO_SECONDS = 3.0
INSTRUCTIONS = "You are a speaking clock. You only count aloud."
REQUEST = "Count from one to one hundred, in words, separated by commas."


@dataclass
class Trial:
    name: str
    # None: an echo.
    clip: np.ndarray | None
    # Of the clip's first sound, in seconds.
    lead: float = 0.0
    stopped: bool = False
    # From the first sound to the last audible frame, in ms.
    wait: float = 0.0


def run(lab: Lab) -> list[Row]:
    missing = noises.what_is_missing()
    count = FEW if lab.short else COUNT
    with lab.gateway() as server:
        speech = asyncio.run(tried(server.url, interruptions(count)))
        others = [] if missing else asyncio.run(tried(server.url, disturbances(count)))
    waits = [trial.wait for trial in speech if trial.stopped]
    stopped = len(waits)
    late = percentile(waits, 95) if waits else float("inf")
    rows = [
        Row("interruptions that stop the answer", f"{count} of {count}", f"{stopped} of {count}", stopped == count, missed(speech, False)),
        Row("first speech sample to last audible frame", f"p95 ≤ {LATE_MS} ms" if not lab.short else "told only",
            f"p50 {percentile(waits, 50):.0f} ms, p95 {late:.0f} ms" if waits else "none", lab.short or late <= LATE_MS),
    ]
    if missing:
        return [*rows, not_run("coughs, keys, doors, echoes", missing, "0")]
    wrong = sum(trial.stopped for trial in others)
    return [*rows, Row("coughs, keys, doors and echoes at -20 dB that stop it", "0", f"{wrong} of {len(others)}", wrong == 0, missed(others, True))]


def missed(trials: list[Trial], stopped: bool) -> list[str]:
    names = [trial.name for trial in trials if trial.stopped == stopped]
    return [f"{'Stopped by' if stopped else 'Not stopped by'}: {', '.join(names)}", ""] if names else []


def interruptions(count: int) -> list[Trial]:
    """All that are meant as such, then complete turns."""
    found = (recordings.spoken("N") + recordings.spoken("C"))[:count]
    trials = []
    for one in found:
        clip = recordings.load(one.path, noises.RATE)
        trials.append(Trial(f"{one.name} “{one.text}”", clip, first_sound(clip)))
    return trials


def first_sound(clip: np.ndarray) -> float:
    """Seconds before the first 10 ms within 35 dB of the loudest."""
    frames = clip[: len(clip) // 480 * 480].reshape(-1, 480).astype(float)
    level = np.sqrt((frames**2).mean(axis=1))
    return float(np.argmax(level > level.max() * 10 ** (-35 / 20)) * 0.01)


def disturbances(count: int) -> list[Trial]:
    quarter = -(-count // 4)
    return [
        *(Trial(f"cough {index}", noises.cough(index)) for index in range(quarter)),
        *(Trial(f"keys {index}", noises.typing(index)) for index in range(quarter)),
        *(Trial(f"door {index}", noises.door(index)) for index in range(quarter)),
        *(Trial(f"echo {index}", None) for index in range(count - 3 * quarter)),
    ]


async def tried(url: str, trials: list[Trial]) -> list[Trial]:
    for start in range(0, len(trials), TRIALS_PER_CALL):
        async with phone.call(url) as line:
            line.send(type="session.update", session={
                "type": "realtime", "instructions": INSTRUCTIONS,
                "audio": {"input": {"turn_detection": {"type": "semantic_vad", "create_response": False}}}})
            for trial in trials[start : start + TRIALS_PER_CALL]:
                await attempt(line, trial)
                print(f"{'stopped' if trial.stopped else 'went on':8} {trial.wait:5.0f} ms  {trial.name}", flush=True)
    return trials


async def attempt(line: phone.Phone, trial: Trial) -> None:
    await begin_answer(line)
    began = time.monotonic()
    if trial.clip is None:
        line.microphone.echo = ECHO
        seconds = ECHO_SECONDS
    else:
        began = line.microphone.play(trial.clip) + trial.lead
        seconds = len(trial.clip) / noises.RATE + 1
    ending = await line.wait("output_audio_buffer.cleared", "output_audio_buffer.stopped", since=began, seconds=seconds)
    line.microphone.echo = None
    trial.stopped = ending is not None
    if ending:
        at, what = ending
        assert what != "output_audio_buffer.stopped", f"the answer ended by itself under {trial.name}"
        await asyncio.sleep(0.7)
        trial.wait = (max(at, line.last_audible) - began) * 1_000
        await asyncio.sleep(max(0.0, seconds - (time.monotonic() - began)))
    else:
        line.send(type="response.cancel")
        line.send(type="output_audio_buffer.clear")
        await line.wait("output_audio_buffer.cleared", since=began, seconds=5)
    # The next trial meets a quiet line.
    await asyncio.sleep(1.5)


async def begin_answer(line: phone.Phone) -> None:
    asked = time.monotonic()
    line.send(type="response.create", response={
        "input": [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": REQUEST}]}],
        "max_output_tokens": 160})
    started = await line.wait("output_audio_buffer.started", since=asked, seconds=ANSWER_SECONDS)
    assert started, "no answer began"
    await asyncio.sleep(1)
