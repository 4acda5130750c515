"""A port of one host as a port of another: signalling apart from the network that a test is about."""

from __future__ import annotations

import socket
import threading

from .hosts import Host


class Forwarder:
    """Takes connections on loopback of `client` and carries them to the same port of the test's own loopback, through the
    `with` block."""

    def __init__(self, client: Host, port: int) -> None:
        self._here, self._port = Host.here(), port
        self._listener = client.run(socket.create_server, ("127.0.0.1", port))

    def __enter__(self) -> Forwarder:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = self._here.run(socket.create_connection, ("127.0.0.1", self._port))
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=_copy, args=(source, sink), daemon=True).start()


def _copy(source: socket.socket, sink: socket.socket) -> None:
    try:
        while chunk := source.recv(65536):
            sink.sendall(chunk)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        source.close()
        sink.close()
