"""The console in a browser, driven through `window.parleyDemo` (Web/console/demo.js)."""

from __future__ import annotations

import base64
import json
from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from . import messages, speech
from .waiting import until

# A whole copy of the 3 s that repeat, wherever the recording starts, and room for its way back.
RECORDED_SECONDS = 8


class Page(ABC):
    """What a browser has to be able to do. `evaluate` awaits promises and returns JSON values."""

    @abstractmethod
    def evaluate(self, expression: str) -> Any: ...

    @abstractmethod
    def click(self, selector: str) -> None: ...

    def call(self) -> None:
        """Presses the one button and waits for the call to stand."""
        self.click("#call")
        self.evaluate("parleyDemo.start()")

    def text(self, selector: str) -> str:
        return self.evaluate(f"document.querySelector({json.dumps(selector)}).textContent")

    def exchange(self, message: messages.Message) -> messages.Message:
        """Sends one message and returns the next that comes."""
        if isinstance(message, str):
            reply = self._send({"text": message})
        else:
            reply = self._send({"base64": base64.b64encode(message).decode()})
        return reply["text"] if "text" in reply else base64.b64decode(reply["base64"])

    def _send(self, message: dict[str, str]) -> dict[str, str]:
        return self.evaluate(f"parleyDemo.sendMessage({json.dumps(message)})")

    def record(self, seconds: float = RECORDED_SECONDS) -> speech.Recording:
        recorded = self.evaluate(f"parleyDemo.record({seconds})")
        sent, received = (np.frombuffer(base64.b64decode(recorded[track]), "<i2") for track in ("sent", "received"))
        return speech.Recording(recorded["rate"], sent, received)

    def stats(self) -> dict[str, Any]:
        return self.evaluate("parleyDemo.stats()")


def check_call(page: Page) -> str:
    """A call, every message, the speech, the figures, and hanging up by the button. Returns what was measured."""
    page.call()
    for message in messages.messages():
        messages.check(message, page.exchange(message))
    heard = speech.check(page.record())
    stats = page.stats()
    assert stats["received"] > 0 and stats["roundTripMs"] is not None, stats
    page.click("#call")
    until(lambda: page.text("#state") == "Call ended.", "the page saying that the call has ended")
    return f"{heard}; lost {stats['lost']} of {stats['received']} over {stats['protocol']}"
