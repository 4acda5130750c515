"""A second socket on a call: what the gateway's recogniser understood, and the sound it understood it from."""

from __future__ import annotations

import base64
import contextlib
import json
import threading
from typing import Any, Protocol

import numpy as np
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from . import paths  # noqa: F401
from converse.recordings import RATE, resampled

EVENT_RATE = 24_000
COMPLETED = "conversation.item.input_audio_transcription.completed"


class Listening(Protocol):
    """What a recogniser got of a call: `sounds` as below, complete after `finish`."""

    sounds: list[np.ndarray]

    def finish(self) -> None: ...


class Listener:
    """Reads until the call ends. `sounds`: what each item of the user's was heard as, mono int16 at 16 kHz, in order."""

    def __init__(self, gateway: str, call: str) -> None:
        self.transcripts: list[str] = []
        self.sounds: list[np.ndarray] = []
        address = f"ws{gateway.removeprefix('http')}/v1/realtime?call_id={call.rsplit('/', 1)[-1]}"
        self._socket = connect(address, max_size=None)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def finish(self) -> None:
        self._thread.join(timeout=10)
        self._socket.close()

    def _read(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            for text in self._socket:
                self._take(json.loads(text))

    def _take(self, event: dict[str, Any]) -> None:
        if event["type"] == COMPLETED:
            self.transcripts.append(event["transcript"])
            self._socket.send(json.dumps({"type": "conversation.item.retrieve", "item_id": event["item_id"]}))
        elif event["type"] == "conversation.item.retrieved":
            self.sounds += sounds_of(event)


def sounds_of(event: dict[str, Any]) -> list[np.ndarray]:
    """Of `conversation.item.retrieved`, mono int16 at 16 kHz."""
    sounds = [part["audio"] for part in event["item"].get("content", []) if part.get("audio")]
    return [resampled(np.frombuffer(base64.b64decode(sound), "<i2"), EVENT_RATE, RATE) for sound in sounds]
