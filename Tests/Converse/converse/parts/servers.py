"""Engines behind HTTP: servers that nobody here wrote take stages over, in conversations like any other.

The language model is llama-cpp-python's server (llama_cpp.server), on the llama.cpp library and the model that the embedded engine
uses, so that nothing but the way to it differs.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from .. import paths, recordings, sdk
from ..caller import call
from ..lab import Lab
from ..report import Row, not_run

TITLE = "stages at other servers"
SHORT = False

ADDRESS = re.compile(r"Uvicorn running on (http://\S+)")
START_SECONDS = 60
QUESTION, RULE = "C_000", r"\bcanberra\b"
KEY = "a key of the test"
WEATHER = {
    "type": "function",
    "name": "get_weather",
    "description": "The weather at a place now.",
    "parameters": {"type": "object", "properties": {"place": {"type": "string"}}, "required": ["place"]},
}


class ModelServer:
    """llama_cpp.server on a port the system picks."""

    def __init__(self) -> None:
        models = paths.MODELS
        (library,) = models.glob("llama.cpp-*/lib")
        (model,) = models.glob("qwen2.5-*/*q4_k_m.gguf")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "llama_cpp.server", "--model", str(model), "--model_alias", "qwen", "--port", "0",
             "--chat_format", "chatml-function-calling", "--n_ctx", "4096", "--api_key", KEY],
            env=os.environ | {"LLAMA_CPP_LIB_PATH": str(library)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.address: str | None = None
        self.lines: list[str] = []
        self._found = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()
        if not self._found.wait(START_SECONDS) or not self.address:
            self.stop()
            raise AssertionError("llama_cpp.server did not start:\n" + "".join(self.lines[-20:]))

    def _read(self) -> None:
        for line in self._process.stdout:
            self.lines.append(line)
            if found := ADDRESS.search(line):
                self.address = found[1]
                self._found.set()
        self._found.set()

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()

    def count(self, path: str) -> int:
        """Requests of this path that were answered 200."""
        return sum(path in line and "200" in line for line in self.lines)


@contextmanager
def model_server() -> Iterator[ModelServer]:
    server = ModelServer()
    try:
        yield server
    finally:
        server.stop()


def run(lab: Lab) -> list[Row]:
    if not importlib.util.find_spec("llama_cpp"):
        return [not_run("servers of others", "llama-cpp-python is not installed (make engines)")]
    os.environ["MODEL_SERVER_KEY"] = KEY
    with model_server() as model:
        with lab.gateway(llm=f"{model.address}/v1#qwen key=env:MODEL_SERVER_KEY context=4096") as server:
            return [
                asyncio.run(spoken(server.url, model)), asyncio.run(tool(server.url)), asyncio.run(broken(server.url, model)),
            ]


async def spoken(url: str, model: ModelServer) -> Row:
    report = await call(url, [recordings.utterance(QUESTION).path])
    (turn,) = report["turns"]
    asked = model.count("/v1/chat/completions")
    right = bool(re.search(RULE, turn["answer"].lower()))
    return Row(
        "a spoken question over WebRTC, thought about by llama_cpp.server", "answered sensibly",
        f"\"{turn['question']}\": \"{turn['answer']}\", heard after {turn['stages_ms']['heard']} ms, {asked} requests", right and asked > 0)


async def tool(url: str) -> Row:
    """The call alone: this server's template for functions leaves their results out of what the model sees."""
    async with sdk.conversation(url, tools=[WEATHER], tool_choice={"type": "function", "name": "get_weather"}) as talk:
        await talk.write("How is the weather in Oslo?")
        answer = await talk.answer()
    (made,) = answer.calls
    place = json.loads(made.arguments).get("place", "")
    return Row("a function call, streamed", "the place that was asked about", f"{made.name}({made.arguments})", "oslo" in place.lower())


async def broken(url: str, model: ModelServer) -> Row:
    """The server goes away in the middle of a session."""
    async with sdk.conversation(url) as talk:
        model.stop()
        await talk.write("Are you still there?")
        answer = await talk.answer()
        await talk.write("And now?")
        again = await talk.answer()
    return Row(
        "the server is killed in mid-session", "the response fails, the session goes on",
        f"responses {answer.status} and {again.status}", answer.status == again.status == "failed")
