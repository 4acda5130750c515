"""A language model that hears, of the test's own: there is none in any package. It answers with the words that another recogniser hears in the
sound it is sent, so that what it says shows what reached it.
"""

from __future__ import annotations

import base64
import io
import json
from contextlib import contextmanager
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from scipy.io import wavfile

from . import recogniser
from .recordings import RATE, resampled


class EarsServer(ThreadingHTTPServer):
    """`/v1/chat/completions` on a port the system picks. `asked`: what kinds of parts each request's last message had."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[list[str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: EarsServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        content = body["messages"][-1]["content"]
        parts = [{"type": "text", "text": content}] if isinstance(content, str) else content
        self.server.asked.append([part["type"] for part in parts])
        heard = [_hear(part["input_audio"]) for part in parts if part["type"] == "input_audio"]
        words = f"I heard you say: {' '.join(heard)}" if heard else "I heard nothing."
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for choice in ({"delta": {"content": words}}, {"delta": {}, "finish_reason": "stop"}):
            self.wfile.write(f"data: {json.dumps({'choices': [choice]})}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *_: object) -> None:
        pass


def _hear(audio: dict) -> str:
    assert audio["format"] == "wav", audio["format"]
    rate, samples = wavfile.read(io.BytesIO(base64.b64decode(audio["data"], validate=True)))
    return recogniser.another().hear(resampled(samples, rate, RATE))


@contextmanager
def listening() -> Iterator[EarsServer]:
    server = EarsServer()
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
