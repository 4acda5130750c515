"""A recogniser, a language model and a voice by OpenAI's HTTP API that follow a script: for servers of others, whose own models
are elsewhere."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

RATE = 24_000
WORD_SECONDS = 0.25


class Stages(ThreadingHTTPServer):
    """`hears` is the transcript of whatever is said, asked for once or, as some do, again and again while somebody speaks; `answer` is
    what the model says to the last user message."""

    daemon_threads = True

    def __init__(self, hears: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.hears = hears

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def answer(self, request: dict) -> dict:
        messages = request["messages"]
        last = messages[-1]
        if last["role"] == "tool":
            return {"content": f"It is {last['content']} there."}
        text = last["content"] if isinstance(last["content"], str) else " ".join(part.get("text", "") for part in last["content"])
        if "weather" in text.lower() and request.get("tools"):
            call = {"name": request["tools"][0]["function"]["name"], "arguments": '{"place": "Oslo"}'}
            return {"tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": call}]}
        if "story" in text.lower():
            return {"content": " ".join(f"This is sentence number {number}." for number in range(1, 13))}
        return {"content": f"You said: {text}"}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:  # noqa: N802, the name that http.server calls
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.endswith("/audio/transcriptions"):
            self._send("application/json", json.dumps({"text": self.server.hears}).encode())
        elif self.path.endswith("/audio/speech"):
            words = len(json.loads(body)["input"].split())
            time = np.arange(int(RATE * WORD_SECONDS * words)) / RATE
            self._send("audio/pcm", (8_000 * np.sin(2 * np.pi * 220 * time)).astype("<i2").tobytes())
        else:
            self._complete(json.loads(body))

    def _complete(self, request: dict) -> None:
        answer = self.server.answer(request)
        end = "tool_calls" if "tool_calls" in answer else "stop"
        usage = {"prompt_tokens": 10, "completion_tokens": 10, "total_tokens": 20}
        base = {"id": "chat", "created": 0, "model": request["model"]}
        if not request.get("stream"):
            choice = {"index": 0, "message": {"role": "assistant"} | answer, "finish_reason": end}
            return self._send("application/json", json.dumps(base | {"object": "chat.completion", "choices": [choice], "usage": usage}).encode())
        choices = [{"index": 0, "delta": {"role": "assistant"} | answer, "finish_reason": None}, {"index": 0, "delta": {}, "finish_reason": end}]
        chunks = [base | {"object": "chat.completion.chunk", "choices": [choice]} for choice in choices]
        lines = [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks] + ["data: [DONE]\n\n"]
        self._send("text/event-stream", "".join(lines).encode())

    def _send(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def stages(hears: str) -> Iterator[Stages]:
    with Stages(hears) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
