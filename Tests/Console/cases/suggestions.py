"""Each of the things that the page suggests to say is tried with real models."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from console import sounds
from console.browser import Chromium
from console.console import Console, address
from converse.lab import Lab, what_is_missing
from interop.waiting import until

# What shows that it worked: a tool called, or words of the answer.
EXPECTED = {
    "Who wrote Romeo and Juliet?": "shakespeare",
    "What time is it?": "get_time",
    "Turn the page blue.": "set_page_colour",
    "How does a rainbow form?": "light|sun|water",
}


def each_tried() -> str:
    if missing := what_is_missing():
        return f"SKIPPED, nothing is shown: {missing}"
    with TemporaryDirectory(prefix="parley-console-") as folder, Lab(short=True).gateway() as server:
        silent = sounds.write(Path(folder) / "microphone.wav", 30.0)
        with Chromium(address(server), silent) as page:
            suggested = page.evaluate("[...document.querySelectorAll('#chips button')].map((chip) => chip.textContent)")
            assert set(suggested) == set(EXPECTED), suggested
            return "; ".join(tried(page, address(server), number, text) for number, text in enumerate(suggested))


def tried(page: Chromium, url: str, number: int, text: str) -> str:
    """In a call of its own, on a page as it is at first."""
    page.page.goto("about:blank")
    page.page.goto(url)
    console = Console(page)
    page.click(f"#chips li:nth-child({number + 1}) button")

    def said() -> str:
        return " / ".join(entry.text for entry in console.entries() if entry.kind in ("assistant", "call"))

    until(lambda: re.search(EXPECTED[text], said(), re.IGNORECASE), f"“{text}” answered with {EXPECTED[text]}", 60)
    if "colour" in EXPECTED[text]:
        until(lambda: page.evaluate("document.documentElement.style.getPropertyValue('--hue')") == "225", "the page being blue")
    return said()[:60]
