"""What comes from elsewhere is text, wherever it is shown."""

from __future__ import annotations

import json
from urllib.parse import quote

from console.browser import Chromium
from console.console import Console, address
from console.scripts import scripted
from interop.waiting import until

from .trouble import microphone

MARKUP = '<img src=x onerror="window.marked=true"><script>window.marked=true</script><svg onload="window.marked=true">'
# What the attack would leave in the page.
TRACES = "document.querySelectorAll('img[src=x], svg[onload], [onerror], body script').length"

SCRIPT = {
    "hears": [f"heard {MARKUP}"],
    "rules": [
        {"when": {"tool_output": "odd"}, "reply": [{"say": f"returned {MARKUP}"}]},
        {"when": {"user": "tool"}, "reply": [{"call": "odd", "arguments": {"words": MARKUP}}]},
        {"when": {"user": "fail"}, "reply": [{"fail": {"code": "odd", "message": f"failed {MARKUP}"}}]},
        {"reply": [{"say": f"said {MARKUP}"}]},
    ],
}
TOOL = json.dumps([{"type": "function", "name": "odd", "description": MARKUP, "parameters": {"type": "object", "properties": {}}}])


def markup_everywhere() -> str:
    """Through link, fields, speech, answers, tools, errors and a loaded file; the policy is asked for nothing."""
    with microphone(2.0, 1.6, 6.0) as speech, scripted(SCRIPT) as server:
        link = address(server, model=MARKUP, voice=MARKUP, instructions=MARKUP, tools=TOOL)
        with Chromium(link, speech) as page:
            console = Console(page)
            console.talk()
            console.entry("user", f"heard {MARKUP}")
            # Spoken answers are freed of markup by the server; a file brings it to the page as it is.
            console.entry("assistant", "said")
            console.write(f"fail {MARKUP}")
            console.entry("error", f"failed {MARKUP}")
            console.write(f"tool {MARKUP}")
            console.entry("call", json.dumps({"words": MARKUP}, separators=(",", ":")))
            page.page.fill("#messages form input", MARKUP)
            page.click("#messages form button")
            until(lambda: "returned" in console.entries("assistant")[-1].text, "the result coming back", 20)
            open_every_event(page, console)
            load_file(page, console)
            bad_tools(page)
            assert page.evaluate(TRACES) == 0 and not page.evaluate("marked"), "markup came to life"
    with scripted(SCRIPT) as server, microphone(1.0) as silent:
        refused = f"{server.url}/console/?model={quote(MARKUP)}&source={quote('/' + MARKUP)}"
        with Chromium(refused, silent) as page:
            page.click("#call")
            until(lambda: "not found" in page.text("#state"), "the missing file being named")
            assert page.evaluate(TRACES) == 0 and not page.evaluate("marked")
    return "speech, answer, error, tool and result, the inspector, a file, the address: all text"


def open_every_event(page: Chromium, console: Console) -> None:
    console.show("events")
    page.page.fill("#event-search", "onerror")
    page.evaluate("document.querySelectorAll('#events details').forEach((row) => { row.open = true; })")
    until(lambda: "onerror" in (page.evaluate("document.querySelector('#events pre')?.textContent") or ""), "the JSON of an event")
    page.page.fill("#event-search", MARKUP)
    page.page.fill("#event-search", "")


def load_file(page: Chromium, console: Console) -> None:
    answer = {"response_id": "r", "item_id": "a", "delta": f"answered {MARKUP}"}
    call = {"id": "c", "call_id": "c", "type": "function_call", "name": MARKUP, "arguments": ""}
    lines = [
        {"parley_session": 1, "events": 7},
        {"ms": 0, "from": "server", "event": {"type": "response.output_audio_transcript.delta", **answer}},
        {"ms": 0, "from": "server", "event": {"type": "output_audio_buffer.stopped", "response_id": "r"}},
        {"ms": 0, "from": "server", "event": {"type": "response.output_text.delta", **answer, "item_id": "w", "delta": f"wrote {MARKUP}"}},
        {"ms": 0, "from": "server", "event": {"type": "response.output_item.added", "response_id": "r", "item": call}},
        {"ms": 0, "from": "server", "event": {"type": "conversation.item.added", "item": {
            "id": "o", "type": "function_call_output", "call_id": "c", "output": f"gave {MARKUP}"}}},
        {"ms": 0, "from": MARKUP, "event": {"type": MARKUP, "delta": MARKUP}},
        {"ms": 1, "from": "server", "event": {"type": "conversation.item.added", "item": {
            "id": MARKUP, "type": "message", "role": "user", "content": [{"type": "input_text", "text": f"loaded {MARKUP}"}]}}},
        {"ms": 2, "from": "server", "event": {"type": "error", "error": {"code": MARKUP, "message": MARKUP, "param": MARKUP}}},
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    page.page.set_input_files("#event-load", {"name": f"{MARKUP[:10]}.jsonl", "mimeType": "application/jsonl", "buffer": text.encode()})
    for kind, words in (("user", "loaded"), ("assistant", "answered"), ("assistant", "wrote"), ("call", "gave")):
        console.entry(kind, f"{words} {MARKUP}")
    console.entry("error", "onerror")


def bad_tools(page: Chromium) -> None:
    page.click("#tab-set-up")
    page.page.fill("#tools", MARKUP)
    page.page.press("#tools", "Tab")
    until(lambda: "not JSON" in page.text("#tools-state"), "the tools being refused")
