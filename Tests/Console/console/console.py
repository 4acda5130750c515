"""What a person does with the console and sees of it, in any browser."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from interop.page import Page
from interop.server import Server
from interop.waiting import until

ENTRIES = """[...document.querySelectorAll("#messages > li")].map((entry) => ({
    kind: entry.className.replace("entry ", ""),
    text: entry.querySelector(".what").textContent,
    heard: entry.querySelector(".what > p > span")?.textContent ?? "",
    unheard: entry.querySelector(".unheard")?.textContent ?? "",
    cut: entry.querySelector(".cut")?.textContent ?? "",
}))"""


@dataclass(frozen=True)
class Entry:
    kind: str
    text: str
    heard: str
    unheard: str
    cut: str


def address(server: Server, query: dict[str, str] | None = None, **settings: Any) -> str:
    """The console with a set-up in its link."""
    asked = f"?{urlencode(query, safe='/')}" if query else ""
    return f"{server.url}/console/{asked}#{urlencode(settings)}"


class Console:
    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def state(self) -> str:
        return self.page.text("#state")

    def talk(self) -> None:
        """Presses the one button and waits for the call to stand."""
        self.page.click("#call")
        self.reach("Connected.")

    def reach(self, words: str, seconds: float = 30) -> None:
        until(lambda: words in self.state, f"the state saying “{words}” (it says “{self.state}”)", seconds)

    def hang_up(self) -> None:
        self.page.click("#call")
        self.reach("Call ended.")

    def write(self, text: str) -> None:
        self.page.evaluate(
            f"(document.getElementById('message').value = {json.dumps(text)}, document.getElementById('message-form').requestSubmit())")

    def entries(self, kind: str | None = None) -> list[Entry]:
        every = [Entry(**entry) for entry in self.page.evaluate(ENTRIES)]
        return [entry for entry in every if kind is None or entry.kind == kind]

    def entry(self, kind: str, words: str, seconds: float = 25) -> Entry:
        """The first entry of a kind that holds the words, once there is one."""
        def found() -> Entry | None:
            return next((entry for entry in self.entries(kind) if words in entry.text), None)

        return until(found, f"an entry of {kind} with “{words}”", seconds)

    def events(self, type: str) -> list[dict[str, Any]]:
        return self.page.evaluate(f"parleyDemo.events({json.dumps(type)})")

    def event(self, type: str, count: int = 1, seconds: float = 25) -> dict[str, Any]:
        """The `count`th event of a type, once it has passed."""
        return until(lambda: self.events(type)[count - 1 : count], f"event {count} of {type}", seconds)[0]

    def restored(self) -> list[dict[str, Any]]:
        """Items of a session before that the page gave to this one, as far as the server has told of them."""
        added = [event["item"] for event in self.events("conversation.item.added")]
        return [item for item in added if item["id"].startswith("restored_")]

    def show(self, tab: str) -> None:
        self.page.click(f"#tab-{tab}")
