"""One call through a bad network, by one of two peers, and what each side made of it."""

from __future__ import annotations

import asyncio
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path as File

import numpy as np

from . import paths  # noqa: F401
from .answers import Answers
from .front import Front
from .listener import Listening
from .sound import intelligibility
from converse import caller, phone, recordings
from converse.browser import FirstPage
from converse.recordings import RATE, Utterance, resampled
from converse.words import errors, normalised

PLACED_SECONDS = 20
# Ends a turn by silence alone; the recordings' own pauses do not cut them short.
TURNS = {"type": "server_vad", "silence_duration_ms": 500}
ANSWER_SECONDS = 30


@dataclass(frozen=True)
class Heard:
    """One utterance: what was said, and how many words of it came out wrong."""

    name: str
    words: int
    wrong: int
    text: str


@dataclass
class Outcome:
    heard: list[Heard] = field(default_factory=list)
    # STOI of what the gateway's recogniser got, of each utterance, and of what the client heard, of each answer.
    at_gateway: list[float] = field(default_factory=list)
    at_client: list[float] = field(default_factory=list)
    failure: str | None = None


def parley(front: Front, utterances: list[Utterance], answer: np.ndarray) -> Outcome:
    """By `parley call`."""
    return _listened(front, utterances, lambda: _parley(front, utterances, answer))


def chromium(front: Front, utterances: list[Utterance], answer: np.ndarray) -> Outcome:
    """By the first page in a browser of its own."""
    return _listened(front, utterances, lambda: _chromium(front, utterances, answer))


def aiortc(front: Front, utterances: list[Utterance], answer: np.ndarray) -> Outcome:
    """By aiortc, which sends neither redundancy nor reports of loss that ask for it."""
    return _listened(front, utterances, lambda: asyncio.run(_aiortc(front, utterances, answer)))


def _listened(front: Front, utterances: list[Utterance], call: Callable[[], Outcome]) -> Outcome:
    """A call with a listener beside it."""
    listeners: list[Listening] = []
    waiter = threading.Thread(target=lambda: listeners.extend(_listen(front)), daemon=True)
    waiter.start()
    try:
        outcome = call()
    except (caller.CallFailed, AssertionError, TimeoutError) as error:
        outcome = Outcome(failure=f"{type(error).__name__}: {error}"[:200])
    waiter.join()
    for listener in listeners:
        listener.finish()
        outcome.at_gateway = intelligibilities([recordings.load(one.path) for one in utterances], listener.sounds)
    return outcome


def _listen(front: Front) -> list[Listening]:
    end = time.monotonic() + PLACED_SECONDS
    while time.monotonic() < end:
        if listener := front.listener():
            return [listener]
        time.sleep(0.02)
    return []


def intelligibilities(speech: list[np.ndarray], sounds: list[np.ndarray]) -> list[float]:
    """Of each utterance in all that was heard; the last place of one is where the next is looked for."""
    gap = recordings.silence(1)
    whole = np.concatenate([gap, *(part for sound in sounds for part in (sound, gap))])
    scores = [intelligibility(one, whole) for one in speech]
    return [score for score in scores if score is not None]


def _parley(front: Front, utterances: list[Utterance], answer: np.ndarray) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="parley-impair-") as folder:
        record = File(folder) / "heard.wav"
        report = asyncio.run(caller.call(
            front.url, [one.path for one in utterances],
            "--model", Answers.NAME, "--turn-detection", "server_vad", "--out", str(record)))
        sound = recordings.load(record)
    said = {one.path.name: one for one in utterances}
    outcome = Outcome([score(said[turn["recording"]], turn["question"]) for turn in report["turns"]])
    outcome.at_client = each_answer(answer, sound)
    return outcome


def _chromium(front: Front, utterances: list[Utterance], answer: np.ndarray) -> Outcome:
    outcome = Outcome()
    with FirstPage(f"{front.url}/?model={Answers.NAME}") as page:
        call = page.live_call()
        audio = {"input": {"transcription": {"model": "whisper-1"}, "turn_detection": TURNS}}
        call.send({"type": "session.update", "session": {"type": "realtime", "audio": audio}})
        call.wait("session.updated", 2)
        for utterance in utterances:
            spoken = call.count("output_audio_buffer.stopped")
            before = call.count("conversation.item.input_audio_transcription.completed")
            call.sound()
            call.speak(recordings.load(utterance.path))
            call.wait("output_audio_buffer.stopped", spoken + 1, ANSWER_SECONDS)
            call.wait("conversation.item.input_audio_transcription.completed", before + 1, ANSWER_SECONDS)
            events = call.events("conversation.item.input_audio_transcription.completed")[before:]
            outcome.heard.append(score(utterance, " ".join(event["transcript"] for event in events)))
            # What was sent may still be on its way.
            time.sleep(0.5)
            outcome.at_client += each_answer(answer, call.sound())
        call.hang_up()
    return outcome


async def _aiortc(front: Front, utterances: list[Utterance], answer: np.ndarray) -> Outcome:
    outcome = Outcome()
    async with phone.call(front.url, Answers.NAME) as call:
        audio = {"input": {"transcription": {"model": "whisper-1"}, "turn_detection": TURNS}}
        call.send(type="session.update", session={"type": "realtime", "audio": audio})
        await _wait(call, "session.updated", 0)
        for utterance in utterances:
            call.sound.clear()
            start = call.microphone.play(recordings.load(utterance.path, phone.RATE))
            await _wait(call, "output_audio_buffer.stopped", start)
            await _wait(call, "conversation.item.input_audio_transcription.completed", start)
            completed = [event for at, event in call.events if at >= start and event["type"].endswith("transcription.completed")]
            outcome.heard.append(score(utterance, " ".join(event["transcript"] for event in completed)))
            # What was sent may still be on its way.
            await asyncio.sleep(0.5)
            outcome.at_client += each_answer(answer, resampled(call.heard(), phone.RATE, RATE))
    return outcome


async def _wait(call: phone.Phone, kind: str, since: float) -> None:
    if await call.wait(kind, since=since, seconds=ANSWER_SECONDS) is None:
        raise TimeoutError(f"no {kind} in {ANSWER_SECONDS} s")


def score(utterance: Utterance, text: str) -> Heard:
    reference, heard = normalised(utterance.text), normalised(text)
    return Heard(utterance.name, len(reference), errors(reference, heard), text)


def each_answer(answer: np.ndarray, sound: np.ndarray) -> list[float]:
    """STOI of every stretch of sound that is about as long as the answer."""
    return [
        score for stretch in stretches(sound, len(answer)) if (score := intelligibility(answer, stretch)) is not None
    ]


def stretches(sound: np.ndarray, length: int) -> list[np.ndarray]:
    """What stands between pauses of a second, and some silence around it."""
    window, edge = RATE // 50, RATE // 2
    loud = np.abs(sound[: len(sound) // window * window].astype(np.int32)).reshape(-1, window).max(1) > 300
    places = np.flatnonzero(loud)
    if len(places) == 0:
        return []
    breaks = np.flatnonzero(np.diff(places) > 50)
    first = places[np.concatenate([[0], breaks + 1])] * window
    last = (places[np.concatenate([breaks, [len(places) - 1]])] + 1) * window
    padded = np.concatenate([recordings.silence(1), sound, recordings.silence(1)])
    return [
        padded[begin + RATE - edge : end + RATE + edge]
        for begin, end in zip(first, last, strict=True)
        if end - begin > length // 2
    ]
