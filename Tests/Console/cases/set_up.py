"""The set-up while talking, and the inspector of events."""

from __future__ import annotations

import json

from console.browser import Chromium
from console.console import Console, address
from console.scripts import scripted
from interop.waiting import until

from .trouble import microphone


def changed_while_talking() -> str:
    with microphone(60.0) as silent, scripted() as server, Chromium(address(server), silent) as page:
        console = Console(page)
        console.talk()
        console.event("session.updated")
        change(page)
        until(lambda: shown(console)["instructions"] == "Be brief.", "the session having the instructions")
        turns = shown(console)["audio"]["input"]["turn_detection"]
        assert turns["type"] == "server_vad" and turns["silence_duration_ms"] == 700, turns
        assert shown(console)["audio"]["input"]["noise_reduction"]["type"] == "near_field"
        assert [tool["name"] for tool in shown(console)["tools"]] == ["get_time", "calculate", "set_page_colour"]
        console.write("What is twelve times three?")
        console.entry("call", '{"result":36}')
        console.write("Make it blue")
        until(lambda: page.evaluate("document.documentElement.style.getPropertyValue('--hue')") == "225", "the page being blue")
        listen(page)
        transport_changes(page, console)
        console.hang_up()
        reproduced(page)
        return "instructions, turns, noise, tools; a sample; another transport; the link"


def shown(console: Console) -> dict:
    return console.events("session.updated")[-1]["session"]


def change(page: Chromium) -> None:
    page.page.fill("#instructions", "Be brief.")
    page.page.select_option("#turn", "server_vad")
    page.page.fill("#silence", "700")
    page.page.select_option("#noise", "near_field")
    page.click("#tools-examples")


def listen(page: Chromium) -> None:
    """The sample comes on a socket of its own and is played to its end."""
    sounds: list[int] = []
    page.page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: sounds.append("response.output_audio.delta" in frame)))
    page.page.fill("#voice", "cedar")
    page.click("#sample")
    until(lambda: page.page.is_enabled("#sample") and any(sounds), "the sample having been heard", 30)
    assert page.text("#sample-state") == "", page.text("#sample-state")


def transport_changes(page: Chromium, console: Console) -> None:
    page.page.select_option("#transport", "websocket")
    until(lambda: "WebSocket" in page.text("#stats") and console.state == "Connected.", "the call being over WebSocket", 20)
    until(console.restored, "the new call knowing of the old one")
    console.write("Still there?")
    console.entry("assistant", "You said: Still there?")


def reproduced(page: Chromium) -> None:
    page.page.goto("about:blank")
    page.page.go_back()
    values = page.evaluate("['instructions', 'turn', 'silence', 'noise', 'voice', 'transport'].map((id) => document.getElementById(id).value)")
    assert values == ["Be brief.", "server_vad", "700", "near_field", "cedar", "websocket"], values


def events_inspected() -> str:
    with microphone(60.0) as silent, scripted() as server, Chromium(address(server), silent) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        console = Console(page)
        console.write("look at me")
        console.entry("assistant", "You said: look at me")
        console.show("events")
        page.page.select_option("#event-direction", "client")
        assert types(page) == ["session.update", "conversation.item.create", "response.create"], types(page)
        page.page.fill("#event-search", "look at me")
        assert types(page) == ["conversation.item.create"], types(page)
        page.click("#events summary")
        assert json.loads(opened(page))["item"]["content"][0]["text"] == "look at me"
        copied_code(page)
        page.page.select_option("#event-direction", "")
        page.page.fill("#event-search", "")
        paused(page, console)
        console.hang_up()
        saved_and_loaded(page, console)
        return "filter, search, JSON, code, pause; saved and loaded"


def types(page: Chromium) -> list[str]:
    return page.evaluate("[...document.querySelectorAll('#events .type')].map((type) => type.textContent)")


def opened(page: Chromium) -> str:
    """The JSON of the event that was opened: a `toggle` comes some time after the click."""
    return until(lambda: page.evaluate("document.querySelector('#events pre')?.textContent"), "the JSON of the event")


def copied_code(page: Chromium) -> None:
    """Python that compiles, JavaScript with the event's JSON."""
    python = copied(page, "Python", "await ")
    compile(f"async def main(connection):\n    {python.strip()}", "copied", "exec")
    script = copied(page, "JavaScript", "rt.send(")
    assert json.loads(script.removeprefix("rt.send(").strip().removesuffix(");"))["type"] == "conversation.item.create", script


def copied(page: Chromium, language: str, beginning: str) -> str:
    """What the clipboard holds once it holds that language: writing to it takes a promise's time."""
    def held() -> str | None:
        text = page.evaluate("navigator.clipboard.readText()")
        return text if text.startswith(beginning) else None

    page.click(f"#events [aria-label='Copy as {language}']")
    return until(held, f"{language} in the clipboard")


def paused(page: Chromium, console: Console) -> None:
    page.click("#event-pause")
    before = len(types(page))
    console.write("not shown yet")
    console.entry("assistant", "You said: not shown yet")
    assert len(types(page)) == before, "paused, and yet there are more"
    page.click("#event-pause")
    assert len(types(page)) > before, "what passed in the pause is not shown after it"


def saved_and_loaded(page: Chromium, console: Console) -> None:
    with page.page.expect_download() as download:
        page.click("#event-save")
    path = download.value.path()
    said = [entry.text for entry in console.entries()]
    page.page.reload()
    page.page.set_input_files("#event-load", path)
    until(lambda: [entry.text for entry in console.entries()] == said, f"the conversation being as it was: {said}")
