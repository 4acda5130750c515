"""An MCP server built with the official `mcp` package, over streamable HTTP, and what it was asked."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations

START_SECONDS = 20
SLOW_SECONDS = 3.0
KEY = "a-key-of-the-tool-server"
PRICES = {"acme": "41 dollars", "globex": "7 dollars"}


@dataclass
class ToolServer:
    """`url` is its endpoint; `calls` are the tools that ran, `requests` everything that came, with its headers."""

    url: str
    calls: list[tuple[str, str]] = field(default_factory=list)
    requests: list[dict[str, str]] = field(default_factory=list)


def _tools(server: ToolServer) -> MCPServer:
    mcp = MCPServer("market")

    @mcp.tool(annotations=ToolAnnotations(read_only_hint=True))
    def stock_price(company: str) -> str:
        """The price of a company's stock now."""
        server.calls.append(("stock_price", company))
        return f"{company} costs {PRICES.get(company.lower(), 'nothing')}"

    @mcp.tool()
    def sell(company: str) -> str:
        """Sells all stock of a company."""
        server.calls.append(("sell", company))
        return f"all of {company} is sold"

    @mcp.tool(annotations=ToolAnnotations(read_only_hint=True))
    async def report(company: str) -> str:
        """A report about a company, which takes some seconds."""
        server.calls.append(("report", company))
        await asyncio.sleep(SLOW_SECONDS)
        return f"{company} had a good year"

    @mcp.tool()
    def broken(company: str) -> str:
        """Fails."""
        raise ToolError(f"nobody knows {company}")

    return mcp


@contextmanager
def running() -> Iterator[ToolServer]:
    """The server on a port the system picks; it wants `KEY` as a bearer."""
    # It logs every call with a traceback of its own.
    logging.getLogger("mcp").setLevel(logging.CRITICAL)
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    server = ToolServer(f"http://127.0.0.1:{port}/mcp")
    app = _tools(server).streamable_http_app()

    async def guarded(scope, receive, send) -> None:
        if scope["type"] != "http":
            return await app(scope, receive, send)
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        server.requests.append(headers | {"method": scope["method"]})
        if headers.get("authorization") == f"Bearer {KEY}":
            return await app(scope, receive, send)
        await send({"type": "http.response.start", "status": 401, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    runner = uvicorn.Server(uvicorn.Config(guarded, log_level="warning", lifespan="on"))
    thread = threading.Thread(target=runner.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + START_SECONDS
    while not runner.started:
        assert thread.is_alive() and time.monotonic() < deadline, "the MCP server did not start"
        time.sleep(0.02)
    try:
        yield server
    finally:
        runner.should_exit = True
        thread.join(10)
