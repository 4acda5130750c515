"""Talking from cold: a spoken question, a tool, the answer heard, interruption, writing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from console import sounds
from console.browser import Chromium
from console.console import Console, address
from console.scripts import DEFAULT, STORY, scripted
from interop.firefox import Firefox
from interop.waiting import until

CLOCK = json.dumps([{"type": "function", "name": "get_time", "description": "The time.", "parameters": {"type": "object", "properties": {}}}])
# Speech, and time for an answer.
QUESTION = (2.0, 1.6, 7.0)
# Over the answer to whichever is heard first comes the next: a machine with much to do may take the first for the call's set-up.
INTERRUPTION = (2.0, 1.6, 4.0, 2.8, 2.0)

Opened = Callable[..., Iterator[Console]]


@contextmanager
def in_chromium(parts: tuple[float, ...], script: dict = DEFAULT, **settings: str) -> Iterator[Console]:
    with TemporaryDirectory(prefix="parley-console-") as folder, scripted(script) as server:
        microphone = sounds.write(Path(folder) / "microphone.wav", *parts)
        with Chromium(address(server, **settings), microphone) as page:
            yield Console(page)


@contextmanager
def in_firefox(parts: tuple[float, ...], script: dict = DEFAULT, **settings: str) -> Iterator[Console]:
    """Its fake microphone plays only a tone, so the page plays the file itself."""
    with scripted(script, addresses=[]) as server:
        sounds.write(server.web / "microphone.wav", *parts)
        with Firefox(address(server, {"source": "/microphone.wav"}, **settings)) as page:
            yield Console(page)


def spoken(opened: Opened) -> str:
    """The transcript is right, the tool of the page runs, the answer is heard."""
    with opened(QUESTION, tools=CLOCK) as console:
        console.talk()
        console.entry("user", "What time is it?")
        call = console.entry("call", '"time":')
        assert call.text.startswith("get_time {}") and '"date":' in call.text, call
        heard = answer_heard(console)
        console.entry("assistant", "I have looked at the clock for you.")
        console.hang_up()
        return heard


def answer_heard(console: Console) -> str:
    recording = console.page.record(3)
    seconds = sounds.loud_seconds(recording.received, recording.rate)
    hertz = sounds.pitch(recording.received, recording.rate)
    assert seconds > 1 and 150 < hertz < 440, f"{seconds} s of sound at {hertz:.0f} Hz is not the scripted voice"
    return f"{seconds:.1f} s of the voice at {hertz:.0f} Hz heard"


def interrupted(opened: Opened) -> str:
    """The text is cut where the sound was: what stays is what the server keeps, too."""
    script = DEFAULT | {"hears": ["Tell me a story.", "Stop."]}
    with opened(INTERRUPTION, script) as console:
        console.talk()
        until(lambda: any(entry.cut for entry in console.entries("assistant")), "the text being cut", 40)
        cut = next(entry for entry in console.entries("assistant") if entry.cut)
        assert cut.heard and cut.unheard and STORY == f"{cut.heard} {cut.unheard}".strip(), cut
        kept = kept_by_server(console)
        assert kept.strip() == cut.heard.strip(), f"the server keeps “{kept}”, the page shows “{cut.heard}”"
        console.hang_up()
        return f"{len(cut.heard.split())} of {len(STORY.split())} words heard, {cut.cut}"


def kept_by_server(console: Console) -> str:
    item = console.event("conversation.item.truncated")["item_id"]
    request = json.dumps({"type": "conversation.item.retrieve", "item_id": item})
    console.page.evaluate(f"void parleyDemo.sendMessage({{text: {json.dumps(request)}}})")
    return console.event("conversation.item.retrieved")["item"]["content"][0]["transcript"]


def written(opened: Opened) -> str:
    """A text turn in a call: the words of the answer come one after another."""
    with opened((20.0,)) as console:
        console.talk()
        console.write("seven words of mine to be repeated")
        console.entry("user", "seven words")
        lengths = set()
        until(lambda: lengths.add(len(console.entry("assistant", "").heard.split())) or 9 in lengths, "the whole answer", 20)
        assert len(lengths) >= 5, f"the words came in lumps: {sorted(lengths)}"
        console.hang_up()
        return f"shown with {sorted(lengths)} words"


def push_to_talk() -> str:
    """Between press and release, and only then, something is said."""
    with in_chromium((0.0, 2.5), talk="push-to-talk") as console:
        console.talk()
        console.event("session.updated")
        mouse = console.page.page.mouse
        console.page.page.hover("#hold")
        mouse.down()
        until(lambda: "You are speaking" in console.page.text("#activity"), "the page taking the press")
        recording = console.page.record(2)
        mouse.up()
        console.entry("user", "What time is it?")
        console.entry("assistant", "You said: What time is it?")
        assert sounds.loud_seconds(recording.sent, recording.rate) > 1, "the microphone was off while the button was held"
        assert not console.events("input_audio_buffer.speech_started"), "turns were detected"
        console.hang_up()
        return "one turn, by the button"


def answered_on_request() -> str:
    """Where no answer comes by itself there is a button for it, and nowhere else."""
    with in_chromium((2.0, 1.6, 120.0), respond="false") as console:
        page = console.page.page
        assert not page.is_visible("#answer"), "there is nothing to be answered yet"
        console.talk()
        console.entry("user", "What time is it?")
        until(lambda: "You are answered when you press Answer now." in console.page.text("#activity"), "the page saying so")
        assert not console.events("response.created"), "it answered by itself"
        page.focus("#answer")
        page.keyboard.press("Enter")
        console.entry("assistant", "You said: What time is it?")
        # While it speaks the button does nothing.
        page.keyboard.press("Enter")
        console.event("output_audio_buffer.stopped")
        page.keyboard.press("Space")
        console.event("response.done", 2)
        assert [event["response"]["status"] for event in console.events("response.done")] == ["completed", "completed"]
        console.event("output_audio_buffer.stopped", 2)
        page.check("[name=respond]")
        until(lambda: not page.is_visible("#answer"), "the button going with the need for it")
        page.select_option("#turn", "none")
        until(lambda: page.is_visible("#answer"), "the button coming where turns are not detected")
        assert not console.events("error"), console.events("error")
        console.hang_up()
        assert not page.is_visible("#answer"), "nobody is there to answer"
        return "asked for by keyboard, twice; shown where it is needed"
