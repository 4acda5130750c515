#!/usr/bin/env python3
"""Speaks questions to a live `parley serve` with the embedded engine, listens to the answers and prints a table.

    run.py [--questions N] [--speech FOLDER] [--models FOLDER]

The questions are recordings (../shared/speech/spoken beside the clone, or FOLDER); they go over a WebSocket in real time, with
silence after them, so that voice activity ends the turn. The answer's sound goes back to the server in a transcription
session, and what is heard there must hold a word that the right answer holds: the stated rule. The exit status is 0 when at least
two thirds are right and every question got a sound; without models or recordings nothing is shown, which is said.
"""

from __future__ import annotations

import argparse
import array
import asyncio
import base64
import json
import os
import re
import sys
import time
import wave
from dataclasses import dataclass, field
from pathlib import Path

import websockets

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/Interop"))

from interop.server import Server  # noqa: E402

# Recording, and words of which the right answer has one.
QUESTIONS = [
    ("C_000_af_heart.wav", ["canberra"]),
    ("C_011_af_bella.wav", ["austen", "austin"]),
    ("C_028_af_heart.wav", ["56", "fifty six", "fifty-six"]),
    ("C_054_bf_emma.wav", ["jupiter"]),
    ("C_066_bm_fable.wav", ["1969", "sixty nine", "sixty-nine", "69"]),
    ("C_078_af_aoede.wav", ["three", "3"]),
    ("C_062_af_kore.wav", ["help", "well", "good", "fine", "great", "assist"]),
    ("C_079_af_nicole.wav", ["help", "assist", "answer", "question", "information"]),
    ("C_063_af_sky.wav", ["computer", "why", "keyboard", "code", "program", "byte"]),
]
RATE = 24_000
FRAME_SECONDS = 0.02
TURN_SECONDS = 40
LOAD_SECONDS = 120


@dataclass
class Turn:
    """What came of one question."""

    recording: str
    wanted: list[str]
    question: str = ""
    transcript: str = ""
    heard: str = ""
    sound: bytearray = field(default_factory=bytearray)
    end_of_speech: float = 0
    first_sound: float | None = None

    @property
    def is_right(self) -> bool:
        return any(re.search(rf"\b{re.escape(word)}", self.heard.lower()) for word in self.wanted)

    @property
    def wait(self) -> float:
        """Seconds from the end of the recorded speech to the first sound of the answer."""
        return (self.first_sound or 0) - self.end_of_speech


def load(path: Path) -> bytes:
    """PCM16 at 24 kHz of a recording at 16 kHz."""
    with wave.open(str(path)) as file:
        assert file.getframerate() == 16_000 and file.getnchannels() == 1, path
        samples = array.array("h", file.readframes(file.getnframes()))
    samples.append(samples[-1])
    result = array.array("h")
    for index in range((len(samples) - 1) * 3 // 2):
        left, part = divmod(index * 2, 3)
        result.append((samples[left] * (3 - part) + samples[left + 1] * part) // 3)
    return result.tobytes()


async def speak(socket: websockets.ClientConnection, sound: bytes, until: asyncio.Event, turn: Turn | None) -> None:
    """Sends the sound in real time, then silence until the event."""
    size = int(RATE * FRAME_SECONDS) * 2
    start, count = time.monotonic(), 0
    while not until.is_set():
        assert count * FRAME_SECONDS < TURN_SECONDS + len(sound) / RATE / 2, "no answer in time"
        frame = sound[count * size : (count + 1) * size].ljust(size, b"\0")
        await socket.send(json.dumps({"type": "input_audio_buffer.append", "audio": base64.b64encode(frame).decode()}))
        count += 1
        if turn and count * size >= len(sound) and not turn.end_of_speech:
            turn.end_of_speech = time.monotonic()
        await asyncio.sleep(max(0.0, start + count * FRAME_SECONDS - time.monotonic()))


async def ask(address: str, turn: Turn, recording: Path) -> None:
    """One conversation of one turn."""
    done = asyncio.Event()

    async def listen(socket: websockets.ClientConnection) -> None:
        async for message in socket:
            event = json.loads(message)
            match event["type"]:
                case "error":
                    raise AssertionError(event["error"]["message"])
                case "response.output_audio.delta":
                    turn.first_sound = turn.first_sound or time.monotonic()
                    turn.sound += base64.b64decode(event["delta"])
                case "response.output_audio_transcript.done":
                    turn.transcript += event["transcript"]
                case "conversation.item.input_audio_transcription.completed":
                    turn.question = event["transcript"]
                case "response.done":
                    assert event["response"]["status"] == "completed", event["response"]
                    done.set()
                    return

    async with websockets.connect(f"{address}?model=parley-embedded", max_size=None) as socket:
        await socket.send(json.dumps({"type": "session.update", "session": {
            "type": "realtime", "audio": {"input": {"transcription": {"model": "whisper-1"}}}}}))
        async with asyncio.TaskGroup() as group:
            group.create_task(listen(socket))
            group.create_task(speak(socket, load(recording), done, turn))


async def transcribe(address: str, sound: bytes) -> str:
    """What the recogniser hears in a sound, by a transcription session."""
    async with websockets.connect(f"{address}?intent=transcription", max_size=None) as socket:
        await socket.send(json.dumps({"type": "session.update", "session": {
            "type": "transcription",
            "audio": {"input": {"transcription": {"model": "whisper-1"}, "turn_detection": None}}}}))
        for start in range(0, len(sound), RATE):
            piece = base64.b64encode(sound[start : start + RATE]).decode()
            await socket.send(json.dumps({"type": "input_audio_buffer.append", "audio": piece}))
        await socket.send(json.dumps({"type": "input_audio_buffer.commit"}))
        async for message in socket:
            event = json.loads(message)
            if event["type"] == "conversation.item.input_audio_transcription.completed":
                return event["transcript"]
            assert event["type"] not in ("error", "conversation.item.input_audio_transcription.failed"), event
    raise AssertionError("the session ended without a transcript")


async def converse(address: str, turns: list[Turn], folder: Path) -> None:
    for turn in turns:
        await asyncio.wait_for(ask(address, turn, folder / turn.recording), 2 * TURN_SECONDS)
        assert turn.sound, f"{turn.recording} got no sound"
        turn.heard = await asyncio.wait_for(transcribe(address, bytes(turn.sound)), TURN_SECONDS)
        mark = "right" if turn.is_right else "WRONG"
        print(f"{mark}  {turn.wait:5.2f} s  {turn.question!r}\n              said  {turn.transcript!r}"
              f"\n              heard {turn.heard!r}", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=len(QUESTIONS))
    parser.add_argument("--speech", type=Path, default=ROOT.parent / "shared/speech/spoken")
    parser.add_argument("--models", type=Path)
    arguments = parser.parse_args()
    if not arguments.speech.is_dir():
        print(f"SKIPPED, nothing is shown: no recordings in {arguments.speech}")
        return 0
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "parley"
    models = {"directory": str((arguments.models or cache).resolve())}
    if not Path(models["directory"]).is_dir():
        print(f"SKIPPED, nothing is shown: no models in {models['directory']} (make models)")
        return 0
    turns = [Turn(recording, wanted) for recording, wanted in QUESTIONS[: arguments.questions]]
    with Server(["127.0.0.1"], start_seconds=LOAD_SECONDS, engine={"embedded": True}, models=models) as server:
        asyncio.run(converse(server.url.replace("http", "ws", 1) + "/v1/realtime", turns, arguments.speech))
    right = sum(turn.is_right for turn in turns)
    waits = sorted(turn.wait for turn in turns)
    print(f"{right} of {len(turns)} answered rightly; from the end of speech to the first sound "
          f"{waits[len(waits) // 2]:.2f} s in the middle, {waits[-1]:.2f} s at most")
    return 0 if right * 3 >= len(turns) * 2 else 1


if __name__ == "__main__":
    sys.exit(main())
