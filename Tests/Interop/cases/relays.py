"""Calls through a TURN server, the direct path being closed."""

from interop.aiortc_peer import AiortcPeer
from interop.calls import call, exchange, listen
from interop.candidates import candidates
from interop.chromium import Chromium
from interop.coturn import PASSWORD, PORT, TLS_PORT, USER, Coturn
from interop.forwarder import Forwarder
from interop.hosts import Host
from interop.page import check_call
from interop.server import Server
from interop.topology import FAR, INSIDE, OUTSIDE, between_three

SECRET = "a-secret-of-this-test"


def udp() -> str:
    return _relayed("udp")


def tcp() -> str:
    return _relayed("tcp")


def _relayed(transport: str) -> str:
    """The server reaches coturn over `transport` alone, the client reaches it too; they never reach each other."""
    router, outside, client = between_three()
    _let_only(router, (INSIDE, OUTSIDE, transport), (FAR, OUTSIDE, "udp"))
    ice = {
        "turn-servers": [f"turn:{OUTSIDE}:{PORT}?transport={transport}"],
        "turn-user": USER,
        "turn-password": PASSWORD,
    }
    with Coturn(outside, OUTSIDE), Server([], ice=ice) as server:
        measured = call(server, client, FAR, _speech_by_relay)
    return f"{measured}, by {OUTSIDE} over {transport}"


async def _speech_by_relay(peer: AiortcPeer, answer: str) -> str:
    relays = {each.address for each in candidates(answer) if each.kind == "relay"}
    assert relays == {OUTSIDE}, answer
    await exchange(peer)
    figures = await listen(peer)
    assert peer.remote_address() == OUTSIDE, peer.remote_address()
    return figures


def chromium_udp() -> str:
    return _chromium("udp")


def chromium_tcp() -> str:
    return _chromium("tcp")


def chromium_tls() -> str:
    """As behind a firewall that lets nothing out but TLS."""
    return _chromium("tcp", TLS_PORT)


def _chromium(transport: str, tls_port: int | None = None) -> str:
    """The page, which asks the server for relays; by `transport` to coturn is the only way out that its network has."""
    router, outside, client = between_three()
    _let_only(router, (FAR, OUTSIDE, transport), (INSIDE, OUTSIDE, "udp"))
    relay = f"turn:{OUTSIDE}:{PORT}?transport={transport}"
    if tls_port:
        relay = f"turns:{OUTSIDE}:{tls_port}"
        # Not even to the port without TLS.
        router.command(f"iptables -I FORWARD -s {FAR} -p tcp ! --dport {tls_port} -j DROP")
    ice = {"client-servers": [relay], "client-secret": SECRET}
    coturn = Coturn(outside, OUTSIDE, SECRET, tls=tls_port is not None)
    with coturn, Server([], ice=ice) as server, Forwarder(client, server.port):
        return f"{client.run(_call_by_relay, server)}, by {relay}"


def _call_by_relay(server: Server) -> str:
    # The relay's certificate is of nobody that a browser knows.
    with Chromium(server.page(), ["--ignore-certificate-errors"]) as page:
        return check_call(page)


def _let_only(router: Host, *ways: tuple[str, str, str]) -> None:
    """Two addresses and a protocol each, in both directions; nothing else passes."""
    router.command("iptables -P FORWARD DROP")
    for one, other, protocol in ways:
        router.command(f"iptables -A FORWARD -s {one} -d {other} -p {protocol} -j ACCEPT")
        router.command(f"iptables -A FORWARD -s {other} -d {one} -p {protocol} -j ACCEPT")
