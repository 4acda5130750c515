"""The page for everybody: axe's audit in both colour schemes, both widths, idle and in a call, each instrument."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe

from console.browser import Chromium
from console.console import Console, address
from console.scripts import scripted
from interop.waiting import until

from .trouble import microphone

SIZES = {"desk": (1280, 800), "phone": (390, 844)}
GRAVE = ("serious", "critical")
TABS = ("set-up", "turns", "line", "events")


def audit() -> str:
    count = 0
    with microphone(1.0, 1.6, 30.0) as question, scripted() as server:
        for scheme in ("light", "dark"):
            for name, size in SIZES.items():
                with Chromium(address(server), question, scheme=scheme, size=size) as page:
                    count += audit_page(page, f"{scheme}, {name}")
    return f"{count} states of the pages without a serious finding"


def audit_page(page: Chromium, name: str) -> int:
    console = Console(page)
    check(page, f"{name}, idle")
    console.talk()
    console.entry("assistant", "You said")
    for tab in TABS:
        console.show(tab)
        if tab == "events":
            page.evaluate("document.querySelector('#events details').open = true")
        check(page, f"{name}, {tab}")
    console.hang_up()
    page.page.evaluate("document.getElementById('key-form').hidden = false")
    check(page, f"{name}, asking for a key")
    page.page.goto(page.page.url.split("/console/")[0])
    check(page, f"{name}, the first page")
    return len(TABS) + 3


def check(page: Chromium, name: str) -> None:
    found = Axe().run(page.page).response["violations"]
    grave = [violation for violation in found if violation["impact"] in GRAVE]
    words = [f"{violation['id']}: {node['html'][:120]} {node['failureSummary'][:200]}" for violation in grave for node in violation["nodes"]]
    assert not words, f"{name}: " + "\n".join(words)


def by_keyboard() -> str:
    """From the top of the page to a call and back, with keys alone."""
    with microphone(30.0) as silent, scripted() as server, Chromium(address(server), silent) as page:
        keys = page.page.keyboard
        focused = []
        for _ in range(40):
            keys.press("Tab")
            focused.append(page.evaluate("document.activeElement.id || document.activeElement.textContent"))
            if focused[-1] == "call":
                break
        keys.press("Enter")
        Console(page).reach("Connected.")
        for _ in range(6):
            keys.press("Tab")
            if page.evaluate("document.activeElement.id") == "message":
                break
        keys.type("hello")
        keys.press("Enter")
        Console(page).entry("assistant", "You said: hello")
        page.page.focus("#tab-set-up")
        keys.press("ArrowRight")
        assert page.page.is_visible("#panel-turns") and not page.page.is_visible("#panel-set-up")
        keys.press("End")
        assert page.evaluate("document.activeElement.id") == "tab-events"
        page.page.focus("#call")
        keys.press("Enter")
        until(lambda: Console(page).state == "Call ended.", "hanging up by key")
        return f"{len(focused)} steps to the button"
