"""Calls whose path changes or breaks in mid-sentence, with clients that do nothing about it."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from interop import messages, speech
from interop.aiortc_peer import AiortcPeer
from interop.calls import call, exchange, listen
from interop.chromium import LOOPBACK, Chromium
from interop.forwarder import Forwarder
from interop.page import Page
from interop.server import CALLS, Server
from interop.topology import INSIDE, ROAMER, TwoWays
from interop.waiting import until

# What is asked for is 2 s after the path's return; the rest is for a busy machine.
RECOVERY_SECONDS = 4.0
BLACKOUT_SECONDS = 3.0
# Packets come every 20 ms.
STALL_SECONDS = 0.15
# Ten seconds to be heard, of which three pass in the blackout.
ANSWERS = {
    "hears": ["Tell me a story."],
    "timing": {"word_ms": 400},
    "rules": [{"reply": [{"say": " ".join(["story"] * 25) + "."}]}],
}


def aiortc_moves() -> str:
    """From one NAT to another: the same sockets at another address."""

    def move(network: TwoWays) -> float:
        network.move()
        return 0.0

    return _interrupted(move, "the move")


def aiortc_blackout() -> str:
    """Nothing passes either way for three seconds, then everything again."""

    def blackout(network: TwoWays) -> float:
        start = time.monotonic()
        network.darken()
        time.sleep(BLACKOUT_SECONDS)
        network.lighten()
        return time.monotonic() - start

    return _interrupted(blackout, f"{BLACKOUT_SECONDS:.0f} s of nothing")


def aiortc_turn_kept() -> str:
    """In mid-sentence nothing passes for three seconds: the sentence becomes a turn, whose answer is heard when the path is back."""
    network = TwoWays()

    async def use(peer: AiortcPeer, _: str) -> str:
        await _event(peer, "session.created")
        peer.say(BLACKOUT_SECONDS)
        await _event(peer, "input_audio_buffer.speech_started")
        network.darken()
        await asyncio.sleep(BLACKOUT_SECONDS)
        network.lighten()
        back = time.monotonic()
        peer.forget()
        heard, told = await asyncio.gather(_time(peer.heard(0.5), back), _time(_event(peer, "response.created"), back))
        await _event(peer, "response.output_audio_transcript.done")
        assert heard < RECOVERY_SECONDS, f"the answer was heard {heard:.1f} s after the path's return"
        assert told < RECOVERY_SECONDS, f"the answer was told of {told:.1f} s after the path's return"
        return f"after {BLACKOUT_SECONDS:.0f} s of nothing half a second of the answer was heard in {heard:.1f} s, events came in {told:.1f} s"

    with TemporaryDirectory(prefix="parley-interop-") as folder:
        script = Path(folder) / "script.json"
        script.write_text(json.dumps(ANSWERS))
        with Server([INSIDE], engine={"embedded": False, "script": str(script)}) as server:
            path = "/v1/realtime/calls?model=parley-scripted"
            return call(server, network.client, ROAMER, use, path=path, quiet=True)


async def _event(peer: AiortcPeer, name: str) -> None:
    while json.loads(await peer.message())["type"] != name:
        pass


async def _time(event: Awaitable[None], since: float) -> float:
    await event
    return time.monotonic() - since


def chromium_moves() -> str:
    """The page with its call does nothing: Chromium's sockets are the same at another address."""
    network = TwoWays()
    with Server([INSIDE]) as server, Forwarder(network.client, server.port):
        return network.client.run(_chromium_moves, server, network)


def _chromium_moves(server: Server, network: TwoWays) -> str:
    with Chromium(server.page()) as page:
        page.call()
        until(lambda: page.stats()["received"] > 50, "a second of sound")
        network.move()
        recovery = _stall(page)
        messages.check(messages.messages()[0], page.exchange(messages.messages()[0]))
        heard = speech.check(page.record())
        page.click("#call")
        until(lambda: server.calls() == 0, "the server having no call after the button")
        assert recovery < RECOVERY_SECONDS, f"sound came back {recovery:.1f} s after the move"
        return f"sound came back {1000 * recovery:.0f} ms after the move: {heard}"


def _stall(page: Page) -> float:
    """Waits until packets have stopped and come again; for how many seconds they did not."""
    last, since = page.stats()["received"], time.monotonic()

    def news() -> float | None:
        nonlocal last, since
        count, now = page.stats()["received"], time.monotonic()
        if count == last:
            return None
        stalled, last, since = now - since, count, now
        return stalled if stalled > STALL_SECONDS else None

    return until(news, "packets that stop and come again", 30)


def chromium_restarts() -> str:
    """The page starts ICE anew, twice; offers that are none change nothing."""
    with Server(["127.0.0.1"]) as server, Chromium(server.page(), LOOPBACK) as page:
        with page.page.expect_response(lambda response: response.url.endswith(CALLS)) as placed:
            page.call()
        path = placed.value.headers["location"]
        fragments = set()
        for _ in range(2):
            for offer in ("", "v=0\r\n", "no offer"):
                status, error = server.restart(path, offer)
                assert status == 400 and error["code"] in ("missing_sdp", "invalid_sdp"), (status, error)
            fragments |= set(page.evaluate("parleyDemo.restart()").values())
            messages.check(messages.messages()[0], page.exchange(messages.messages()[0]))
        heard = speech.check(page.record())
        assert len(fragments) == 3, fragments
        page.click("#call")
        until(lambda: server.calls() == 0, "the server having no call after the button")
        status, error = server.restart(path, "v=0\r\n")
        assert status == 404 and error["code"] == "call_not_found", (status, error)
        return f"restarted twice, then {heard}"


def _interrupted(interrupt: Callable[[TwoWays], float], what: str) -> str:
    """A call with sound before and speech after `interrupt`, which returns for how many seconds there was no path at all."""
    network = TwoWays()

    async def use(peer: AiortcPeer, _: str) -> str:
        await exchange(peer)
        await peer.flowing()
        without_path = await asyncio.to_thread(interrupt, network)
        recovery = await peer.gap() - without_path
        peer.forget()
        await exchange(peer)
        after = await listen(peer)
        assert recovery < RECOVERY_SECONDS, f"sound came back {recovery:.1f} s after {what}"
        return f"sound came back {1000 * recovery:.0f} ms after {what}: {after}"

    with Server([INSIDE]) as server:
        return call(server, network.client, ROAMER, use)
