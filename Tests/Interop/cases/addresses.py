"""Which addresses an answer names, and that calls come in by them."""

import json
import time
from urllib.error import HTTPError

from interop.aiortc_peer import AiortcPeer
from interop.calls import call, exchange, offer
from interop.candidates import Candidate, candidates, without_candidates
from interop.coturn import PORT, Coturn
from interop.hosts import Host
from interop.server import Server
from interop.topology import INSIDE, OUTSIDE, OUTSIDE_ROUTER, PUBLIC, behind_router, neighbour
from interop.waiting import until

LOOPBACK = "127.0.0.1"
# The configured wait is 0.5 s; the rest is for a busy machine.
SILENT_SERVER_SECONDS = 2.0
REFUSAL_SECONDS = 5.0
PORTS = range(40_000, 40_004)


def stun() -> str:
    """Behind a NAT the answer names the address that coturn outside sees."""
    router, outside = behind_router()
    router.command(f"iptables -t nat -A POSTROUTING -s {INSIDE} -j MASQUERADE")
    settings = {"stun-server": f"{OUTSIDE}:{PORT}"}
    with Coturn(outside, OUTSIDE), Server([], ice=settings) as server:
        answer, _ = call(server, outside, OUTSIDE, _connected)
        assert _addresses(answer, "host") == {INSIDE}, answer
        assert _addresses(answer, "srflx") == {OUTSIDE_ROUTER}, answer
    router.command(f"iptables -A FORWARD -p udp --dport {PORT} -j DROP")
    with Server([], ice=settings) as server:
        start = time.monotonic()
        path, answer = server.place(offer(outside, OUTSIDE))
        waited = time.monotonic() - start
        server.hang_up(path)
    assert _addresses(answer, "host") == {INSIDE}, answer
    assert not _addresses(answer, "srflx"), answer
    assert waited < SILENT_SERVER_SECONDS, f"a silent STUN server delayed the answer by {waited:.2f} s"
    return f"{OUTSIDE_ROUTER} learned by STUN; with a silent server the answer came after {1000 * waited:.0f} ms"


def nat() -> str:
    """A 1:1 NAT before the server, and a client that says nothing about where it is: only its own checks, sent to the
    public address, can connect."""
    router, outside = behind_router()
    router.command(f"iptables -t nat -A PREROUTING -d {PUBLIC} -j DNAT --to-destination {INSIDE}")
    router.command(f"iptables -t nat -A POSTROUTING -s {INSIDE} -j SNAT --to-source {PUBLIC}")
    outside.command(f"ip route add {PUBLIC} via {OUTSIDE_ROUTER}")
    with Server([], ice={"public-address": PUBLIC}) as server:
        answer, by = call(server, outside, OUTSIDE, _connected, edit=without_candidates)
    assert PUBLIC in _addresses(answer, "host"), answer
    assert by == PUBLIC, by
    return f"a client outside connected to {PUBLIC}"


def port_range() -> str:
    """More calls than ports: each is answered within the range or refused, and later ones find the ports free again."""
    text = offer(Host.here(), LOOPBACK)
    with Server([LOOPBACK], ice={"port-range": f"{PORTS[0]}-{PORTS[-1]}"}) as server:
        answered = [answer for _ in range(3 * len(PORTS)) if (answer := _place(server, text))]
        for _, answer in answered:
            _check_ports(candidates(answer), answer)
        transports = {each.transport for _, answer in answered for each in candidates(answer)}
        assert transports == {"udp", "tcp"}, transports
        assert len(answered) == len(PORTS), f"{len(answered)} calls on {len(PORTS)} ports"
        for path, _ in answered:
            server.hang_up(path)
        until(lambda: server.calls() == 0, "the server having no call after the hang-ups")
        answer, _ = call(server, Host.here(), LOOPBACK, _connected)
        _check_ports(candidates(answer), answer)
    return f"{len(answered)} of {3 * len(PORTS)} calls on {len(PORTS)} ports, the others refused, then a call again"


def ipv6_only() -> str:
    """No IPv4 address anywhere, not even on loopback."""
    client = neighbour("fd77::1/64", "fd77::2/64")
    Host.here().command("ip address del 127.0.0.1/8 dev lo")
    with Server([], http={"hosts": ["::1"]}, https={"hosts": ["::1"]}) as server:
        answer, by = call(server, client, "fd77::2", _connected)
    assert _addresses(answer, "host") == {"fd77::1"} and by == "fd77::1", answer
    return f"connected to {by}"


def no_interface() -> str:
    """Loopback alone: its address is offered although nobody configured it."""
    with Server([]) as server:
        answer, by = call(server, Host.here(), LOOPBACK, _connected)
    found = _addresses(answer, "host")
    assert LOOPBACK in found and found <= {LOOPBACK, "::1"}, answer
    return f"connected to {by}"


async def _connected(peer: AiortcPeer, answer: str) -> tuple[str, str]:
    """The answer, and the address ICE chose, of a call shown to work."""
    await exchange(peer)
    return answer, peer.remote_address()


def _addresses(answer: str, kind: str) -> set[str]:
    return {each.address for each in candidates(answer) if each.kind == kind}


def _place(server: Server, text: str) -> tuple[str, str] | None:
    """The call's path and the answer, or nothing for a refusal in good form."""
    start = time.monotonic()
    try:
        return server.place(text)
    except HTTPError as refusal:
        assert refusal.code == 503, refusal.code
        assert json.load(refusal)["error"]["message"], "no error body"
        assert time.monotonic() - start < REFUSAL_SECONDS, "the refusal came late"
        return None


def _check_ports(found: list[Candidate], answer: str) -> None:
    assert any(each.transport == "udp" for each in found), answer
    assert all(each.port in PORTS for each in found if each.kind == "host"), answer
