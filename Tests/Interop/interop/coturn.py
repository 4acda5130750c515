"""coturn on a host of the test's own: a STUN and TURN server (RFC 8489, RFC 8656)."""

from __future__ import annotations

import socket
import subprocess
import tempfile

from aioice import stun

from .hosts import Host
from .waiting import until

PORT = 3478
TLS_PORT = 5349
USER = "parley"
PASSWORD = "a-password-of-this-test"
ANSWER_SECONDS = 0.2


class Coturn:
    """Runs through the `with` block; prints its last output when that fails."""

    def __init__(self, host: Host, address: str, secret: str | None = None, tls: bool = False) -> None:
        """With `secret` its users are those whose credentials were made with it, else one by name and password. With `tls` it
        listens at `TLS_PORT` too, under a certificate of its own for its address."""
        self._host, self._address, self._tls = host, address, tls
        self._users = (
            f"--use-auth-secret --static-auth-secret={secret}" if secret else f"--lt-cred-mech --user={USER}:{PASSWORD}")

    def __enter__(self) -> Coturn:
        self._folder = tempfile.TemporaryDirectory(prefix="parley-coturn-")
        self._log = open(f"{self._folder.name}/log", "w+", errors="replace")
        options = (
            f"-n -v --log-file=stdout --pidfile={self._folder.name}/pid --userdb={self._folder.name}/users"
            f" --listening-ip={self._address} --relay-ip={self._address} --listening-port={PORT}"
            f" {self._users} --realm=parley --no-cli {self._certificate()} --no-dtls --relay-threads=1"
        )
        command = ["turnserver", *options.split()]
        self._process = self._host.run(
            subprocess.Popen, command, stdout=self._log, stderr=subprocess.STDOUT, cwd=self._folder.name)
        until(lambda: self._host.run(_answers, self._address), "coturn answering")
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
        if kind is not None:
            print("coturn's last words:", *self.lines()[-40:], sep="\n    ")
        self._log.close()
        self._folder.cleanup()

    def _certificate(self) -> str:
        if not self._tls:
            return "--no-tls"
        key, certificate = f"{self._folder.name}/key.pem", f"{self._folder.name}/certificate.pem"
        make = (
            f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=relay"
            f" -addext subjectAltName=IP:{self._address} -keyout {key} -out {certificate}")
        subprocess.run(make.split(), check=True, capture_output=True)
        return f"--tls-listening-port={TLS_PORT} --cert={certificate} --pkey={key}"

    def lines(self) -> list[str]:
        with open(self._log.name, errors="replace") as log:
            return log.read().splitlines()


def _answers(address: str) -> bool:
    request = bytes(stun.Message(message_method=stun.Method.BINDING, message_class=stun.Class.REQUEST))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.settimeout(ANSWER_SECONDS)
        probe.sendto(request, (address, PORT))
        try:
            return len(probe.recv(1500)) > 0
        except OSError:
            return False
