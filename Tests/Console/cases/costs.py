"""What the page says that a conversation costs."""

from __future__ import annotations

from console.browser import Chromium
from console.console import Console, address
from console.scripts import scripted
from interop.waiting import until

from .trouble import microphone

# Of one token each.
PRICES = {"text_in": 2.0, "audio_in": 5.0, "text_out": 3.0, "audio_out": 7.0}
OWN = "* text-in=2000000 audio-in=5000000 text-out=3000000 audio-out=7000000"
ROWS = """Object.fromEntries([...document.querySelectorAll("#usage div")].map((row) => [row.firstChild.textContent, row.lastChild.textContent]))"""


def of_a_conversation() -> str:
    """By the prices that the server tells, which are those of its configuration."""
    with microphone(60.0) as silent:
        with scripted(prices={"own": [OWN], "currency": "EUR"}) as server, Chromium(address(server), silent) as page:
            cost = written(page)
            until(lambda: shown(page, "Cost here") == f"{cost:.4f} EUR", f"the cost being shown as {cost:.4f} EUR")
            assert shown(page, "At the hosted service").endswith(" EUR"), page.evaluate(ROWS)
        with scripted() as server, Chromium(address(server), silent) as page:
            assert until(lambda: told(page), "the prices being told") == "$0: no price is configured"
            written(page)
            assert shown(page, "Cost here") == "$0: no price is configured", page.evaluate(ROWS)
            hosted = shown(page, "At the hosted service")
            assert hosted.startswith("$0.") and float(hosted[1:]) > 0, hosted
    return f"{cost:.4f} EUR by the configured price; nothing where none is configured, {hosted} by the hosted service"


def written(page: Chromium) -> float:
    """Two turns; what they cost by the server's count of tokens."""
    console = Console(page)
    console.show("turns")
    console.write("one two three")
    console.entry("assistant", "You said: one two three")
    console.write("four")
    console.entry("assistant", "You said: four")
    console.event("response.done", 2)
    return sum(cost(event["response"]["usage"]) for event in console.events("response.done"))


def cost(usage: dict) -> float:
    counts = {f"{kind}_in": usage["input_token_details"][f"{kind}_tokens"] for kind in ("text", "audio")}
    counts |= {f"{kind}_out": usage["output_token_details"][f"{kind}_tokens"] for kind in ("text", "audio")}
    assert not usage["input_token_details"].get("cached_tokens"), usage
    return sum(counts[kind] * price for kind, price in PRICES.items())


def shown(page: Chromium, name: str) -> str:
    return page.evaluate(ROWS)[name]


def told(page: Chromium) -> str | None:
    words = shown(page, "Cost here")
    return None if words == "not told" else words
