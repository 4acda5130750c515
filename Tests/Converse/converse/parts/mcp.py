"""Tools of MCP servers in a conversation: the server is built with the official `mcp` package (streamable HTTP).

The caller is aiortc over WebRTC, the ears and the voice are the embedded models; the language model follows rules, since a small one
does not call reliably and what is shown is the way of a call. Requests that would go into our own network are tried by address,
by redirect and by what a name means.
"""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from openai import AsyncOpenAI

from .. import phone, recordings
from ..lab import Lab
from ..report import Row
from ..scripted_stages import Stages
from ..sdk import MODEL
from interop import tool_server

TITLE = "tools of MCP servers"
SHORT = False

WAIT_SECONDS = 40
GATEWAY_KEY = "sk-of-the-gateway"
# The first company that each kind of question means; spoken questions of the recordings mean nothing in particular.
RULES = {"sell": "sell", "report": "report", "broken": "broken"}


class Brain(Stages):
    """Calls the tool that the user's words name, or asks for a price; tells every result, and answers anything else at once."""

    def handle_error(self, *_: object) -> None:
        """The gateway opens connections ahead and may close them unused."""

    def answer(self, request: dict) -> dict:
        messages, offered = request["messages"], [tool["function"]["name"] for tool in request.get("tools", [])]
        last = messages[-1]
        if last["role"] == "tool":
            return {"content": f"Here it is: {last['content']}."}
        text = last["content"] if isinstance(last["content"], str) else " ".join(part.get("text", "") for part in last["content"])
        if "how are you" in text.lower():
            return {"content": "Very well, thank you."}
        if last["role"] != "user":
            return {"content": "Nothing new."}
        name = next((tool for word, tool in RULES.items() if word in text.lower()), "stock_price")
        if name not in offered:
            return {"content": "I have no tools."}
        call = {"name": name, "arguments": '{"company": "Acme"}'}
        return {"tool_calls": [{"index": 0, "id": "call_1", "type": "function", "function": call}]}


@contextmanager
def brain() -> Iterator[Brain]:
    server = Brain("")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def run(lab: Lab) -> list[Row]:
    os.environ["TOOL_SERVER_KEY"] = tool_server.KEY
    with tool_server.running() as tools, brain() as model, redirecting(tools.url) as elsewhere:
        servers = [f"market={tools.url} key=env:TOOL_SERVER_KEY approval=never"]
        settings = {
            "llm": f"{model.url}#brain context=8192",
            "mcp": {"servers": servers, "allowed-hosts": ["*"], "private-hosts": ["127.0.0.1"]},
            "auth": {"keys": [GATEWAY_KEY]},
        }
        with lab.gateway(**settings) as server:
            rows = [asyncio.run(spoken(server.url, tools)), *asyncio.run(written(server.url, tools))]
            rows += asyncio.run(forgery(server.url, tools, elsewhere))
            rows.append(silent(server))
    return rows


# A spoken conversation over WebRTC


async def spoken(url: str, tools: tool_server.ToolServer) -> Row:
    async with phone.call(url, MODEL, GATEWAY_KEY) as call:
        began = time.monotonic()
        tool = {"type": "mcp", "server_label": "market"}
        call.send(type="session.update", session={"type": "realtime", "tools": [tool]})
        listed = await after(call, began, "mcp_list_tools.completed")
        call.microphone.play(recordings.load(recordings.utterance("C_000").path, phone.RATE))
        called = await after(call, began, "response.mcp_call.completed")
        asked = event(call, "response.mcp_call.in_progress")
        await after(call, began, "response.output_item.done")
        call.send(type="response.create")
        told = await after(call, called, "response.output_audio_transcript.done", "response.done")
        await after(call, told, "output_audio_buffer.stopped")
    words = event(call, "response.output_audio_transcript.done")[1]["transcript"]
    return Row(
        "a spoken question over WebRTC, answered with a tool of the official package's server", "listed, called, told aloud",
        f"tools listed after {ms(listed - began)} ms; the call took {ms(called - asked[0])} ms; \"{words}\", its sound from "
        f"{ms(told - called)} ms after the result", "41 dollars" in words and tools.calls[-1] == ("stock_price", "Acme"))


async def after(call: phone.Phone, since: float, *names: str) -> float:
    found = await call.wait(*names, since=since, seconds=WAIT_SECONDS)
    assert found, f"none of {names} in {WAIT_SECONDS} s; came: {[one['type'] for _, one in call.events][-12:]}"
    return found[0]


def event(call: phone.Phone, name: str) -> tuple[float, dict]:
    return [found for found in call.events if found[1]["type"] == name][-1]


# Over WebSocket, event by event, with the openai package


class Client:
    """One connection of the `openai` package as it is."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    async def until(self, *names: str) -> list[Any]:
        events = []
        async with asyncio.timeout(WAIT_SECONDS):
            while not events or events[-1].type not in names:
                events.append(await self.connection.recv())
        return events

    async def update(self, tool: dict | None, **session: Any) -> Any:
        """The `session.updated`, or the `error`."""
        update = {"type": "realtime", "output_modalities": ["text"], "tools": [tool] if tool else []}
        await self.connection.session.update(session=update | session)
        return (await self.until("session.updated", "error"))[-1]

    async def ask(self, text: str) -> None:
        item = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
        await self.connection.conversation.item.create(item=item)
        await self.connection.response.create()

    async def text(self) -> str:
        """The next response with words, asked for."""
        await self.connection.response.create()
        done = (await self.until("response.done"))[-1]
        return " ".join(part.text or "" for item in done.response.output if item.type == "message" for part in item.content)


def connect(url: str, key: str = GATEWAY_KEY) -> Any:
    return AsyncOpenAI(api_key=key, base_url=f"{url}/v1").realtime.connect(model=MODEL)


async def written(url: str, tools: tool_server.ToolServer) -> list[Row]:
    return [await approved(url, tools), await refused(url, tools), await meanwhile(url), await failed(url)]


def market(**more: Any) -> dict:
    return {"type": "mcp", "server_label": "market"} | more


async def approved(url: str, tools: tool_server.ToolServer) -> Row:
    async with connect(url) as connection:
        client = Client(connection)
        await client.update(market(require_approval={"never": {"read_only": True}}))
        await client.until("mcp_list_tools.completed")
        await client.ask("sell it")
        request = await approval(client)
        before = len(tools.calls)
        answer = {"type": "mcp_approval_response", "approval_request_id": request.id, "approve": True}
        await connection.conversation.item.create(item=answer)
        done = (await client.until("response.output_item.done"))[-1].item
        said = await client.text()
    good = done.output == "all of Acme is sold" and done.approval_request_id == request.id and len(tools.calls) == before + 1
    return Row(
        "a call that needs approval, approved", "asked for, made once the word is given",
        f"{request.name}({request.arguments}) → \"{done.output}\", told as \"{said}\"", good and "sold" in said)


async def refused(url: str, tools: tool_server.ToolServer) -> Row:
    async with connect(url) as connection:
        client = Client(connection)
        await client.update(market(require_approval="always"))
        await client.until("mcp_list_tools.completed")
        await client.ask("sell it")
        request = await approval(client)
        before = len(tools.calls)
        answer = {"type": "mcp_approval_response", "approval_request_id": request.id, "approve": False, "reason": "not today"}
        await connection.conversation.item.create(item=answer)
        done = (await client.until("response.output_item.done"))[-1].item
    return Row(
        "the same, refused", "no call, a reason", f"error {done.error.type}: \"{done.error.message}\"",
        len(tools.calls) == before and "not today" in done.error.message and done.error.type == "tool_execution_error")


async def approval(client: Client) -> Any:
    """The request for approval, once the response that made the call is done."""
    events = await client.until("response.done")
    (request,) = [one.item for one in events if one.type == "conversation.item.done" and one.item.type == "mcp_approval_request"]
    return request


async def meanwhile(url: str) -> Row:
    """The talk goes on while a tool works; its result is told later."""
    async with connect(url) as connection:
        client = Client(connection)
        await client.update(market(require_approval="never"))
        await client.until("mcp_list_tools.completed")
        await client.ask("the report, please")
        await client.until("response.done")
        asked = time.monotonic()
        await client.ask("how are you?")
        meanwhile = (await client.until("response.done"))[-1].response.output[0].content[0].text
        answered = time.monotonic()
        await client.until("response.output_item.done")
        ended = time.monotonic()
        said = await client.text()
    return Row(
        f"a question while a tool works for {tool_server.SLOW_SECONDS:g} s", "answered at once, the result told later",
        f"\"{meanwhile}\" after {ms(answered - asked)} ms, the result after {ms(ended - asked)} ms: \"{said}\"",
        meanwhile == "Very well, thank you." and answered < ended and "good year" in said)


async def failed(url: str) -> Row:
    async with connect(url) as connection:
        client = Client(connection)
        await client.update(market(require_approval="never"))
        await client.until("mcp_list_tools.completed")
        await client.ask("the broken one")
        events = await client.until("response.output_item.done")
        said = await client.text()
    error = events[-1].item.error
    return Row(
        "a tool that fails", "an object that says why; the session goes on", f"{error.type}: \"{error.message}\"; \"{said}\"",
        error.type == "tool_execution_error" and "nobody knows" in error.message and "failed" in said)


# Requests that would go into our own network


@contextmanager
def redirecting(target: str) -> Iterator[str]:
    """A server that sends every request to the tool server, as one inside could be meant."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(307)
            self.send_header("Location", target)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/mcp"
    finally:
        server.shutdown()
        server.server_close()


# Names that the system's resolver gives a loopback address, and numbers in spellings that it reads as one.
INSIDE = ["localhost", socket.gethostname(), "127.1", "0x7f000001", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "10.0.0.1"]


async def forgery(url: str, tools: tool_server.ToolServer, elsewhere: str) -> list[Row]:
    port = tools.url.rsplit(":", 1)[1]
    before = len(tools.requests)
    by_address = {host: await listing(url, f"http://{host}:{port}") for host in INSIDE}
    by_redirect = await listing(url, elsewhere)
    bad = {text: await listing(url, text) for text in ["file:///etc/passwd", "http://user@127.0.0.1/", f"ftp://127.0.0.1:{port}"]}
    came = len(tools.requests) - before
    secret = await by_secret(url, tools)
    return [
        Row(
            "a server_url inside our network, by name, number and spelling", "no request",
            f"{', '.join(by_address)}: {sorted(set(by_address.values()))}; {came} requests came",
            set(by_address.values()) == {"mcp_list_tools.failed"} and came == 0),
        Row("a server that sends us inside", "not followed", f"{by_redirect}; {came} requests came", by_redirect == "mcp_list_tools.failed" and came == 0),
        Row("addresses that are no http(s) server's", "refused before anything is asked", f"{sorted(set(bad.values()))}", set(bad.values()) == {"error"}),
        Row("the holder of a client secret names an address, or credentials", "refused; the gateway's label is taken", secret[0], secret[1]),
    ]


async def listing(url: str, server_url: str) -> str:
    """How the listing of that server's tools ends."""
    async with connect(url) as connection:
        client = Client(connection)
        told = await client.update({"type": "mcp", "server_label": "inside", "server_url": server_url})
        if told.type == "error":
            return "error"
        return (await client.until("mcp_list_tools.failed", "mcp_list_tools.completed"))[-1].type


async def by_secret(url: str, tools: tool_server.ToolServer) -> tuple[str, bool]:
    made = await AsyncOpenAI(api_key=GATEWAY_KEY, base_url=f"{url}/v1").realtime.client_secrets.create(
        session={"type": "realtime", "model": MODEL})
    async with connect(url, made.value) as connection:
        client = Client(connection)
        address = await client.update({"type": "mcp", "server_label": "mine", "server_url": tools.url})
        credentials = await client.update(market(authorization="mine"))
        label = await client.update(market())
    words = f"{address.type}, {credentials.type}, {label.type}"
    return words, words == "error, error, session.updated"


def silent(server: Any) -> Row:
    """The whole log of the server, at debug, has no credential in it."""
    found = [line for line in server.output if tool_server.KEY in line or GATEWAY_KEY in line]
    return Row(
        "the server's log, at debug", "no key of a tool server or of the gateway", f"{len(found)} of {len(server.output)} lines", not found)


def ms(seconds: float) -> str:
    return f"{seconds * 1_000:.0f}"
