"""Tools of an MCP server in the page: asked for, allowed by the person, run by the gateway, told."""

from __future__ import annotations

import json
import os

from console.browser import Chromium
from console.console import Console, address
from console.scripts import scripted
from interop import tool_server
from interop.waiting import until

from .trouble import microphone

SCRIPT = {"rules": [
    {"when": {"tool_output": "stock_price"}, "reply": [{"say": "I have it."}]},
    {"when": {"user": "price"}, "reply": [{"call": "stock_price", "arguments": {"company": "Acme"}}]},
    {"reply": [{"say": "Nothing new."}]},
]}
OFFERED = json.dumps([{"type": "mcp", "server_label": "market"}])


def of_servers() -> str:
    os.environ["TOOL_SERVER_KEY"] = tool_server.KEY
    with tool_server.running() as market, microphone(60.0) as silent:
        servers = {"servers": [f"market={market.url} key=env:TOOL_SERVER_KEY"], "private-hosts": ["127.0.0.1"]}
        with scripted(SCRIPT, mcp=servers) as server, Chromium(address(server, tools=OFFERED), silent) as page:
            console = Console(page)
            console.talk()
            console.event("mcp_list_tools.completed")
            console.write("the price, please")
            console.entry("call", "stock_price")
            until(lambda: page.evaluate("document.querySelector('#messages .call button')?.textContent") == "Allow", "the page asking")
            assert not market.calls, "the tool ran before it was allowed"
            page.click("#messages .call button")
            console.entry("call", "41 dollars")
            console.entry("assistant", "I have it.")
            assert market.calls == [("stock_price", "Acme")], market.calls
            console.hang_up()
            return "asked, allowed, run once, told"
