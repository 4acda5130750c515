"""The signalling of a Realtime call for an echo: POST with an offer, 201 with the answer."""

from argparse import ArgumentParser
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def arguments(description: str) -> ArgumentParser:
    """What every echo is told."""
    parser = ArgumentParser(description=description)
    parser.add_argument("--address", default="127.0.0.1", help="for media")
    return parser


def serve(answer_to: Callable[[str], str]) -> None:
    """Listens on a port of the system's choice, which is printed; `answer_to` makes an answer of an offer."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            answer = answer_to(self.rfile.read(int(self.headers["Content-Length"])).decode()).encode()
            self.send_response(201)
            self.send_header("Content-Type", "application/sdp")
            self.send_header("Content-Length", str(len(answer)))
            self.send_header("Location", "/v1/realtime/calls/echo")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
