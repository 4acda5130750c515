"""GStreamer's webrtcbin as an echo behind the signalling of a Realtime call: POST /v1/realtime/calls with an offer."""

import sys
import threading

try:
    import gi

    gi.require_version("Gst", "1.0")
    gi.require_version("GstSdp", "1.0")
    gi.require_version("GstWebRTC", "1.0")
    from gi.repository import GLib, Gst, GstSdp, GstWebRTC
except (ImportError, ValueError) as error:
    sys.exit(print(f"GStreamer's Python is not installed: {error}", flush=True))

from offers import arguments, serve

ANSWER_SECONDS = 10
ELEMENTS = ("webrtcbin", "nicesrc", "dtlssrtpdec", "srtpdec", "opusenc", "rtpopuspay", "opusdec")
# Coded as Parley does by default: 24 kHz mono, 32 kbit/s, complexity 5, no error correction before a loss is reported.
SEND = (
    "webrtcbin name=peer bundle-policy=max-bundle latency=60 "
    "queue name=back ! audio/x-raw,rate=24000,channels=1 ! "
    "opusenc bitrate=32000 complexity=5 frame-size=20 inband-fec=false audio-type=voice ! "
    "rtpopuspay pt=111 ! application/x-rtp,media=audio,encoding-name=OPUS,payload=111,clock-rate=48000 ! peer."
)
RECEIVE = "rtpopusdepay name=in ! opusdec name=out"


class Call:
    """One peer: what it gets is decoded and coded again."""

    def __init__(self, address: str) -> None:
        self._pipeline = Gst.parse_launch(SEND)
        self._peer = self._pipeline.get_by_name("peer")
        self._gathered = threading.Event()
        # Kept: the binding frees what it does not own.
        self._agent = self._peer.get_property("ice-agent")
        self._agent.emit("add-local-ip-address", address)
        self._peer.connect("pad-added", self._on_pad)
        self._peer.connect("notify::ice-gathering-state", self._on_gathering)
        self._peer.connect("notify::connection-state", self._on_state)

    def answer(self, offer: str) -> str:
        self._pipeline.set_state(Gst.State.PLAYING)
        _, message = GstSdp.SDPMessage.new_from_text(offer)
        kind = GstWebRTC.WebRTCSDPType
        self._wait("set-remote-description", GstWebRTC.WebRTCSessionDescription.new(kind.OFFER, message))
        reply = self._wait("create-answer", None)
        self._wait("set-local-description", reply.get_value("answer"))
        if not self._gathered.wait(ANSWER_SECONDS):
            raise TimeoutError("candidates")
        return self._peer.get_property("local-description").sdp.as_text()

    def _wait(self, signal: str, argument: object) -> Gst.Structure:
        promise = Gst.Promise.new()
        self._peer.emit(signal, argument, promise)
        promise.wait()
        return promise.get_reply()

    def _on_pad(self, _: Gst.Element, pad: Gst.Pad) -> None:
        if pad.get_direction() != Gst.PadDirection.SRC:
            return
        chain = Gst.parse_bin_from_description(RECEIVE, False)
        self._pipeline.add(chain)
        first, last = chain.get_by_name("in"), chain.get_by_name("out")
        for name, inner in (("sink", first), ("src", last)):
            chain.add_pad(Gst.GhostPad.new(name, inner.get_static_pad(name)))
        chain.link(self._pipeline.get_by_name("back"))
        chain.sync_state_with_parent()
        pad.link(chain.get_static_pad("sink"))

    def _on_gathering(self, *_: object) -> None:
        if self._peer.get_property("ice-gathering-state") == GstWebRTC.WebRTCICEGatheringState.COMPLETE:
            self._gathered.set()

    def _on_state(self, *_: object) -> None:
        state = self._peer.get_property("connection-state")
        ended = GstWebRTC.WebRTCPeerConnectionState
        if state in (ended.CLOSED, ended.FAILED, ended.DISCONNECTED):
            # Not on the pipeline's own thread, which would wait for itself.
            GLib.idle_add(lambda: self._pipeline.set_state(Gst.State.NULL) and False)


def main() -> None:
    address = arguments(__doc__).parse_args().address
    Gst.init(None)
    missing = [name for name in ELEMENTS if Gst.ElementFactory.find(name) is None]
    if missing:
        sys.exit(print(f"GStreamer lacks {', '.join(missing)}", flush=True))
    threading.Thread(target=GLib.MainLoop().run, daemon=True).start()
    calls = []

    def answer(offer: str) -> str:
        calls.append(Call(address))
        return calls[-1].answer(offer)

    serve(answer)


if __name__ == "__main__":
    main()
