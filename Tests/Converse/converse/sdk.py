"""A conversation over WebSocket with the `openai` package as it is."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from openai import AsyncOpenAI

from .recordings import RATE, resampled

WIRE_RATE = 24_000
FRAME_SECONDS = 0.02
ANSWER_SECONDS = 60
MODEL = "parley-embedded"


@dataclass
class Answer:
    """One response: what was said, by the server's words and by its sound (mono int16 at 24 kHz)."""

    status: str = ""
    transcript: str = ""
    sound: bytearray = field(default_factory=bytearray)
    calls: list[Any] = field(default_factory=list)
    first_sound: float | None = None

    def samples(self) -> np.ndarray:
        """At 16 kHz, as recognisers want it."""
        return resampled(np.frombuffer(bytes(self.sound), "<i2"), WIRE_RATE, RATE)


class Conversation:
    """A microphone that is always open: sound goes in real time, silence where there is none."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        # Event names in order; what the user was heard saying; answers that ended.
        self.events: list[str] = []
        self.heard: list[str] = []
        self.items: dict[str, Any] = {}
        self._answers: asyncio.Queue[Answer] = asyncio.Queue()
        self._queue = np.zeros(0, np.int16)
        self.current = Answer()
        self.end_of_speech = 0.0

    async def speak(self, samples: np.ndarray, rate: int = RATE) -> None:
        """Puts sound into the microphone and returns when it has been said."""
        self._queue = np.concatenate([self._queue, resampled(samples, rate, WIRE_RATE)])
        while len(self._queue):
            await asyncio.sleep(FRAME_SECONDS)
        self.end_of_speech = time.monotonic()

    async def answer(self) -> Answer:
        """The next response that ends."""
        return await asyncio.wait_for(self._answers.get(), ANSWER_SECONDS)

    async def write(self, text: str, role: str = "user", answered: bool = True) -> None:
        kind = "output_text" if role == "assistant" else "input_text"
        await self.connection.conversation.item.create(
            item={"type": "message", "role": role, "content": [{"type": kind, "text": text}]}
        )
        if answered:
            await self.connection.response.create()

    async def item(self, identifier: str) -> Any:
        """The item as the server has it."""
        self.items.pop(identifier, None)
        await self.connection.conversation.item.retrieve(item_id=identifier)
        async with asyncio.timeout(10):
            while identifier not in self.items:
                await asyncio.sleep(FRAME_SECONDS)
        return self.items[identifier]

    async def _microphone(self) -> None:
        size = int(WIRE_RATE * FRAME_SECONDS)
        start, count = time.monotonic(), 0
        while True:
            frame, self._queue = self._queue[:size], self._queue[size:]
            frame = np.pad(frame, (0, size - len(frame)))
            await self.connection.input_audio_buffer.append(audio=base64.b64encode(frame.astype("<i2").tobytes()).decode())
            count += 1
            await asyncio.sleep(max(0.0, start + count * FRAME_SECONDS - time.monotonic()))

    async def _listen(self) -> None:
        async for event in self.connection:
            self.events.append(event.type)
            match event.type:
                case "error":
                    raise AssertionError(event.error.message)
                case "response.created":
                    self.current = Answer()
                case "response.output_audio.delta":
                    self.current.first_sound = self.current.first_sound or time.monotonic()
                    self.current.sound += base64.b64decode(event.delta)
                case "response.output_audio_transcript.done":
                    self.current.transcript += event.transcript
                case "response.output_item.done" if event.item.type == "function_call":
                    self.current.calls.append(event.item)
                case "conversation.item.input_audio_transcription.completed":
                    self.heard.append(event.transcript)
                case "conversation.item.retrieved":
                    self.items[event.item.id] = event.item
                case "response.done":
                    self.current.status = event.response.status
                    self._answers.put_nowait(self.current)


@asynccontextmanager
async def conversation(url: str, model: str = MODEL, **session: Any) -> AsyncIterator[Conversation]:
    """Connects to an engine of the server at `url`; `session` is sent as session.update, with transcription of the user on."""
    client = AsyncOpenAI(api_key="none-is-asked-for", base_url=f"{url}/v1")
    async with client.realtime.connect(model=model) as connection:
        talk = Conversation(connection)
        audio = {"input": {"transcription": {"model": "whisper-1"}}}
        await connection.session.update(session={"type": "realtime", "audio": audio} | session)
        tasks = [asyncio.create_task(talk._listen()), asyncio.create_task(talk._microphone())]
        body = asyncio.current_task()
        for task in tasks:
            # What goes wrong in them ends the conversation.
            task.add_done_callback(lambda task: body.cancel() if not task.cancelled() and task.exception() else None)
        try:
            yield talk
        except asyncio.CancelledError:
            for task in tasks:
                if task.done() and not task.cancelled() and task.exception():
                    raise AssertionError(str(task.exception())) from task.exception()
            raise
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
