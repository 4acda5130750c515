"""A session that the page saved, replayed by the command `parley replay`."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from console import sounds
from console.browser import Chromium
from console.console import Console, address
from console.scripts import DEFAULT, scripted
from interop.server import COMMAND, Server
from interop.waiting import until

from .talking import CLOCK

OTHER = {"rules": [{"when": {"tool_output": "get_time"}, "reply": [{"say": "It is late."}]}, *DEFAULT["rules"][1:]]}
LIMIT_SECONDS = 60
# The browser begins the file again at its end, which must not come.
QUESTION = (2.0, 1.6, 120.0)


def saved_and_replayed() -> str:
    with TemporaryDirectory(prefix="parley-console-") as folder:
        file = Path(folder) / "session.jsonl"
        with scripted() as server:
            record(server, file)
            again = replay(server, file)
        assert again.returncode == 0, again.stdout + again.stderr
        assert "It was a WebRTC call, whose sound is not in the file: 1 spoken turn goes in writing." in again.stdout, again.stdout
        assert "Turn 1\n  you   What time is it?\n  same  calls get_time {}" in again.stdout, again.stdout
        assert "same  I have looked at the clock for you." in again.stdout, again.stdout
        assert "Turn 3\n  you   and seven words\n  same  You said: and seven words" in again.stdout, again.stdout
        with scripted(OTHER) as server:
            other = replay(server, file)
            assert other.returncode == 0, other.stdout + other.stderr
            assert "then  I have looked at the clock for you.\n  now   It is late." in other.stdout, other.stdout
            refused(server, file)
            broken(server, file)
        return "three turns, one spoken, with a tool; the same answers, others, an error, a broken file: each in words"


def record(server: Server, file: Path) -> None:
    """A spoken question that a tool answers, and a written one."""
    microphone = sounds.write(file.parent / "microphone.wav", *QUESTION)
    with Chromium(address(server, tools=CLOCK), microphone) as page:
        console = Console(page)
        console.talk()
        console.event("response.done", 2)
        console.event("output_audio_buffer.stopped")
        console.write("and seven words")
        console.event("response.done", 3)
        # Hung up before, the page would cut the words that were not heard, some time later.
        console.event("output_audio_buffer.stopped", 2)
        console.hang_up()
        console.show("events")
        with page.page.expect_download() as download:
            page.click("#event-save")
        download.value.save_as(file)
        stays(page, console, file)


def stays(page: Chromium, console: Console, file: Path) -> None:
    """A file that is none takes nothing of what there is."""
    said = [entry.text for entry in console.entries()]
    torn = file.with_name("torn.jsonl")
    torn.write_text(file.read_text()[:-20])
    page.page.set_input_files("#event-load", torn)
    until(lambda: page.text("#event-count") == "The file is not lines of JSON.", "the page saying so")
    assert [entry.text for entry in console.entries()] == said, "the conversation is not what it was"


def refused(server: Server, file: Path) -> None:
    """An error that the recording does not have is the end's status."""
    head, *lines = file.read_text().splitlines()
    wrong = {"ms": 1e6, "from": "client", "event": {"type": "conversation.item.delete", "item_id": "none-such"}}
    longer = file.with_name("longer.jsonl")
    longer.write_text("\n".join([head, *lines, json.dumps(wrong)]) + "\n")
    given = replay(server, longer)
    assert given.returncode == 1, given.stdout + given.stderr
    assert "An error that the recording does not have: " in given.stdout and "none-such" in given.stdout, given.stdout


def broken(server: Server, file: Path) -> None:
    """Named with its line, before anything is sent; the file stays as it is."""
    torn = file.with_name("torn.jsonl")
    text = torn.read_text()
    given = replay(server, torn)
    last = len(text.splitlines())
    assert given.returncode == 1 and not given.stdout, given.stdout + given.stderr
    assert f"torn.jsonl cannot be read. Line {last} is not JSON" in given.stderr, given.stderr
    assert torn.read_text() == text
    server.ask_to_stop()
    server.stop()
    away = replay(server, file)
    assert away.returncode == 1 and "cannot be reached" in away.stderr and server.url in away.stderr, away.stderr


def replay(server: Server, file: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, "replay", str(file), "--url", server.url], capture_output=True, text=True, timeout=LIMIT_SECONDS)
