"""What a check works with: servers of the test's own, and sessions with them over the transport that is under test."""

from __future__ import annotations

import asyncio
import os
import tempfile
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from . import http, paths
from .call import Call
from .registry import WEBRTC
from .session import Session
from .websocket import WebSocketSession

from interop.certificates import make_certificates
from interop.server import Server

SCRIPT = paths.FOLDER / "script.json"
KEY = "sk-conformance-of-the-test"
OTHER_KEY = "sk-conformance-of-another"


class Servers:
    """The servers, each started when it is first asked for and stopped at the end."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="parley-conformance-")
        self._https = make_certificates(Path(self._folder.name))
        self._running: dict[str, Server] = {}
        # How docs/operations.md tells clients to trust the local authority.
        os.environ["SSL_CERT_FILE"] = self.ca
        self._lock = threading.Lock()

    @property
    def ca(self) -> str:
        return self._https["ca-certificate"]

    def start(self, **sections: dict[str, Any]) -> Server:
        """A server that the caller stops."""
        settings = {
            "https": self._https,
            "log": {"level": "info"},
            "engine": {"script": str(SCRIPT)},
            "session": {"tokens-per-minute": 1_000_000},
            "prices": {"own": ["* text-in=1 text-out=2 audio-in=3 audio-out=4"]},
        }
        for name, section in sections.items():
            settings[name] = settings.get(name, {}) | section
        return Server(["127.0.0.1"], **settings)

    @asynccontextmanager
    async def running(self, **sections: dict[str, Any]) -> AsyncIterator[Server]:
        """A server for the length of an `async with`."""
        server = await asyncio.to_thread(self.start(**sections).__enter__)
        kind = None
        try:
            yield server
        except BaseException as error:
            kind = type(error)
            raise
        finally:
            await asyncio.to_thread(server.__exit__, kind, None, None)

    def open(self) -> Server:
        """Without keys."""
        return self._shared("open")

    def keyed(self) -> Server:
        """With two keys."""
        return self._shared("keyed", auth={"keys": [KEY, OTHER_KEY]})

    def stop(self) -> None:
        for server in self._running.values():
            server.__exit__(None, None, None)
        self._folder.cleanup()

    def output(self) -> list[str]:
        return [line for server in self._running.values() for line in server.output[-60:]]

    def _shared(self, name: str, **sections: dict[str, Any]) -> Server:
        with self._lock:
            if name not in self._running:
                self._running[name] = self.start(**sections).__enter__()
            return self._running[name]


class Lab:
    """Hands sessions to one check over one transport."""

    def __init__(self, servers: Servers, transport: str, through: str | None = None) -> None:
        """`through`: base address of something between the client and the server without keys."""
        self.servers, self.transport, self._through = servers, transport, through

    @property
    def base(self) -> str:
        return self._through or self.servers.open().url

    @property
    def ca(self) -> str:
        return self.servers.ca

    def session(self, **options: Any) -> Session:
        """A session with the server without keys."""
        return self.call(**options) if self.transport == WEBRTC else self.socket(**options)

    def socket(
        self, query: str = "model=gpt-realtime", path: str = "/v1/realtime", base: str | None = None, **options: Any
    ) -> WebSocketSession:
        base = (base or self.base).replace("http", "ws", 1)
        return WebSocketSession(f"{base}{path}" + (f"?{query}" if query else ""), **options)

    def call(self, base: str | None = None, **options: Any) -> Call:
        return Call(base or self.base, **options)

    def sideband(self, call: Call, base: str | None = None, key: str | None = None, **options: Any) -> WebSocketSession:
        return self.socket(f"call_id={call.id_of_call}", base=base, key=key, kind="sideband", **options)

    async def request(self, path: str, *arguments: Any, base: str | None = None, **named: Any) -> http.Reply:
        return await http.request((base or self.base) + path, *arguments, **named)

    async def secret(self, key: str | None = None, base: str | None = None, **body: Any) -> dict[str, Any]:
        reply = await self.request("/v1/realtime/client_secrets", "POST", body, key, base=base)
        assert reply.status == 200, f"{reply.status}: {reply.body!r}"
        return reply.json
