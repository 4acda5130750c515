"""A language model that says at once what a test tells it to: a server with the streamed chat completions of OpenAI."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MODEL = "canned"
# Of a piece of the stream, in characters: about a token.
PIECE = 4


@contextmanager
def model(answer: str) -> Iterator[str]:
    """Its address, as the key `llm` names it."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._send("application/json", json.dumps({"object": "list", "data": [{"id": MODEL, "object": "model"}]}))

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            pieces = [answer[start : start + PIECE] for start in range(0, len(answer), PIECE)]
            choices = [{"index": 0, "delta": {"content": piece}, "finish_reason": None} for piece in pieces]
            choices.append({"index": 0, "delta": {}, "finish_reason": "stop"})
            lines = [json.dumps({"object": "chat.completion.chunk", "model": MODEL, "choices": [choice]}) for choice in choices]
            self._send("text/event-stream", "".join(f"data: {line}\n\n" for line in [*lines, "[DONE]"]))

        def _send(self, kind: str, text: str) -> None:
            body = text.encode()
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1#{MODEL} context=4096"
    finally:
        server.shutdown()
        server.server_close()
