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
RANDOM = 100_000
PER_SECOND = 60_000
# Of those sent; the kernel drops what the server cannot read in time.
READ_SHARE = 0.5
MEMORY_SLACK_KIB = 8 * 1024


def flooded() -> str:
    _, client, stranger = between_three()
    with Server([]) as server:

        async def use(peer: AiortcPeer, answer: str) -> str:
            return await _hold(peer, answer, server, stranger)

        measured = call(server, client, OUTSIDE, use)
        call(server, client, OUTSIDE, lambda peer, _: exchange(peer))
    return measured


async def _hold(peer: AiortcPeer, answer: str, server: Server, stranger: Host) -> str:
    await exchange(peer)
    port = next(each.port for each in candidates(answer) if each.transport == "udp")
    datagrams = _requests(answer)
    before, read_before = server.resident_kib(), _read_datagrams()
    seconds = await asyncio.to_thread(stranger.run, flood, INSIDE, port, datagrams, REQUESTS, PER_SECOND)
    seconds += await asyncio.to_thread(stranger.run, flood, INSIDE, port, _noise(), RANDOM, PER_SECOND)
    read = _read_datagrams() - read_before
    peer.forget()
    await exchange(peer)
    figures = await listen(peer)
    grown = server.resident_kib() - before
    return f"{figures}; sent {REQUESTS} {RANDOM} in {seconds:.1f} s, read {read}, memory grew {grown} KiB"


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
    names, values = (line.split() for line in Path("/proc/self/net/snmp").read_text().splitlines() if line[:4] == "Udp:")
    return int(values[names.index("InDatagrams")])
