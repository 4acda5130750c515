"""A tab that dies in the middle of a conversation and is loaded again."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from console import sounds
from console.browser import Chromium
from console.console import Console, address
from console.scripts import STORY, scripted
from interop.waiting import until


def killed_tab() -> str:
    """The tab's process dies in mid-answer: loaded again, Talk goes on in the same session, and the answer is heard to its end."""
    with TemporaryDirectory(prefix="parley-console-") as folder, scripted() as server:
        microphone = sounds.write(Path(folder) / "microphone.wav", 20.0)
        with Chromium(address(server), microphone) as page:
            console = Console(page)
            console.talk()
            session = console.event("session.created")["session"]["id"]
            console.write("tell me a story")
            until(lambda: len(console.entry("assistant", "").heard.split()) > 4, "five words of the answer")
            heard = len(console.entry("assistant", "").heard.split())
            page.crash(address(server))
            assert "Press Talk soon" in console.entry("note", "The connection was lost").text
            console.talk()
            created = console.event("session.created")
            assert created["session"]["id"] == session, "another session"
            assert created["parley"]["resume"]["complete"], created
            console.entry("user", "tell me a story")
            until(lambda: console.entry("assistant", "").heard.strip() == STORY, "the answer heard to its end", 30)
            console.event("output_audio_buffer.stopped")
            console.hang_up()
            assert page.evaluate("sessionStorage.length") == 0, "the way back is kept after a goodbye"
            return f"{heard} of {len(STORY.split())} words heard before, the rest after"
