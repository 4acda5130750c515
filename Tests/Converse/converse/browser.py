"""The first page in Chromium: its fake microphone plays what a test says, and what arrives is recorded."""

from __future__ import annotations

import base64
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import sync_playwright
from scipy.io import wavfile

from . import paths, recogniser
from .recordings import RATE, resampled, silence
from interop.chromium import CHROMIUM, FLAGS, LOOPBACK

WATCH = (paths.FOLDER / "converse/watch.js").read_text()
MICROPHONE_RATE = 48_000
# The call is up well before that.
BEFORE_SPEAKING_SECONDS = 2.5
ANSWER_SECONDS = 60


class FirstPage:
    """One browser; each `call` opens the page anew and presses its button."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._folder = tempfile.TemporaryDirectory(prefix="parley-converse-", ignore_cleanup_errors=True)
        self._microphone = Path(self._folder.name) / "microphone.wav"
        self._driver = sync_playwright().start()
        flags = [
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-audio-capture={self._microphone}%noloop",
            "--autoplay-policy=no-user-gesture-required",
        ]
        self._browser = self._driver.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=[*FLAGS, *LOOPBACK, *flags]
        )

    def __enter__(self) -> FirstPage:
        return self

    def __exit__(self, *_: object) -> None:
        self._browser.close()
        self._driver.stop()
        self._folder.cleanup()

    def call(self, speech: np.ndarray = silence(0), greeting: bool = False) -> Call:
        """Presses Talk; `speech` (mono int16 at 16 kHz) is said once the call is up, and silence after it."""
        whole = np.concatenate([silence(BEFORE_SPEAKING_SECONDS), speech, silence(ANSWER_SECONDS)])
        wavfile.write(self._microphone, MICROPHONE_RATE, resampled(whole, RATE, MICROPHONE_RATE))
        page = self._open(greeting)
        page.click("#talk")
        return Call(page)

    def live_call(self, greeting: bool = False) -> Call:
        """Presses Talk, with a microphone that says what `Call.speak` is given."""
        page = self._open(greeting)
        page.evaluate("takeOverMicrophone()")
        page.click("#talk")
        call = Call(page)
        call.wait("session.updated")
        return call

    def _open(self, greeting: bool) -> Any:
        page = self._browser.new_page()
        page.add_init_script(WATCH)
        page.on("pageerror", lambda error: print("page error:", error))
        page.goto(self._url)
        page.wait_for_function("document.getElementById('state').textContent.startsWith('Ready')", timeout=60_000)
        if not greeting:
            page.evaluate("document.getElementById('talk').dataset.greeting = ''")
        return page


class Call:
    def __init__(self, page: Any) -> None:
        self.page = page

    def events(self, type: str) -> list[dict[str, Any]]:
        return self.page.evaluate("type => watched.events.filter((event) => event.type === type)", type)

    def wait(self, type: str, count: int = 1, seconds: float = ANSWER_SECONDS) -> dict[str, Any]:
        """The event that is the `count`th of its type."""
        expression = "([type, count]) => watched.events.filter((event) => event.type === type)[count - 1]"
        return self.page.wait_for_function(expression, arg=[type, count], timeout=seconds * 1000).json_value()

    def count(self, type: str) -> int:
        return len(self.events(type))

    def speak(self, samples: np.ndarray) -> None:
        """Says mono int16 at 16 kHz into a live call's microphone; returns when it has been said."""
        self.page.evaluate("base64 => speak(base64)", base64.b64encode(samples.astype("<i2").tobytes()).decode())

    def write(self, text: str, role: str = "user", answered: bool = True) -> None:
        """A message in writing; without an answer it is context for later."""
        item = {"type": "message", "role": role, "content": [{"type": "input_text", "text": text}]}
        self.send({"type": "conversation.item.create", "item": item})
        if answered:
            self.send({"type": "response.create"})

    def answer(self, spoken_before: int) -> str:
        """What another recogniser hears of the answer that ends after `spoken_before` others did."""
        self.wait("output_audio_buffer.stopped", spoken_before + 1)
        return recogniser.another().hear(self.sound())

    def send(self, event: dict[str, Any]) -> None:
        self.page.evaluate("event => watched.channel.send(JSON.stringify(event))", event)

    def sound(self) -> np.ndarray:
        """What arrived since the last time, mono int16 at 16 kHz."""
        taken = self.page.evaluate("takeSound()")
        samples = np.frombuffer(base64.b64decode(taken["base64"]), "<i2")
        return resampled(samples, taken["rate"], RATE) if len(samples) else silence(0)

    def state(self) -> str:
        return self.page.text_content("#state")

    def hang_up(self) -> None:
        self.page.click("#talk")
        self.page.close()
