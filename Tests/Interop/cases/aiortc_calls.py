"""aiortc calls in both DTLS roles."""

import asyncio

from interop import messages, speech
from interop.aiortc_peer import AiortcPeer, use_address
from interop.server import Server
from interop.waiting import until


def dtls_client() -> str:
    return _call("active")


def dtls_server() -> str:
    return _call("passive")


def _call(setup: str) -> str:
    with Server(["127.0.0.1"]) as server:
        recording = asyncio.run(_recorded_call(server, setup))
        until(lambda: server.calls() == 0, "the server having no call after aiortc's goodbye")
        return speech.check(recording)


async def _recorded_call(server: Server, setup: str) -> speech.Recording:
    use_address("127.0.0.1")
    peer = AiortcPeer(setup)
    try:
        _, answer = await asyncio.to_thread(server.place, await peer.offer())
        expected = {"active": "a=setup:passive", "passive": "a=setup:active"}
        if setup in expected:
            assert expected[setup] in answer, answer
        await peer.accept(answer)
        for message in messages.messages():
            messages.check(message, await peer.exchange(message))
        return await peer.record()
    finally:
        await peer.close()
