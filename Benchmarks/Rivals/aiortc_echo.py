"""aiortc as an echo behind the signalling of a Realtime call: POST /v1/realtime/calls with an offer."""

import asyncio
import sys
import threading

try:
    import aioice.ice
    import aiortc.rtp
    from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
except ImportError as error:
    sys.exit(print(f"{error.name} is not installed", flush=True))

from offers import arguments, serve

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
    parser = arguments(__doc__)
    parser.add_argument("--without-levels", action="store_true", help="do not measure the level of what is sent")
    options = parser.parse_args()
    if options.without_levels:
        # As shipped it is computed sample by sample in Python, whether the header was agreed on or not.
        aiortc.rtp.compute_audio_level_dbov = lambda frame: -127
    serve(Echo(options.address).answer)


if __name__ == "__main__":
    main()
