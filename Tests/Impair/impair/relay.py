"""UDP between one client and the gateway, through two `Path`s; every relay lives on one event loop in a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from .path import Conditions, Path

T = TypeVar("T")

Address = tuple[str, int]
# RTCP shares the port with RTP and is told from it by its second byte (RFC 5761 §4).
CONTROL = range(192, 224)


# Made once, before any thread asks for it.
_LOOP = asyncio.new_event_loop()
threading.Thread(target=_LOOP.run_forever, daemon=True, name="relays").start()


def loop() -> asyncio.AbstractEventLoop:
    return _LOOP


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run_coroutine_threadsafe(work, loop()).result(10)


class Relay:
    """Listens for one client on `port` and talks to the gateway from a socket of its own, so that the gateway sees one peer."""

    def __init__(self, host: str, gateway: Address, up: Conditions, down: Conditions, seed: int, drops_control: bool) -> None:
        """`drops_control`: no RTCP passes, so that neither side learns how the other hears it."""
        self._drops_control = drops_control
        self._client: Address | None = None
        self._up, self._down = Path(up, 2 * seed), Path(down, 2 * seed + 1)
        self._near, self._far = run(self._open(host, gateway))
        self.port: int = self._near.get_extra_info("sockname")[1]

    def close(self) -> None:
        for socket in (self._near, self._far):
            loop().call_soon_threadsafe(socket.close)

    async def _open(self, host: str, gateway: Address) -> tuple[asyncio.DatagramTransport, asyncio.DatagramTransport]:
        near, _ = await loop().create_datagram_endpoint(lambda: Receiver(self._from_client), (host, 0))
        far, _ = await loop().create_datagram_endpoint(lambda: Receiver(self._from_gateway), remote_addr=gateway)
        return near, far

    def _from_client(self, data: bytes, address: Address) -> None:
        self._client = address
        self._pass(data, self._up, self._far.sendto)

    def _from_gateway(self, data: bytes, _: Address) -> None:
        self._pass(data, self._down, lambda data: self._client and self._near.sendto(data, self._client))

    def _pass(self, data: bytes, path: Path, send: Callable[[bytes], object]) -> None:
        if self._drops_control and len(data) > 1 and data[0] >> 6 == 2 and data[1] in CONTROL:
            return
        now = loop().time()
        for arrival in path.send(now, len(data)):
            loop().call_at(arrival, self._deliver, data, send)

    def _deliver(self, data: bytes, send: Callable[[bytes], object]) -> None:
        if not self._far.is_closing():
            send(data)


class Receiver(asyncio.DatagramProtocol):
    def __init__(self, take: Callable[[bytes, Address], None]) -> None:
        self.datagram_received = take

    def error_received(self, _: OSError) -> None:
        """A port that is gone already: the call is over."""
