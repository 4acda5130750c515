"""Hosts of a test's own, linked as the test says. Nothing leads out of them, and they are gone with the process."""

from __future__ import annotations

import ctypes
import itertools
import os
import shlex
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

NEW_NETWORK = 0x4000_0000  # CLONE_NEWNET
THIS_THREAD = "/proc/thread-self/ns/net"
MAIN_THREAD = "/proc/self/ns/net"

_libc = ctypes.CDLL(None, use_errno=True)
_interfaces = itertools.count()


class Host:
    """A network namespace with loopback; lives as long as this object holds it open."""

    def __init__(self) -> None:
        self._namespace = _in_a_thread(_new_namespace)
        self.command("ip link set lo up")

    @classmethod
    def here(cls) -> Host:
        """Where the test itself runs."""
        host = cls.__new__(cls)
        host._namespace = os.open(MAIN_THREAD, os.O_RDONLY)
        return host

    def run(self, function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Calls `function` on this host: sockets it makes and processes it starts belong there."""

        def entered() -> T:
            _checked(_libc.setns(self._namespace, NEW_NETWORK))
            return function(*arguments, **named)

        return _in_a_thread(entered)

    def command(self, line: str) -> str:
        """What the command printed."""
        finished = self.run(subprocess.run, shlex.split(line), capture_output=True, text=True)
        assert finished.returncode == 0, f"{line}: {finished.stderr}"
        return finished.stdout

    def link(self, address: str, other: Host, other_address: str) -> None:
        """A cable: `address` (with its prefix length) at this end, `other_address` at the other; IPv4 or IPv6."""
        here, there = (f"test{next(_interfaces)}" for _ in range(2))
        self.command(f"ip link add {here} type veth peer name {there} netns {other.path}")
        for host, name, own in ((self, here, address), (other, there, other_address)):
            # Without duplicate address detection: an IPv6 address can be used at once.
            host.command(f"ip address add {own} dev {name}" + (" nodad" if ":" in own else ""))
            host.command(f"ip link set {name} up")

    def route_by(self, router: str) -> None:
        self.command(f"ip route add default via {router}")

    def forward(self) -> None:
        """Makes this host a router."""
        self.command("sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'")

    @property
    def path(self) -> str:
        return f"/proc/{os.getpid()}/fd/{self._namespace}"


def _in_a_thread(function: Callable[[], T]) -> T:
    """A namespace belongs to a thread: one of its own, which then ends, leaves the others where they are."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(function).result()


def _new_namespace() -> int:
    _checked(_libc.unshare(NEW_NETWORK))
    return os.open(THIS_THREAD, os.O_RDONLY)


def _checked(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
