"""Calls through a TURN server, the direct path being closed."""

from interop.aiortc_peer import AiortcPeer
from interop.calls import call, exchange, listen
from interop.candidates import candidates
from interop.coturn import PASSWORD, PORT, USER, Coturn
from interop.server import Server
from interop.topology import FAR, INSIDE, OUTSIDE, between_three


def udp() -> str:
    return _relayed("udp")


def tcp() -> str:
    return _relayed("tcp")


def _relayed(transport: str) -> str:
    """The server reaches coturn over `transport` alone, the client reaches it too; they never reach each other."""
    router, outside, client = between_three()
    router.command("iptables -P FORWARD DROP")
    for one, other, protocol in ((INSIDE, OUTSIDE, transport), (FAR, OUTSIDE, "udp")):
        router.command(f"iptables -A FORWARD -s {one} -d {other} -p {protocol} -j ACCEPT")
        router.command(f"iptables -A FORWARD -s {other} -d {one} -p {protocol} -j ACCEPT")
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
