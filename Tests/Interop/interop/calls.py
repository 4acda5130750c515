"""aiortc calls from hosts of the test's own."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from . import messages, speech
from .aiortc_peer import AiortcPeer, use_address
from .hosts import Host
from .server import CALLS, Server

T = TypeVar("T")


def call(
    server: Server,
    client: Host,
    address: str,
    use: Callable[[AiortcPeer, str], Awaitable[T]],
    edit: Callable[[str], str] = str,
    path: str = CALLS,
    quiet: bool = False,
) -> T:
    """Places a call from `client` at `address` and hands the connected peer and the answer to `use`. The offer, changed
    by `edit`, is posted to `path` on the server's own host, so that the network between has only media to carry."""
    here = Host.here()

    async def whole() -> T:
        use_address(address)
        peer = AiortcPeer(quiet=quiet)
        try:
            offer = edit(await peer.offer())
            _, answer = await asyncio.to_thread(here.run, server.place, offer, path)
            await peer.accept(answer)
            return await use(peer, answer)
        finally:
            await peer.close()

    return client.run(asyncio.run, whole())


def offer(client: Host, address: str) -> str:
    """An offer whose maker has gone: good for an answer, never for a call."""

    async def whole() -> str:
        use_address(address)
        peer = AiortcPeer()
        try:
            return await peer.offer()
        finally:
            await peer.close()

    return client.run(asyncio.run, whole())


async def exchange(peer: AiortcPeer) -> None:
    """Shows that the call is up: 16 KiB there and back."""
    message = messages.messages()[1]
    messages.check(message, await peer.exchange(message))


async def listen(peer: AiortcPeer) -> str:
    """Shows that what comes back is the speech. Returns the figures."""
    return await asyncio.to_thread(speech.check, await peer.record())
