"""A WebSocket proxy that hands frames of the server through a change."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

Event = dict[str, Any]
# Takes an event and what the change keeps per connection; gives the events to send instead.
Change = Callable[[Event, SimpleNamespace], list[Event]]
HOP_BY_HOP = {
    "host",
    "upgrade",
    "connection",
    "sec-websocket-key",
    "sec-websocket-version",
    "sec-websocket-extensions",
    "sec-websocket-protocol",
}


class Proxy:
    """Listens while the `async with` block lasts; `changed` counts the frames it did not hand on as they were."""

    def __init__(self, upstream: str, change: Change) -> None:
        self._upstream, self._change = upstream.replace("http", "ws", 1), change
        self.changed = 0

    async def __aenter__(self) -> Proxy:
        self._server = await serve(self._handle, "127.0.0.1", 0, compression=None, max_size=None, ping_interval=None)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()

    async def _handle(self, client: ServerConnection) -> None:
        headers = {name: value for name, value in client.request.headers.raw_items() if name.lower() not in HOP_BY_HOP}
        options = {"additional_headers": headers, "compression": None, "max_size": None, "ping_interval": None}
        async with connect(self._upstream + client.request.path, **options) as server:
            there = asyncio.ensure_future(self._forward(client, server))
            try:
                await self._back(server, client)
            finally:
                there.cancel()

    async def _forward(self, client: ServerConnection, server: Any) -> None:
        try:
            async for frame in client:
                await server.send(frame)
            await server.close()
        except ConnectionClosed:
            pass

    async def _back(self, server: Any, client: ServerConnection) -> None:
        state = SimpleNamespace(seen=[])
        try:
            async for frame in server:
                before = json.loads(frame)
                after = self._change(json.loads(frame), state)
                if after != [before]:
                    self.changed += 1
                for event in after:
                    await client.send(json.dumps(event))
            await client.close(server.close_code or 1000, server.close_reason or "")
        except ConnectionClosed:
            pass
