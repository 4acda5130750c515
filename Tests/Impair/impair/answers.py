"""A language model and a voice that are always alike: one short answer, said by a recording, so that what a client should hear
is known to the sample. Both speak OpenAI's HTTP, and cost the machine nothing."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

VOICE_RATE = 24_000
ANSWER = "Here is an answer."


class Answers:
    """`engine` is the gateway's configuration of an engine that hears by itself and leaves the rest to this."""

    NAME = "impaired"

    def __init__(self, sound: np.ndarray) -> None:
        """`sound`: mono int16 at 24 kHz."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler(sound.astype("<i2").tobytes()))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{self._server.server_port}/v1"
        self.engine = f"{self.NAME} language={address}#answer voice={address}#recording speaker=one"

    def __enter__(self) -> Answers:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self, sound: bytes) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.path.endswith("/audio/speech"):
                    self._reply("audio/pcm", sound)
                else:
                    self._reply("text/event-stream", completion())

            def do_GET(self) -> None:
                self._reply("application/json", json.dumps({"object": "list", "data": [{"id": "answer"}]}).encode())

            def _reply(self, kind: str, content: bytes) -> None:
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        return Handler


def completion() -> bytes:
    common = {"id": "answer", "object": "chat.completion.chunk", "created": 0, "model": "answer"}
    pieces = [
        {"index": 0, "delta": {"role": "assistant", "content": ANSWER}, "finish_reason": None},
        {"index": 0, "delta": {}, "finish_reason": "stop"},
    ]
    lines = [f"data: {json.dumps(common | {'choices': [piece]})}\n\n" for piece in pieces]
    return "".join([*lines, "data: [DONE]\n\n"]).encode()
