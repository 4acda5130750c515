"""Resident memory of the whole process over many turns and sessions."""

from __future__ import annotations

import asyncio
import base64
import json

import numpy as np
import websockets

from .. import recordings
from ..lab import Lab
from ..report import Row
from interop.server import Server

TITLE = "memory"
SHORT = False

TURNS = 100
SESSIONS = 20
# Turns before the line is drawn: caches fill, and the audio a session keeps for its items reaches its 16 MiB.
WARM_UP = 50
BAR_MB = 1_500
# The slope over the turns after the warm-up, by least squares, and over the sessions.
SLOPE_MB = 0.1
RATE = 24_000
PIECE = RATE // 2


def run(lab: Lab) -> list[Row]:
    # Long enough for the 16 MiB of audio that a session keeps to be full before the line is drawn.
    question = np.concatenate([recordings.load(recordings.utterance("C_000").path, RATE), recordings.silence(5.5, RATE)])
    with lab.gateway() as server:
        turns, sessions = asyncio.run(converse(server, question))
    slope = np.polyfit(range(TURNS - WARM_UP), turns[WARM_UP:], 1)[0]
    steps = np.polyfit(range(SESSIONS), sessions, 1)[0]
    most = max(turns + sessions)
    return [
        Row("resident memory with the default models", f"< {BAR_MB} MB", f"{most:.0f} MB at most", most < BAR_MB),
        Row(f"{TURNS} turns of one session", f"under {SLOPE_MB} MB a turn after {WARM_UP}",
            f"{slope:+.3f} MB a turn; {turns[0]:.0f} MB after the first, {turns[WARM_UP]:.0f} after {WARM_UP}, "
            f"{turns[-1]:.0f} after the last", slope < SLOPE_MB),
        Row(f"{SESSIONS} sessions after that", f"under {SLOPE_MB} MB a session",
            f"{steps:+.3f} MB a session; {sessions[0]:.0f} to {sessions[-1]:.0f} MB", steps < SLOPE_MB),
    ]


async def converse(server: Server, question: np.ndarray) -> tuple[list[float], list[float]]:
    """Megabytes after each turn of a long session, then after each short session."""
    url = server.url.replace("http", "ws", 1)
    turns, sessions = [], []
    async with session(url) as socket:
        for _ in range(TURNS):
            await turn(socket, question)
            turns.append(server.resident_kib() / 1024)
            if len(turns) % 10 == 0:
                print(f"{len(turns)} turns: {turns[-1]:.0f} MB", flush=True)
    for _ in range(SESSIONS):
        async with session(url) as socket:
            await turn(socket, question)
        sessions.append(server.resident_kib() / 1024)
    return turns, sessions


def session(url: str) -> websockets.connect:
    return websockets.connect(f"{url}/v1/realtime?model=parley-embedded", max_size=None)


async def turn(socket: websockets.ClientConnection, question: np.ndarray) -> None:
    """The question faster than it can be spoken, so that turns are told by the client; the whole answer."""
    # Short answers, since no more than ten seconds of sound are sent ahead of their being heard.
    manual = {"type": "realtime", "instructions": "Answer with a single word.",
              "audio": {"input": {"turn_detection": None}}}
    await socket.send(json.dumps({"type": "session.update", "session": manual}))
    for start in range(0, len(question), PIECE):
        piece = base64.b64encode(question[start : start + PIECE].tobytes()).decode()
        await socket.send(json.dumps({"type": "input_audio_buffer.append", "audio": piece}))
    for event in ("input_audio_buffer.commit", "response.create"):
        await socket.send(json.dumps({"type": event}))
    async with asyncio.timeout(120):
        async for message in socket:
            event = json.loads(message)
            if event["type"] == "response.done":
                assert event["response"]["status"] == "completed", event["response"]
                return
