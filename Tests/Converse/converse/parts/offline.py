"""A whole conversation on a machine that has loopback and nothing else, and what the server tried to reach meanwhile."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from .. import browser, paths, recordings
from ..lab import Lab
from ..report import Row, not_run
from interop.namespace import set_up_loopback, wrap
from interop.server import COMMAND

TITLE = "without any network"
SHORT = True

# Every call that names where to send or connect to.
CALLS = "connect,sendto,sendmsg,sendmmsg"
LIMIT_SECONDS = 240
ADDRESS = re.compile(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')
PORT = re.compile(r"sin6?_port=htons\((\d+)\)")


def run(lab: Lab) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="parley-offline-") as folder:
        trace = Path(folder) / "trace"
        traced = ["strace", "-D", "-f", "--seccomp-bpf", "-qq", "-e", f"trace={CALLS}", "-o", str(trace), *COMMAND]
        environment = os.environ | {"PARLEY": " ".join(traced), "PYTHONPATH": str(paths.FOLDER)}
        inside = [sys.executable, "-c", "from converse.parts import offline; offline.inside()"]
        try:
            process = subprocess.run(
                wrap(inside, own_network=True), env=environment, capture_output=True, text=True, timeout=LIMIT_SECONDS
            )
        except FileNotFoundError as error:
            return [not_run("a conversation in a network namespace", str(error))]
        output = (process.stdout + process.stderr).strip()
        heard = output.splitlines()[-1] if output else "no output"
        if process.returncode:
            print(output)
        attempts, calls = outside(trace.read_text()) if trace.exists() else (["no trace"], 0)
    what = f"{len(attempts)} of {calls} calls with an address" + (f": {', '.join(sorted(set(attempts))[:5])}" if attempts else "")
    return [
        Row("a spoken question in a namespace without a route", "Canberra heard", heard, process.returncode == 0),
        Row("connections or datagrams to elsewhere, DNS queries", "0", what, not attempts and calls > 0),
    ]


def inside() -> None:
    """In the namespace: the call of the first page, asking one thing."""
    set_up_loopback()
    routes = Path("/proc/net/route").read_text().splitlines()[1:]
    assert not routes, f"there is a way out: {routes}"
    with Lab(short=True).gateway() as server, browser.FirstPage(server.url) as page:
        call = page.call(recordings.load(recordings.utterance("C_000").path))
        heard = call.answer(0)
        call.hang_up()
    assert "canberra" in heard.lower(), heard
    print(f"“{heard}”")


def outside(trace: str) -> tuple[list[str], int]:
    """Addresses that are not loopback, or any DNS port; and how many calls named an address at all."""
    attempts, calls = [], 0
    for line in trace.splitlines():
        address, port = ADDRESS.search(line), PORT.search(line)
        if not address:
            continue
        calls += 1
        name = address[1] or address[2]
        if not name.removeprefix("::ffff:").startswith("127.") and name != "::1" or (port and port[1] in ("53", "5353")):
            attempts.append(f"{name} port {port[1] if port else '?'}")
    return attempts, calls
