"""Tools of MCP servers; the server is built with the official `mcp` package."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from conformance.lab import KEY, Lab
from conformance.registry import BOTH, WEBRTC, check
from conformance.session import Session

from interop import tool_server

Event = dict[str, Any]


def market(**more: Any) -> Event:
    return {"type": "mcp", "server_label": "market"} | more


@asynccontextmanager
async def session_with_tools(lab: Lab, key: str | None = None, **sections: Any) -> AsyncIterator[tuple[Session, tool_server.ToolServer, str]]:
    """A session with a gateway of its own that knows the tool server by the label `market`, and the gateway's address."""
    os.environ["TOOL_SERVER_KEY"] = tool_server.KEY
    running = tool_server.running()
    tools = await asyncio.to_thread(running.__enter__)
    try:
        mcp = {"servers": [f"market={tools.url} key=env:TOOL_SERVER_KEY"], "private-hosts": ["127.0.0.1"]}
        async with lab.servers.running(mcp=mcp, **sections) as server:
            options = {"base": server.url, "key": key}
            session = lab.call(**options) if lab.transport == WEBRTC else lab.socket(**options)
            async with session as opened:
                yield opened, tools, server.url
    finally:
        await asyncio.to_thread(running.__exit__, None, None, None)


async def listed(session: Session, **more: Any) -> Event:
    """The item of the tools, as done."""
    await session.send("session.update", session={"type": "realtime", "output_modalities": ["text"], "tools": [market(**more)]})
    events = await session.through("conversation.item.done", "mcp_list_tools.failed")
    events = [event for event in events if event["type"].startswith(("mcp_list_tools.", "conversation.item."))]
    names = [event["type"] for event in events]
    assert names == ["conversation.item.added", "mcp_list_tools.in_progress", "mcp_list_tools.completed", "conversation.item.done"], names
    added = events[-4]["item"]
    assert added["type"] == "mcp_list_tools" and added["tools"] == [], added
    assert events[-1]["item"]["id"] == added["id"] == events[-2]["item_id"]
    return events[-1]["item"]


async def called(session: Session, text: str) -> tuple[list[Event], Event]:
    """The events of a turn that calls a tool, to the end of the call; and the call."""
    await session.add(text)
    await session.send("response.create")
    events = []
    while not {"response.done", "response.output_item.done"} <= {event["type"] for event in events}:
        events.append(await session.event())
    return events, next(event["item"] for event in events if event["type"] == "response.output_item.done")


@check("RT-176", over=BOTH)
async def tools_are_listed(lab: Lab) -> None:
    """The tools of a server come as an item: added, in_progress, completed, done; each with a description and a schema."""
    async with session_with_tools(lab) as (session, tools, _):
        item = await listed(session)
        found = {tool["name"]: tool for tool in item["tools"]}
        assert {"stock_price", "sell", "report", "broken"} == set(found), found
        assert all(isinstance(tool["description"], str) and tool["input_schema"]["type"] == "object" for tool in found.values())
        assert found["stock_price"]["annotations"]["readOnlyHint"] is True
        assert tools.requests and all(request["authorization"] == f"Bearer {tool_server.KEY}" for request in tools.requests)


@check("RT-177", "RT-151", "RT-181", over=BOTH)
async def a_call(lab: Lab) -> None:
    """A call in its order, its result for the next response, and nothing by itself."""
    async with session_with_tools(lab) as (session, tools, _):
        await listed(session, require_approval="never")
        events, call = await called(session, "the stock")
        names = [event["type"] for event in events if event["type"].startswith("response.") and event["type"] != "response.done"]
        assert [name for name in names if not name.endswith("delta")] == [
            "response.created", "response.output_item.added", "response.mcp_call_arguments.done", "response.mcp_call.in_progress",
            "response.mcp_call.completed", "response.output_item.done",
        ], names
        deltas = [event for event in events if event["type"] == "response.mcp_call_arguments.delta"]
        assert deltas and all(isinstance(event["obfuscation"], str) for event in deltas)
        assert json.loads("".join(event["delta"] for event in deltas)) == {"company": "Acme"} == json.loads(call["arguments"])
        assert (call["name"], call["server_label"], call["output"]) == ("stock_price", "market", "Acme costs 41 dollars"), call
        assert not [event for event in await session.quiet(0.6) if event["type"] == "response.created"]
        assert (await session.respond()).text == "It costs 41 dollars."
        assert tools.calls == [("stock_price", "Acme")]


@check("RT-178", over=BOTH)
async def approval(lab: Lab) -> None:
    """A call waits for the word: refused it is not made, approved it is, and a second word is an error."""
    async with session_with_tools(lab) as (session, tools, _):
        await listed(session)
        for approve in (False, True):
            await session.add("sell it")
            turn = await session.respond()
            (request,) = [event["item"] for event in turn.of("conversation.item.done") if event["item"]["type"] == "mcp_approval_request"]
            assert (request["name"], request["server_label"]) == ("sell", "market") and json.loads(request["arguments"]) == {"company": "Acme"}
            assert tools.calls == []
            word = {"type": "mcp_approval_response", "approval_request_id": request["id"], "approve": approve}
            await session.send("conversation.item.create", item=word)
            done = (await session.wait("response.output_item.done"))["item"]
            assert done["approval_request_id"] == request["id"]
            assert done.get("output") == ("all of Acme is sold" if approve else None), done
            sent = await session.send("conversation.item.create", item=word)
            await session.error("invalid_value", sent, "item.approval_request_id")
        assert tools.calls == [("sell", "Acme")]


@check("RT-179", over=BOTH)
async def a_call_that_fails(lab: Lab) -> None:
    """The error of a call is an object; the next response knows of it."""
    async with session_with_tools(lab) as (session, *_):
        await listed(session, require_approval="never")
        events, call = await called(session, "break it")
        assert "response.mcp_call.failed" in [event["type"] for event in events]
        assert call["error"]["type"] == "tool_execution_error" and "nobody knows Acme" in call["error"]["message"], call
        assert (await session.respond()).text == "That did not work."


@check("RT-180")
async def what_is_refused(lab: Lab) -> None:
    """Labels that repeat, two places or none that is known, two authorizations: refused before a server is asked."""
    async with session_with_tools(lab) as (session, tools, _):
        for tool, param in [
            ([market(), market()], "tools[1].server_label"),
            ([market(server_url="https://a.example/", connector_id="connector_gmail")], "tools[0].connector_id"),
            ([{"type": "mcp", "server_label": "unknown"}], "tools.server_label"),
            ([market(server_url="https://elsewhere.example/mcp")], "tools.server_url"),
            ([market(authorization="a", headers={"Authorization": "b"})], "tools[0].authorization"),
        ]:
            await session.refused("invalid_value", param, tools=tool)
        assert tools.requests == []


@check("RT-180")
async def who_holds_a_secret(lab: Lab) -> None:
    """A client secret may name the label, not an address or credentials; what its maker put in stays hidden."""
    async with session_with_tools(lab, key=KEY, auth={"keys": [KEY]}) as (_, tools, base):
        session_object = {"type": "realtime", "tools": [market(server_url=tools.url, authorization="of the maker", allowed_tools=["sell"])]}
        made = await lab.secret(KEY, base=base, session=session_object)
        assert "of the maker" not in json.dumps(made)
        async with lab.socket(base=base, key=made["value"]) as held:
            assert "of the maker" not in json.dumps(held.session) and held.session["tools"][0]["server_label"] == "market"
            await held.wait("mcp_list_tools.failed")
            assert tools.requests[-1]["authorization"] == "Bearer of the maker"
            await held.refused("invalid_value", "tools.server_url", tools=[market(server_url=tools.url)])
            await held.refused("invalid_value", "tools.authorization", tools=[market(authorization="mine")])


@check("RT-182", over=BOTH)
async def a_label_alone(lab: Lab) -> None:
    """A later update that names the label alone asks nothing again."""
    async with session_with_tools(lab) as (session, tools, _):
        await listed(session, require_approval="never")
        await session.update(tools=[])
        count = len(tools.requests)
        await session.update(tools=[market()])
        _, call = await called(session, "the stock")
        assert call["output"] == "Acme costs 41 dollars"
        assert len(tools.requests) == count + 1, tools.requests[count:]
