"""Stages behind HTTP at servers that nobody here wrote (converse/others.py), in conversations like any other: each stage alone, in
every format that a voice is sent in, and all three together with nothing of the embedded engine.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np

from .. import ears, others, recogniser, recordings, sdk, words
from ..caller import call
from ..lab import Lab
from ..others import OtherServer
from ..report import Row, not_run

TITLE = "stages at servers of others"
SHORT = False

QUESTION, RULE = "C_000", r"\bcanberra\b"
# Said word for word by a voice, and heard by a recogniser that is not the server's.
SENTENCE = "The weather in Oslo is cold and bright today."
LONGEST_WER = 0.34
# What is shown is that it works; a server that loads its model with the first request, on a machine that does other things too, is slow.
PATIENCE = {"recogniser-deadline-seconds": 60, "first-token-deadline-seconds": 60, "voice-deadline-seconds": 60}
WEATHER = {
    "type": "function",
    "name": "get_weather",
    "description": "The weather at a place now.",
    "parameters": {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]},
}
THINKS = "language={language}/v1#qwen key=env:MODEL_SERVER_KEY context=4096"
HEARS = "recogniser={recogniser}/v1#whisper-1"
SPEAKS = "voice={voice}/v1#kokoro speaker=af_heart"


def run(lab: Lab) -> list[Row]:
    if missing := others.what_is_missing():
        return [not_run("servers of others", missing)]
    os.environ["MODEL_SERVER_KEY"] = others.LLAMA_KEY
    return [*language(lab), sound_to_model(lab), *hearing(lab), *voice(lab), together(lab)]


# MARK: Language model


def language(lab: Lab) -> list[Row]:
    with others.started(others.llama_cpp) as model, gateway(lab, f"other {THINKS}", language=model) as url:
        return [
            asyncio.run(thinks(url, model)), asyncio.run(tool(url)), asyncio.run(broken(url, model)),
        ]


async def thinks(url: str, model: OtherServer) -> Row:
    turn = (await call(url, [recordings.utterance(QUESTION).path], "--model", "other"))["turns"][0]
    asked = model.count("/v1/chat/completions")
    return Row(
        "a spoken question over WebRTC, thought about by llama_cpp.server", "answered sensibly", told(turn, asked),
        is_right(turn) and asked > 0)


async def tool(url: str) -> Row:
    """The call alone: this server's template for functions leaves their results out of what the model sees."""
    settings = {"tools": [WEATHER], "tool_choice": {"type": "function", "name": "get_weather"}}
    async with sdk.conversation(url, model="other", **settings) as talk:
        await talk.write("How is the weather in Oslo?")
        answer = await talk.answer()
    (made,) = answer.calls
    place = json.loads(made.arguments).get("place", "")
    return Row("a function call of it, streamed", "the place that was asked about", f"{made.name}({made.arguments})", "oslo" in place.lower())


async def broken(url: str, model: OtherServer) -> Row:
    """The server goes away in the middle of a session."""
    async with sdk.conversation(url, model="other") as talk:
        model.stop()
        await talk.write("Are you still there?")
        answer = await talk.answer()
        await talk.write("And now?")
        again = await talk.answer()
    return Row(
        "the server is killed in mid-session", "the response fails, the session goes on",
        f"responses {answer.status} and {again.status}", answer.status == again.status == "failed")


def sound_to_model(lab: Lab) -> Row:
    """The embedded recogniser hears as well, but what the model answers with is what came to it as sound."""
    recording = recordings.utterance(QUESTION)
    with ears.listening() as model, gateway(lab, "other language={model}/v1#ears audio=true", model=model) as url:
        turn = asyncio.run(call(url, [recording.path], "--model", "other"))["turns"][0]
    wrong = errors(f"I heard you say: {recording.text}", turn["answer"])
    return Row(
        "a spoken question over WebRTC to a model that hears (a server of this test's own)", "sound alone reaches it, with every word",
        f"parts of the message: {model.asked}; it answered \"{turn['answer']}\"", model.asked == [["input_audio"]] and wrong == 0)


# MARK: Recogniser


def hearing(lab: Lab) -> list[Row]:
    rows = []
    for name, recipe in [("faster-whisper-server", others.faster_whisper), ("bootlegger, streamed", others.bootlegger)]:
        with others.started(recipe) as server, gateway(lab, f"other {HEARS}", recogniser=server) as url:
            rows.append(asyncio.run(hears(url, name, server)))
    return rows


async def hears(url: str, name: str, server: OtherServer) -> Row:
    recording = recordings.utterance(QUESTION)
    turn = (await call(url, [recording.path], "--model", "other"))["turns"][0]
    asked = server.count("/v1/audio/transcriptions")
    understood = errors(recording.text, turn["question"]) == 0
    return Row(
        f"a spoken question over WebRTC, heard by {name}", "every word, and a sensible answer", told(turn, asked),
        understood and is_right(turn) and asked > 0)


# MARK: Voice


def voice(lab: Lab) -> list[Row]:
    with others.started(others.fastkokoro) as server:
        lines = [f"{format} {SPEAKS} format={format}" for format in ("pcm", "wav", "opus", "mp3")]
        with gateway(lab, *lines, voice=server) as url:
            rows = [asyncio.run(speaks(url, server))]
            rows += [asyncio.run(format_heard(url, format)) for format in ("pcm", "wav", "opus", "mp3")]
    return rows


async def speaks(url: str, server: OtherServer) -> Row:
    turn, heard = await recorded(url, "pcm")
    asked = server.count("/v1/audio/speech")
    return Row(
        "a spoken question over WebRTC, answered with the voice of fastkokoro", "another recogniser hears the answer",
        f"{told(turn, asked)}; heard by another recogniser: \"{heard}\"",
        bool(re.search(RULE, heard.lower())) and asked > 0)


async def format_heard(url: str, format: str) -> Row:
    async with sdk.conversation(url, model=format) as talk:
        await talk.write(f"Repeat exactly these words and nothing else: {SENTENCE}")
        answer = await talk.answer()
    heard = recogniser.another().hear(answer.samples())
    wrong = errors(answer.transcript, heard) / max(1, len(answer.transcript.split()))
    return Row(
        f"fastkokoro's speech as {format}", f"at most {LONGEST_WER:.0%} of the words wrong",
        f"{answer.status}: said \"{answer.transcript}\", heard \"{heard}\" ({wrong:.0%} wrong)",
        answer.status == "completed" and bool(heard) and wrong <= LONGEST_WER)


# MARK: All of them


def together(lab: Lab) -> Row:
    with ExitStack() as stack:
        started = {
            "language": stack.enter_context(others.started(others.llama_cpp)),
            "recogniser": stack.enter_context(others.started(others.faster_whisper)),
            "voice": stack.enter_context(others.started(others.fastkokoro)),
        }
        url = stack.enter_context(gateway(lab, f"all {THINKS} {HEARS} {SPEAKS}", **started))
        turn, heard = asyncio.run(recorded(url, "all"))
    return Row(
        "a spoken question over WebRTC, all three stages elsewhere", "another recogniser hears a sensible answer",
        f"{told(turn)}; heard by another recogniser: \"{heard}\"", bool(re.search(RULE, heard.lower())))


# MARK: -


def gateway(lab: Lab, *lines: str, **servers: OtherServer) -> Any:
    """A gateway with the engines of these lines, in which `{language}` and the like are the servers' addresses; gives its own."""
    urls = {name: server.url for name, server in servers.items()}
    return _Address(lab.gateway(engines=[line.format(**urls) for line in lines], session=PATIENCE))


class _Address:
    """The context of a gateway, which gives its URL alone."""

    def __init__(self, context: Any) -> None:
        self._context = context

    def __enter__(self) -> str:
        return self._context.__enter__().url

    def __exit__(self, *arguments: object) -> None:
        self._context.__exit__(*arguments)


async def recorded(url: str, model: str) -> tuple[dict, str]:
    """One turn of a call, and what another recogniser hears of its answer."""
    with tempfile.TemporaryDirectory(prefix="parley-servers-") as folder:
        out = Path(folder) / "answer.wav"
        report = await call(url, [recordings.utterance(QUESTION).path], "--model", model, "--out", str(out))
        samples = recordings.load(out)
    return report["turns"][0], recogniser.another().hear(np.asarray(samples))


def errors(said: str, heard: str) -> int:
    return words.errors(words.normalised(said), words.normalised(heard))


def told(turn: dict, asked: int | None = None) -> str:
    requests = "" if asked is None else f", {asked} requests"
    return f"\"{turn['question']}\": \"{turn['answer']}\", heard after {turn['stages_ms']['heard']} ms{requests}"


def is_right(turn: dict) -> bool:
    return bool(re.search(RULE, turn["answer"].lower()))
