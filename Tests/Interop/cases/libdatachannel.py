"""libdatachannel, by its Python binding, opens a call without media."""

import queue
import threading
import time

import pylibdatachannel as ldc

from interop import messages
from interop.server import Server
from interop.waiting import until

LIMIT_SECONDS = 20


def data_only() -> str:
    """In a network namespace: libdatachannel leaves out loopback."""
    with Server([]) as server:
        peer = ldc.PeerConnection(ldc.Configuration([]))
        gathered, opened = threading.Event(), threading.Event()
        received: queue.Queue[messages.Message] = queue.Queue()
        peer.on_gathering_state_change(lambda state: state == ldc.GatheringState.COMPLETE and gathered.set())
        channel = peer.create_data_channel("oai-events")
        channel.on_open(opened.set)
        channel.on_message(received.put)
        assert gathered.wait(LIMIT_SECONDS), "libdatachannel did not gather"
        start = time.monotonic()
        _, answer = server.place(str(peer.local_description))
        assert "m=audio" not in answer, answer
        peer.set_remote_description(ldc.Description(answer, ldc.DescriptionType.ANSWER))
        assert opened.wait(LIMIT_SECONDS), "the data channel did not open"
        opened_after = time.monotonic() - start
        sent = messages.messages()
        for message in sent:
            channel.send(message)
            messages.check(message, received.get(timeout=LIMIT_SECONDS))
        assert server.calls() == 1, server.calls()
        peer.close()
        until(lambda: server.calls() == 0, "the server having no call after libdatachannel's goodbye")
        return f"{len(sent)} messages, open after {1000 * opened_after:.0f} ms"
