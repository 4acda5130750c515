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


def neighbour(address: str, other: str) -> Host:
    """A host at `other` beside the server's host at `address`; both with prefix lengths."""
    host = Host()
    Host.here().link(address, host, other)
    return host
