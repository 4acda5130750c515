"""An address to call instead of the gateway's: everything goes there, but media only through a relay.

The client's candidates are taken out of its offer, so that the gateway has nobody to talk to but who talks to it; the answer's
are replaced by the relay's one. What of the offer and of RTCP else is held back is the test's way of switching off what the two
sides do against loss: they negotiate it, so no side needs a switch.
"""

from __future__ import annotations

import re
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .listener import Listener, Listening
from .path import Conditions
from .relay import Address, Relay

CANDIDATE = re.compile(r"^a=(?:candidate|end-of-candidates).*\r\n", re.MULTILINE)
UDP_CANDIDATE = re.compile(r"^a=candidate:\S+ 1 udp \d+ (\d+\.\d+\.\d+\.\d+) (\d+) typ host", re.MULTILINE | re.IGNORECASE)
LOOPBACK = "127.0.0.1"
RED = re.compile(r"^a=rtpmap:(\d+) red/48000.*\r\n", re.MULTILINE | re.IGNORECASE)
CALLS = "/v1/realtime/calls"
# Of what an offer says, and `reports` for RTCP.
MEASURES = frozenset({"red", "fec", "reports"})


class Front:
    """`url` is what a client calls; `call` is the gateway's path of the last call that was placed."""

    def __init__(
        self, gateway: str, up: Conditions, down: Conditions, seed: int, without: frozenset[str] = frozenset(),
        listen: Callable[[str, str], Listening] = Listener,
    ) -> None:
        """`without`: which of `MEASURES` the two sides cannot take. `listen`: opens a listener on a call of the gateway's."""
        assert without <= MEASURES, without
        self.gateway = gateway
        self.call: str | None = None
        self._listen = listen
        self._up, self._down, self._seed, self._without = up, down, seed, without
        # Where the client is: agents do not pair an address of theirs with loopback. A browser hides it, and takes loopback.
        self._client = LOOPBACK
        self._relays: list[Relay] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Front:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        for relay in self._relays:
            relay.close()

    def listener(self) -> Listening | None:
        """On the call that was placed; None while there is none."""
        return self._listen(self.gateway, self.call) if self.call else None

    def place(self, offer: str, status: int, answer: str, location: str | None) -> str:
        """The answer that the client is given."""
        found = UDP_CANDIDATE.search(answer)
        if status != 201 or not found:
            return answer
        self.call = location
        if "fec" in self._without:
            answer = answer.replace("useinbandfec=1", "useinbandfec=0")
        relay = self._relay((found[1], int(found[2])))
        return CANDIDATE.sub("", answer).replace(
            "a=ice-pwd:", f"a=candidate:1 1 udp 2130706431 {self._client} {relay.port} typ host\r\na=end-of-candidates\r\na=ice-pwd:")

    def _relay(self, gateway: Address) -> Relay:
        relay = Relay(self._client, gateway, self._up, self._down, self._seed, drops_control="reports" in self._without)
        self._relays.append(relay)
        return relay

    def offer(self, text: str) -> str:
        """The offer that the gateway is given."""
        if found := UDP_CANDIDATE.search(text):
            self._client = found[1]
        text = CANDIDATE.sub("", text)
        if "fec" in self._without:
            text = text.replace("useinbandfec=1", "useinbandfec=0")
        if "red" in self._without:
            for number in RED.findall(text):
                text = re.sub(rf"^a=(?:rtpmap|fmtp|rtcp-fb):{number} .*\r\n", "", text, flags=re.MULTILINE)
                text = re.sub(rf"^(m=audio .*?) {number}(?=[ \r])", r"\1", text, flags=re.MULTILINE)
        return text

    def _handler(front) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self._forward(None)

            def do_POST(self) -> None:
                self._forward(self.rfile.read(int(self.headers.get("Content-Length", 0))))

            def _forward(self, body: bytes | None) -> None:
                is_call = body is not None and self.path.split("?")[0] == CALLS
                offer = front.offer(body.decode()) if is_call else ""
                kept = {name: self.headers[name] for name in ("Content-Type", "Authorization") if self.headers[name]}
                request = urllib.request.Request(front.gateway + self.path, offer.encode() if is_call else body, kept)
                try:
                    with urllib.request.urlopen(request, timeout=20) as response:
                        status, headers, content = response.status, response.headers, response.read()
                except urllib.error.HTTPError as refusal:
                    status, headers, content = refusal.code, refusal.headers, refusal.read()
                if is_call:
                    content = front.place(offer, status, content.decode(), headers["Location"]).encode()
                self.send_response(status)
                self.send_header("Content-Type", headers["Content-Type"] or "text/plain")
                self.send_header("Content-Length", str(len(content)))
                if headers["Location"]:
                    self.send_header("Location", headers["Location"])
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """The gateway's log is enough."""

        return Handler
