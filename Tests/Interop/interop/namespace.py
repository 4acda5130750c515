"""Network namespaces of the tests' own, gone with the process that asked for them."""

import os
import subprocess

from .waiting import until

ADDRESS = "10.77.0.1"


def wrap(command: list[str], own_network: bool) -> list[str]:
    """`command` in a process namespace, so that nothing it starts outlives it, and in a network of its own if asked."""
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    network = ["--net"] if own_network else []
    return ["unshare", *as_root, *network, "--pid", "--fork", "--kill-child", "--mount-proc", "--", *command]


def set_up_network() -> None:
    """Loopback, and one network interface with an address that can be reached from inside only."""
    for command in (
        "ip link set lo up",
        "ip link add inside type veth peer name outside",
        f"ip address add {ADDRESS}/24 dev inside",
        "ip link set outside up",
        "ip link set inside up",
        "ip route add default dev inside",
    ):
        subprocess.run(command.split(), check=True)


def settle() -> None:
    """Waits until the host's IPv6 addresses, which are added with its cables, are known to be free. Chromium fails what it is
    loading when one becomes so (ERR_NETWORK_CHANGED)."""
    until(lambda: not _tentative(), "the host's addresses being known to be free")


def _tentative() -> str:
    return subprocess.run("ip -6 address show tentative".split(), check=True, capture_output=True, text=True).stdout


def set_up_loopback() -> None:
    """Loopback and nothing else: a test that needs more adds it."""
    subprocess.run("ip link set lo up".split(), check=True)


def drop_udp() -> None:
    for table in ("iptables", "ip6tables"):
        for chain in ("INPUT", "OUTPUT"):
            subprocess.run([table, "-A", chain, "-p", "udp", "-j", "DROP"], check=True)
