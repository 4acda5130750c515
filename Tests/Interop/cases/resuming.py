"""Clients that lose their connection and come back to their session."""

import asyncio
import base64
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from interop.aiortc_peer import AiortcPeer, use_address
from interop.server import Server
from interop.waiting import until
from websockets.asyncio.client import ClientConnection, connect

ADDRESS = "127.0.0.1"
WORD_MS = 300
WORDS = 50
STORY = " ".join(f"word{number}" for number in range(WORDS)) + "."
SCRIPT = {"timing": {"word_ms": WORD_MS}, "rules": [{"reply": [{"say": STORY}]}]}
# More than runs ahead on a WebSocket.
STORY_MS = WORDS * WORD_MS
PCM_BYTES_PER_MS = 48
HEARD_SECONDS = 3
LIMIT_SECONDS = 30
# The speech that aiortc sends is not to interrupt.
LISTENS_NOT = {"type": "session.update", "session": {"type": "realtime", "audio": {"input": {"turn_detection": None}}}}

Event = dict[str, Any]


def there_and_back() -> str:
    """A call is lost in mid-answer and comes back by WebSocket, which is cut in turn and comes back, then as a call again."""
    with TemporaryDirectory(prefix="parley-interop-") as folder:
        script = Path(folder) / "script.json"
        script.write_text(json.dumps(SCRIPT))
        with Server([ADDRESS], engine={"embedded": False, "script": str(script)}) as server:
            return asyncio.run(_there_and_back(server))


async def _there_and_back(server: Server) -> str:
    use_address(ADDRESS)
    first, third = AiortcPeer(), AiortcPeer()
    try:
        created, last = await _begin(server, first)
        second, back = await _socket(server, created, last)
        assert back["session"]["id"] == created["session"]["id"], back
        # The call still stood: what it came by is lost if its client says so.
        await first.ended()
        sound_ms, last = await _rest(second)
        assert sound_ms < STORY_MS - 1_000 * HEARD_SECONDS / 2, f"{sound_ms} ms of {STORY_MS} were sent again"
        assert sound_ms > STORY_MS - 1_500 * HEARD_SECONDS - 1_000, f"only {sound_ms} ms of {STORY_MS} were left"
        second.transport.abort()
        again, unbroken = await _socket(server, back, last)
        assert unbroken["parley"]["resume"]["replayed"] == 0, unbroken
        await _refused(server, back)
        await _end_as_call(server, third, again, unbroken)
    finally:
        await first.close()
        await third.close()
    return f"{sound_ms} ms of an answer of {STORY_MS} ms came by WebSocket after the call was lost"


async def _begin(server: Server, peer: AiortcPeer) -> tuple[Event, Event]:
    """A call that listens to an answer for some seconds. Returns its first event and its last."""
    created = await _call(server, peer, "model=parley-scripted&parley=1")
    peer.send(json.dumps(LISTENS_NOT))
    peer.send(json.dumps({"type": "response.create"}))
    event = created
    while event["type"] != "output_audio_buffer.started":
        event = json.loads(await peer.message())
    await peer.heard(HEARD_SECONDS)
    return created, event


async def _call(server: Server, peer: AiortcPeer, query: str) -> Event:
    """Places a call; the first event of its session."""
    _, answer = await asyncio.to_thread(server.place, await peer.offer(), f"/v1/realtime/calls?{query}")
    await peer.accept(answer)
    return json.loads(await peer.message())


async def _socket(server: Server, created: Event, last: Event) -> tuple[ClientConnection, Event]:
    """Comes back by WebSocket, to everything that it has not had."""
    socket = await connect(f"{_address(server)}?resume={_token(created)}&after={last['event_id']}")
    back = await _next(socket)
    assert back["type"] == "session.created" and back["parley"]["resume"]["complete"], back
    return socket, back


async def _rest(socket: ClientConnection) -> tuple[int, Event]:
    """Reads to the end of the answer. Returns how much sound there was, and the last event."""
    sound_bytes = 0
    while (event := await _next(socket))["type"] != "response.done":
        if event["type"] == "response.output_audio.delta":
            sound_bytes += len(base64.b64decode(event["delta"]))
    assert event["response"]["status"] == "completed", event
    return sound_bytes // PCM_BYTES_PER_MS, event


async def _refused(server: Server, created: Event) -> None:
    """A token that has been used opens nothing."""
    socket = await connect(f"{_address(server)}?resume={_token(created)}")
    refusal = await _next(socket)
    assert refusal["type"] == "error" and refusal["error"]["code"] == "invalid_resume_token", refusal


async def _end_as_call(server: Server, peer: AiortcPeer, socket: ClientConnection, created: Event) -> None:
    """The conversation goes on in a call, which hears a new answer; its goodbye ends the session, and no token helps."""
    socket.transport.abort()
    back = await _call(server, peer, f"resume={_token(created)}")
    assert back["session"]["id"] == created["session"]["id"], back
    peer.send(json.dumps({"type": "response.create"}))
    await peer.heard(1)
    await peer.close()
    await asyncio.to_thread(until, lambda: server.calls() == 0, "the goodbye being heard")
    socket = await connect(f"{_address(server)}?resume={_token(back)}")
    refusal = await _next(socket)
    assert refusal["type"] == "error", refusal


async def _next(socket: ClientConnection) -> Event:
    return json.loads(await asyncio.wait_for(socket.recv(), LIMIT_SECONDS))


def _token(created: Event) -> str:
    return created["parley"]["resume"]["token"]


def _address(server: Server) -> str:
    return f"{server.url}/v1/realtime".replace("http", "ws", 1)
