"""One call of the first page in Chromium: functions, an interruption, a text turn, a silent context update, a greeting."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import numpy as np

from .. import browser, recordings
from ..browser import Call
from ..lab import Lab
from ..report import Row

TITLE = "what a call is made of"
SHORT = True

WEATHER = {
    "type": "function",
    "name": "get_weather",
    "description": "Get the current weather of a place.",
    "parameters": {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]},
}
# A sample above this is no silence.
LOUD = 400


def run(lab: Lab) -> list[Row]:
    with lab.gateway() as server, browser.FirstPage(server.url) as page:
        scenes = [function_call, interruption] if lab.short else [greeting, function_call, interruption, context]
        rows = [row for scene in scenes for row in played(scene, page)]
        return rows if lab.short else rows + played(suggestions, page)


def played(scene: Callable[[browser.FirstPage], list[Row]], page: browser.FirstPage) -> list[Row]:
    """The scene's rows; what goes wrong in it leaves the others as they are."""
    try:
        return scene(page)
    except Exception as error:
        return [Row(scene.__name__.replace("_", " "), "runs to its end", f"{type(error).__name__}: {error}"[:200], False)]


def weather_question() -> np.ndarray:
    """"What's the weather like in" and "Australia", of two recordings of one voice."""
    start = recordings.load(recordings.utterance("I_084").path)
    place = recordings.load(recordings.utterance("C_000").path)
    return np.concatenate([start[: int(1.2 * recordings.RATE)], place[int(1.02 * recordings.RATE) :]])


def greeting(page: browser.FirstPage) -> list[Row]:
    call = page.live_call(greeting=True)
    heard = call.answer(0)
    call.hang_up()
    return [Row("the page has the assistant greet first", "words, unasked", f"“{heard}”", len(heard.split()) >= 2)]


def function_call(page: browser.FirstPage) -> list[Row]:
    call = page.live_call()
    call.send({"type": "session.update", "session": {"type": "realtime", "tools": [WEATHER]}})
    call.wait("session.updated", 2)
    call.speak(weather_question())
    made = call.wait("response.function_call_arguments.done")
    place = json.loads(made["arguments"]).get("place", "")
    call.sound()
    give_result(call, made["call_id"], {"temperature": 31, "sky": "sunny"})
    heard = call.answer(0)
    told = "31" in heard or "thirty" in heard.lower()
    call.write("What is the weather in Lisbon?")
    call.wait("response.done", 3)
    made_again = call.events("response.function_call_arguments.done")[1:]
    again = call_of(made_again[0]) if made_again else f"“{call.answer(1)}”"
    call.hang_up()
    return [
        Row("“What's the weather like in Australia?” calls", "get_weather(Australia)", call_of(made), "ustralia" in place),
        Row("its result is spoken", "thirty-one degrees heard", f"“{heard}”", told),
        Row("a second request in the same call calls again", "get_weather(Lisbon or Lisboa)", again, "get_weather" in again and "isbo" in again),
    ]


def call_of(event: dict) -> str:
    return f"{event.get('name', 'get_weather')}({event['arguments']})"


def give_result(call: Call, identifier: str, result: dict) -> None:
    item = {"type": "function_call_output", "call_id": identifier, "output": json.dumps(result)}
    call.send({"type": "conversation.item.create", "item": item})
    call.send({"type": "response.create"})


def interruption(page: browser.FirstPage) -> list[Row]:
    """One second into a story somebody says stop."""
    call = page.live_call()
    call.speak(recordings.load(recordings.utterance("C_002").path))
    call.wait("output_audio_buffer.started")
    time.sleep(1)
    call.speak(recordings.load(recordings.utterance("N_130").path))
    cleared = (call.wait("output_audio_buffer.cleared")["arrived"] - call.page.evaluate("watched.speaking")) / 1000
    time.sleep(0.3)
    call.sound()
    time.sleep(0.4)
    after, began = call.sound(), call.count("output_audio_buffer.started")
    truncated = call.wait("conversation.item.truncated")
    call.send({"type": "conversation.item.retrieve", "item_id": truncated["item_id"]})
    kept = call.wait("conversation.item.retrieved")["item"]["content"][0].get("transcript", "")
    deltas = call.events("response.output_audio_transcript.delta")
    said = "".join(delta["delta"] for delta in deltas if delta["item_id"] == truncated["item_id"])
    call.hang_up()
    heard_seconds = truncated["audio_end_ms"] / 1000
    silent = began > 1 or (len(after) > 0 and int(np.abs(after.astype(int)).max()) < LOUD)
    words = f"{len(kept.split())} of {len(said.split())} words, {heard_seconds:.1f} s heard: “{kept}”"
    is_part = said.startswith(kept.rstrip(" .,…")) and 0 < len(kept.split()) < len(said.split())
    return [
        Row("“Stop talking, please” a second into the answer", "the voice stops", f"cleared {cleared:.2f} s after the first sample, silence after it", silent),
        Row("what the history keeps", "the words heard and no others", words, is_part and heard_seconds < 6),
    ]


def context(page: browser.FirstPage) -> list[Row]:
    call = page.live_call()
    call.write("The user's cat is called Tiger.", role="system", answered=False)
    call.wait("conversation.item.added")
    time.sleep(1)
    unasked = call.count("response.created")
    call.write("What is my cat called?")
    heard = call.answer(0)
    call.speak(recordings.load(recordings.utterance("C_011").path))
    spoken = call.answer(1)
    call.hang_up()
    return [
        Row("a silent context update is not answered", "0 responses", f"{unasked} responses", unasked == 0),
        Row("a text turn uses it", "Tiger heard", f"“{heard}”", "tiger" in heard.lower()),
        Row("a spoken turn in the same session", "Austen heard", f"“{spoken}”", "aust" in spoken.lower()),
    ]


# What the first page suggests, and a word of the right answer.
SUGGESTED = {
    "What is the capital of Canada?": "ottawa",
    "What is twelve times three?": "36|thirty-six|thirty six",
    "Who wrote Romeo and Juliet?": "shakespeare",
    "What is your name?": "parley|parlay|parly|parlie|paulie|barley",
}


def suggestions(page: browser.FirstPage) -> list[Row]:
    """Each suggestion of the page is asked in a call of its own."""
    call = page.live_call()
    shown = call.page.locator("#suggestions li").all_inner_texts()
    call.hang_up()
    rows = [Row("suggestions of the page that are tried here", "all", f"{len(set(shown) & set(SUGGESTED))} of {len(shown)}", set(shown) == set(SUGGESTED))]
    for text in shown:
        call = page.live_call()
        call.write(text)
        heard = call.answer(0)
        call.hang_up()
        right = any(word in heard.lower() for word in SUGGESTED.get(text, "").split("|"))
        rows.append(Row(f"suggested: “{text}”", SUGGESTED.get(text, ""), f"“{heard}”", right))
    return rows
