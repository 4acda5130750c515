"""A conversation over WebSocket that is watched event by event: what a turn brought, and when."""

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

RATE = 24_000
TURN_SECONDS = 60


@dataclass
class Turn:
    """One turn; times in seconds since it was asked for, None where it did not come."""

    started: float
    status: str = ""
    code: str | None = None
    transcript: str = ""
    sound_seconds: float = 0.0
    # First sound, the user's transcript, and the end.
    sound_after: float | None = None
    text_after: float | None = None
    transcript_seconds: float | None = None
    failed_after: float | None = None
    # What the user was heard saying, or the code of why not.
    heard: str | None = None
    transcription_code: str | None = None
    events: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """For a table."""
        parts = [self.status + (f" ({self.code})" if self.code else "")]
        if self.transcription_code:
            parts.append(f"transcription failed ({self.transcription_code})")
        said = self.transcript if len(self.transcript) <= 60 else f"{self.transcript[:25]} … {self.transcript[-30:]}"
        parts.append(f"\"{said}\", {self.sound_seconds:.1f} s of sound")
        if self.sound_after is not None:
            parts.append(f"heard after {self.sound_after * 1_000:.0f} ms")
        if self.failed_after is not None:
            parts.append(f"over after {self.failed_after * 1_000:.0f} ms")
        return ", ".join(parts)


class Talk:
    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.errors: list[str] = []
        self._turn = Turn(time.monotonic())
        self._done = asyncio.Event()
        self._wants_transcript = False

    async def write(self, text: str, **response: Any) -> Turn:
        """A turn in writing, answered aloud."""
        self._begin(wants_transcript=False)
        item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
        await self.connection.conversation.item.create(item=item)
        await self.connection.response.create(response=response)
        return await self._over()

    async def say(self, samples: np.ndarray, **response: Any) -> Turn:
        """A spoken turn, int16 at 24 kHz, whose end is said by the client."""
        await self.connection.input_audio_buffer.append(audio=base64.b64encode(samples.astype("<i2").tobytes()).decode())
        self._begin(wants_transcript=True)
        await self.connection.input_audio_buffer.commit()
        await self.connection.response.create(response=response)
        return await self._over()

    def _begin(self, wants_transcript: bool) -> None:
        self._turn, self._wants_transcript = Turn(time.monotonic()), wants_transcript
        self._done.clear()

    async def _over(self) -> Turn:
        await asyncio.wait_for(self._done.wait(), TURN_SECONDS)
        return self._turn

    async def listen(self) -> None:
        async for event in self.connection:
            turn, now = self._turn, time.monotonic() - self._turn.started
            turn.events.append(event.type)
            match event.type:
                case "error":
                    self.errors.append(f"{event.error.code}: {event.error.message}")
                case "response.output_audio.delta":
                    turn.sound_after = turn.sound_after if turn.sound_after is not None else now
                    turn.sound_seconds += len(base64.b64decode(event.delta)) / 2 / RATE
                case "response.output_audio_transcript.delta" | "response.output_text.delta":
                    turn.text_after = turn.text_after if turn.text_after is not None else now
                case "response.output_audio_transcript.done":
                    turn.transcript = f"{turn.transcript} {event.transcript}".strip()
                case "response.output_text.done":
                    turn.transcript = f"{turn.transcript} {event.text}".strip()
                case "conversation.item.input_audio_transcription.completed":
                    turn.heard, turn.transcript_seconds = event.transcript, now
                case "conversation.item.input_audio_transcription.failed":
                    turn.transcription_code, turn.transcript_seconds = event.error.code, now
                case "response.done":
                    turn.status, turn.failed_after = event.response.status, now
                    details = event.response.status_details
                    turn.code = details.error.code if details and details.error else None
            if turn.status and (turn.transcript_seconds is not None or not self._wants_transcript):
                self._done.set()


@asynccontextmanager
async def talk(url: str, model: str, modality: str = "audio", **session: Any) -> AsyncIterator[Talk]:
    """A session on `model` at `url` whose turns the client ends."""
    client = AsyncOpenAI(api_key="none-is-asked-for", base_url=f"{url}/v1")
    async with client.realtime.connect(model=model) as connection:
        conversation = Talk(connection)
        audio = {"input": {"transcription": {"model": "whisper-1"}, "turn_detection": None}}
        await connection.session.update(
            session={"type": "realtime", "audio": audio, "output_modalities": [modality]} | session)
        listener = asyncio.create_task(conversation.listen())
        try:
            yield conversation
        finally:
            listener.cancel()
            await asyncio.gather(listener, return_exceptions=True)
