"""What goes wrong, and the words and ways a person is given."""

from __future__ import annotations

from contextlib import contextmanager
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from console import sounds
from console.browser import Chromium
from console.console import Console, address
from console.scripts import scripted
from interop.namespace import drop_udp
from interop.waiting import until

from .talking import INTERRUPTION

KEY = "a-key-of-this-test"


@contextmanager
def microphone(*parts: float) -> Iterator[Path]:
    with TemporaryDirectory(prefix="parley-console-") as folder:
        yield sounds.write(Path(folder) / "microphone.wav", *parts)


def denied_microphone() -> str:
    """Says what to do, and talks in writing all the same."""
    with microphone(1.0) as silent, scripted() as server, Chromium(address(server), silent, allowed=False) as page:
        console = Console(page)
        page.click("#call")
        console.reach("The microphone was not allowed.")
        console.write("seven words of mine to be repeated")
        console.entry("assistant", "You said: seven words")
        until(lambda: "microphone is off" in page.text("#activity"), "the page saying that it does not listen")
        return "said so; a text turn without a microphone"


def refused_key() -> str:
    """Asked for once, refused in words, then taken; kept in memory alone unless asked."""
    with microphone(1.0) as silent, scripted(auth={"keys": [KEY]}) as server, Chromium(address(server), silent) as page:
        console = Console(page)
        page.click("#call")
        console.reach("The server asks for a key.")
        page.page.fill("#key", "another-key")
        page.click("#call")
        console.reach("The server refused the key.")
        page.page.fill("#key", KEY)
        with page.page.expect_request(lambda request: "/realtime/calls" in request.url) as placed:
            console.talk()
        assert placed.value.headers["authorization"].startswith("Bearer ek_"), "the call goes with the key itself"
        stored = page.evaluate("JSON.stringify([{ ...sessionStorage }, { ...localStorage }])")
        assert KEY not in stored, f"the key was stored: {stored}"
        assert "parley-scripted" in page.text("#model"), "the models are not listed with the key"
        console.hang_up()
        keep_key(page)
        return "asked, refused, taken; a secret placed the call; kept over a reload when asked"


def keep_key(page: Chromium) -> None:
    """A reload forgets the key, unless the person has ticked that it is to be kept."""
    console = Console(page)
    page.page.reload()
    page.click("#call")
    console.reach("The server asks for a key.")
    page.page.fill("#key", KEY)
    page.page.check("#key-kept")
    console.talk()
    page.page.reload()
    console.talk()
    console.hang_up()


def no_path() -> str:
    """A network without UDP, a server without TCP for media: the conversation is had over WebSocket, heard and shown."""
    drop_udp()
    with microphone(8.0, 1.6, 7.0) as question, scripted(ice={"tcp": False}) as server:
        with Chromium(address(server), question) as page:
            console = Console(page)
            console.talk()
            console.entry("note", "over WebSocket")
            assert page.evaluate("document.getElementById('transport').value") == "websocket"
            console.entry("user", "What time is it?")
            recording = page.record(3)
            seconds, hertz = sounds.loud_seconds(recording.received, recording.rate), sounds.pitch(recording.received, recording.rate)
            assert seconds > 0.5 and 150 < hertz < 440, f"{seconds} s at {hertz:.0f} Hz"
            console.entry("assistant", "You said: What time is it?")
            console.hang_up()
            return f"went over WebSocket; {seconds:.1f} s of the voice at {hertz:.0f} Hz heard"


def interrupted_over_websocket() -> str:
    """There the page is the loudspeaker: it stops, and tells the server how far it came."""
    script = {"hears": ["Tell me a story.", "Stop."], "rules": [{"when": {"user": "story"}, "reply": [{"say": " ".join(["word"] * 40)}]}]}
    with microphone(*INTERRUPTION) as question, scripted(script) as server:
        with Chromium(address(server, transport="websocket"), question) as page:
            console = Console(page)
            console.talk()
            until(lambda: any(entry.cut for entry in console.entries("assistant")), "the text being cut", 40)
            cut = next(entry for entry in console.entries("assistant") if entry.cut)
            heard = len(cut.heard.split())
            assert 2 <= heard < 30 and cut.unheard, cut
            console.hang_up()
            return f"{heard} of 40 words heard, {cut.cut}"


def server_restarts() -> str:
    """The call goes on when the server is back, with what was said."""
    with microphone(1.0) as silent, scripted() as server:
        port = int(server.url.rsplit(":", 1)[1])
        with Chromium(address(server), silent) as page:
            console = Console(page)
            console.talk()
            console.write("remember the word lighthouse")
            console.entry("assistant", "lighthouse")
            server.ask_to_stop()
            server.stop()
            console.reach("The server is away.")
            with scripted(http={"port": port}):
                console.reach("Connected.")
                until(lambda: len(console.events("session.created")) == 2, "the second session")
                restored = until(console.restored, "what was said being given back")
                assert "lighthouse" in restored[0]["content"][0]["text"], restored
                console.write("and go on")
                console.entry("assistant", "You said: and go on")
                assert len(console.entries("user")) == 2, console.entries()
                console.hang_up()
                return f"waited, called again, gave back {len(restored)} items"
