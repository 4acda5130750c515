"""The networks of the cases about addresses: the test's own host, where the server runs, and others around it."""

from .hosts import Host

# The server's host, behind a router.
INSIDE, INSIDE_ROUTER = "10.1.0.2", "10.1.0.1"
# The router's outer side, and a host there.
OUTSIDE_ROUTER, OUTSIDE = "203.0.113.1", "203.0.113.2"
# A third host, by another cable of the router.
FAR, FAR_ROUTER = "192.0.2.2", "192.0.2.1"
# What a 1:1 NAT shows of the server.
PUBLIC = "198.51.100.10"
# A client's address on the way by which it begins, and on the other.
ROAMER, ROAMER_OTHER = "192.168.1.2", "192.168.2.2"


def behind_router() -> tuple[Host, Host]:
    """The server's host, a router, a host outside. Returns the latter two; nothing leads from outside to inside yet."""
    here, router, outside = Host.here(), Host(), Host()
    here.link(f"{INSIDE}/24", router, f"{INSIDE_ROUTER}/24")
    router.link(f"{OUTSIDE_ROUTER}/24", outside, f"{OUTSIDE}/24")
    router.forward()
    here.route_by(INSIDE_ROUTER)
    return router, outside


def between_three() -> tuple[Host, Host, Host]:
    """The same with a third host, all of them leading to each other. Returns the router, the outside and far hosts."""
    router, outside = behind_router()
    far = Host()
    router.link(f"{FAR_ROUTER}/24", far, f"{FAR}/24")
    outside.route_by(OUTSIDE_ROUTER)
    far.route_by(FAR_ROUTER)
    return router, outside, far


class TwoWays:
    """A client with two ways to the server's host, each through a NAT of its own, as Wi-Fi and a mobile network are.
    Which one it takes is a matter of its routes: its sockets see nothing of it."""

    def __init__(self) -> None:
        here, backbone, self.client = Host.here(), Host(), Host()
        here.link(f"{INSIDE}/24", backbone, f"{INSIDE_ROUTER}/24")
        here.route_by(INSIDE_ROUTER)
        backbone.forward()
        self._routers = []
        for way, address in ((1, ROAMER), (2, ROAMER_OTHER)):
            router = Host()
            backbone.link(f"203.0.{way}.1/24", router, f"203.0.{way}.2/24")
            router.link(f"192.168.{way}.1/24", self.client, f"{address}/24")
            router.forward()
            router.route_by(f"203.0.{way}.1")
            router.command(f"iptables -t nat -A POSTROUTING -s {ROAMER} -j MASQUERADE")
            self._routers.append(router)
        self._routers[1].command(f"ip route add {ROAMER} via {ROAMER_OTHER}")
        self._take(1)

    def move(self) -> None:
        """Takes the client to the other way; the one it was on leads nowhere any more."""
        self.darken()
        self._take(2)

    def darken(self) -> None:
        """Nothing passes any more on the way by which the client began."""
        self._routers[0].command("iptables -I FORWARD -j DROP")

    def lighten(self) -> None:
        self._routers[0].command("iptables -D FORWARD -j DROP")

    def _take(self, way: int) -> None:
        self.client.command(f"ip route replace default via 192.168.{way}.1")


def neighbour(address: str, other: str) -> Host:
    """A host at `other` beside the server's host at `address`; both with prefix lengths."""
    host = Host()
    Host.here().link(address, host, other)
    return host
