"""Signalling over HTTPS with curl and nothing but the CA file."""

import asyncio
import subprocess
import tempfile
from pathlib import Path

from interop import messages
from interop.aiortc_peer import AiortcPeer, use_address
from interop.certificates import make_certificates
from interop.server import CALLS, Server
from interop.waiting import until


def signalled_by_curl() -> str:
    with tempfile.TemporaryDirectory(prefix="parley-certs-") as folder:
        https = make_certificates(Path(folder))
        with Server(["127.0.0.1"], https=https) as server:
            assert _refused_without_ca(server.secure_url), "curl trusted the server without the CA file"
            return asyncio.run(_call(server, Path(https["ca-certificate"])))


async def _call(server: Server, ca: Path) -> str:
    use_address("127.0.0.1")
    peer = AiortcPeer()
    try:
        headers, answer = await asyncio.to_thread(_post_offer, server.secure_url, ca, await peer.offer())
        assert headers[0].split()[1] == "201", headers
        call = next(line.split(": ", 1)[1] for line in headers if line.lower().startswith("location: "))
        await peer.accept(answer)
        message = messages.messages()[1]
        messages.check(message, await peer.exchange(message))
        status = await asyncio.to_thread(_hang_up, f"{server.secure_url}{call}/hangup", ca)
        assert status == "200", status
        await peer.ended()
        await asyncio.to_thread(until, lambda: server.calls() == 0, "the server having no call after the hang-up")
        status = await asyncio.to_thread(_hang_up, f"{server.secure_url}{call}/hangup", ca)
        assert status == "404", f"hanging up a second time gave {status}"
        return "call, message, hang-up"
    finally:
        await peer.close()


def _post_offer(url: str, ca: Path, offer: str) -> tuple[list[str], str]:
    """The header lines and the body, read from `curl -i`."""
    output = _curl(
        *("--cacert", str(ca), "-i", "-H", "Content-Type: application/sdp", "-H", "Authorization: Bearer any"),
        *("--data-binary", "@-", f"{url}{CALLS}"),
        body=offer,
    )
    head, answer = output.split("\r\n\r\n", 1)
    return head.split("\r\n"), answer


def _hang_up(url: str, ca: Path) -> str:
    return _curl("--cacert", str(ca), "-o", "/dev/null", "-w", "%{http_code}", "-X", "POST", url)


def _refused_without_ca(url: str) -> bool:
    command = ["curl", "-s", "-m", "10", "--http1.1", f"{url}/health"]
    return subprocess.run(command, capture_output=True).returncode == 60


def _curl(*arguments: str, body: str = "") -> str:
    command = ["curl", "-sS", "-m", "10", "--http1.1", *arguments]
    finished = subprocess.run(command, input=body.encode(), capture_output=True, check=False)
    assert finished.returncode == 0, finished.stderr.decode()
    return finished.stdout.decode()
