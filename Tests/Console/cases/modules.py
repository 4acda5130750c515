"""The page's modules without a call, by example."""

from __future__ import annotations

import json
from typing import Any

from console.browser import Chromium
from console.console import address
from console.scripts import scripted

from .trouble import microphone

SUMS = {
    "12 * 3": 36, "2 + 3 * 4": 14, "(2 + 3) * 4": 20, "-2 ^ 2": -4, "2 ^ 3 ^ 2": 512, "10 % 4": 2, "7 / 2": 3.5, "0.1 + 0.2": 0.3,
    "sqrt(16) + pi - pi": 4, "6 × 7 ÷ 2": 21, "1e3 + 1": 1001,
}
NO_SUMS = ["", "1 +", "(1", "1)", "1 / 0", "alert(1)", "constructor", "2 2", "(" * 500 + "1" + ")" * 500]


def by_example() -> str:
    with microphone(1.0) as silent, scripted() as server, Chromium(address(server), silent) as page:
        arithmetic(page)
        paced_text(page)
        link(page, server.url)
        session_file(page)
        return f"{len(SUMS)} sums, {len(NO_SUMS)} that are none; pacing, link, file"


def run(page: Chromium, module: str, expression: str) -> Any:
    """The expression with the module's names at hand, or {"error": its words}."""
    return page.evaluate(f"""import("/console/{module}").then((module) => {expression}).catch((error) => ({{ error: error.message }}))""")


def arithmetic(page: Chromium) -> None:
    for text, value in SUMS.items():
        given = run(page, "set/calculator.js", f"module.calculate({json.dumps(text)})")
        assert given == value, f"{text} gives {given}"
    for text in NO_SUMS:
        given = run(page, "set/calculator.js", f"module.calculate({json.dumps(text)})")
        assert isinstance(given, dict) and given["error"], f"{text[:20]} gives {given}"


def paced_text(page: Chromium) -> None:
    """A word is shown as it begins, and was heard when it had ended."""
    words = [{"text": "One", "start_ms": 0, "end_ms": 200}, {"text": "two,", "start_ms": 200, "end_ms": 500}, {"text": "one.", "start_ms": 700, "end_ms": 900}]
    make = f"const text = new module.SpokenText(); text.add('One two, one.', {json.dumps(words)});"
    shown = run(page, "follow/spoken-text.js", f"{{ {make} return [0, 199, 200, 650, 700].map((ms) => text.text.slice(0, text.spokenAt(ms))); }}")
    assert shown == ["One", "One", "One two,", "One two,", "One two, one."], shown
    heard = run(page, "follow/spoken-text.js", f"{{ {make} return [199, 200, 499, 500, 899].map((ms) => text.text.slice(0, text.heardAt(ms))); }}")
    assert heard == ["", "One", "One", "One two,", "One two,"], heard


def link(page: Chromium, url: str) -> None:
    settings = "{ ...settings.defaults, instructions: 'a & b = c #d', threshold: 0.35, respond: false }"
    made = page.evaluate(f"""Promise.all([import("/console/set/link.js"), import("/console/set/settings.js")])
        .then(([link, settings]) => link.linkTo({settings}))""")
    page.page.goto("about:blank")
    page.page.goto(made)
    values = page.evaluate("[document.getElementById('instructions').value, document.getElementById('threshold').value, document.querySelector('[name=respond]').checked]")
    assert values == ["a & b = c #d", "0.35", False], values
    page.page.goto("about:blank")
    page.page.goto(f"{url}/console/#threshold=nonsense&turn=unheard-of&tools=%7B")
    assert page.evaluate("document.getElementById('threshold').value") == "0.5"
    assert page.evaluate("document.getElementById('tools').value") == ""
    assert page.evaluate("document.getElementById('turn').value") == "semantic_vad"


def session_file(page: Chromium) -> None:
    for text in ("", "{}", "not JSON", '{"parley_session": 1}\n{"ms": "x", "event": {"type": "error"}}', '{"parley_session": 1}\n{"ms": 1, "event": null}'):
        given = run(page, "see/session-file.js", f"module.read({json.dumps(text)})")
        assert isinstance(given, dict) and given["error"], f"{text} is read as {given}"
    created = {"type": "session.created", "parley": {"resume": {"token": "resume_secret"}, "other": 1}}
    written = run(page, "see/session-file.js", f"module.written([{{from: 'server', atMs: 0, event: {json.dumps(created)}}}])")
    assert "secret" not in written and '"other":1' in written, written
