"""A stranger floods the media port of a call that is up."""

import asyncio
import random
import re
from pathlib import Path

from aioice import stun

from interop.aiortc_peer import AiortcPeer
from interop.calls import call, exchange, listen
from interop.candidates import candidates
from interop.flood import flood
from interop.hosts import Host
from interop.server import Server
from interop.topology import INSIDE, OUTSIDE, between_three

REQUESTS = 1_000_000
NOISE = 100_000
PER_SECOND = 60_000
# The kernel drops what the server cannot read in time: most must have been read for the flood to show anything.
READ_SHARE = 0.8
MEMORY_SLACK_KIB = 4 * 1024


def flooded() -> str:
    """The call's sound is right while the flood lasts and after it, memory stays, and another call works then."""
    _, client, stranger = between_three()
    with Server([]) as server:

        async def use(peer: AiortcPeer, answer: str) -> str:
            return await _hold(peer, answer, server, stranger)

        measured = call(server, client, OUTSIDE, use)
        call(server, client, OUTSIDE, lambda peer, _: exchange(peer))
    return measured


async def _hold(peer: AiortcPeer, answer: str, server: Server, stranger: Host) -> str:
    port = next(each.port for each in candidates(answer) if each.transport == "udp")
    await exchange(peer)
    memory, read = server.resident_kib(), _read_datagrams()
    peer.forget()
    seconds, _ = await asyncio.gather(asyncio.to_thread(stranger.run, _flood, port, _requests(answer)), listen(peer))
    read = _read_datagrams() - read
    assert read >= READ_SHARE * (REQUESTS + NOISE), f"the server read only {read} datagrams"
    peer.forget()
    await exchange(peer)
    figures = await listen(peer)
    grown = server.resident_kib() - memory
    assert grown <= MEMORY_SLACK_KIB, f"the server's memory grew by {grown} KiB"
    return f"{REQUESTS:,} requests and {NOISE:,} others in {seconds:.0f} s, {read:,} read, {grown:+} KiB; {figures}"


def _flood(port: int, requests: list[bytes]) -> float:
    """Requests, then noise. Returns the seconds it took."""
    return flood(INSIDE, port, requests, REQUESTS, PER_SECOND) + flood(INSIDE, port, _noise(), NOISE, PER_SECOND)


def _requests(answer: str) -> list[bytes]:
    """Binding requests (RFC 8489) with no credentials, with a foreign user, and with the right user but a wrong key."""
    name = re.search(r"^a=ice-ufrag:(\S+)", answer, re.MULTILINE)[1]
    return [_request(user) for _ in range(300) for user in (None, "foreign:user", f"{name}:user")]


def _request(user: str | None) -> bytes:
    request = stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST)
    if user:
        request.attributes["USERNAME"] = user
        request.attributes["PRIORITY"] = 1
        request.attributes["ICE-CONTROLLING"] = random.getrandbits(64)
        request.attributes["USE-CANDIDATE"] = None
        request.add_message_integrity(b"not the password")
    return bytes(request)


def _noise() -> list[bytes]:
    """Random bytes, with first bytes of every class that RFC 7983 tells apart: STUN, DTLS, RTP, and none."""
    source = random.Random(7)
    return [bytes([first]) + source.randbytes(source.randrange(1200)) for first in range(256) for _ in range(4)]


def _read_datagrams() -> int:
    """UDP datagrams that processes of the server's host have read."""
    lines = Path("/proc/self/net/snmp").read_text().splitlines()
    names, values = (line.split() for line in lines if line.startswith("Udp:"))
    return int(values[names.index("InDatagrams")])
