"""aiortc as an echo behind the signalling of a Realtime call: POST /v1/realtime/calls with an offer."""

import argparse
import asyncio
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import aioice.ice
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

ANSWER_SECONDS = 10


class Echo:
    """Peers live on one loop; each sends back the track that it gets, decoded and coded again."""

    def __init__(self, address: str) -> None:
        aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: [address]
        self._loop = asyncio.new_event_loop()
        self._peers: set[RTCPeerConnection] = set()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    def answer(self, offer: str) -> str:
        return asyncio.run_coroutine_threadsafe(self._answer(offer), self._loop).result(ANSWER_SECONDS)

    async def _answer(self, offer: str) -> str:
        peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._peers.add(peer)
        peer.on("track", lambda track: peer.addTrack(track))
        peer.on("connectionstatechange", lambda: self._forget(peer))
        await peer.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await peer.setLocalDescription(await peer.createAnswer())
        return peer.localDescription.sdp

    def _forget(self, peer: RTCPeerConnection) -> None:
        if peer.connectionState in ("closed", "failed"):
            self._peers.discard(peer)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--address", default="127.0.0.1", help="for media")
    echo = Echo(parser.parse_args().address)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            answer = echo.answer(self.rfile.read(int(self.headers["Content-Length"])).decode()).encode()
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


if __name__ == "__main__":
    main()
