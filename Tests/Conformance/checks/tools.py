"""Function calling and what the context holds."""

import json

from conformance.lab import Lab
from conformance.registry import BOTH, check

from .session import TOOL

TIME = TOOL | {"name": "get_time", "description": "Time."}


@check("RT-139", "RT-172", "RT-181", "RT-133", over=BOTH)
async def function_loop(lab: Lab) -> None:
    """Call, output, response: the spoken answer; nothing follows an output by itself."""
    async with lab.session() as session:
        await session.update(tools=[TOOL])
        turn = await session.ask("How is the weather?")
        call = turn.calls[0]
        assert call["name"] == "get_weather" and call["status"] == "completed"
        assert json.loads(call["arguments"]) == {"city": "Paris"}
        names = [name for name in turn.names if not name.endswith(".delta") and name != "rate_limits.updated"]
        assert names == [
            "response.created",
            "response.output_item.added",
            "conversation.item.added",
            "response.function_call_arguments.done",
            "conversation.item.done",
            "response.output_item.done",
            "response.done",
        ], names
        done = turn.of("response.function_call_arguments.done")[0]
        assert done["name"] == "get_weather" and done["call_id"] == call["call_id"] and done["item_id"] == call["id"]
        assert turn.of("response.function_call_arguments.delta")[0]["call_id"] == call["call_id"]
        await session.add_item({"type": "function_call_output", "call_id": call["call_id"], "output": "sunny"})
        assert not [event for event in await session.quiet(0.6) if event["type"].startswith("response.")]
        assert (await session.respond()).text == "It is sunny in Paris."


@check("RT-173", over=BOTH)
async def two_calls(lab: Lab) -> None:
    """Two calls in one response, each answered; the output of a client may name its predecessor."""
    async with lab.session() as session:
        await session.update(tools=[TOOL, TIME])
        calls = (await session.ask("two calls")).calls
        assert [call["name"] for call in calls] == ["get_weather", "get_time"]
        for call in calls:
            await session.add_item(
                {
                    "id": f"out_{call['name']}",
                    "type": "function_call_output",
                    "call_id": call["call_id"],
                    "output": "x",
                },
                previous_item_id=session.watch.conversation[-1],
            )
        assert (await session.respond()).text in ("It is sunny in Paris.", "It is noon.")


@check("RT-174", over=BOTH)
async def forced_and_forbidden(lab: Lab) -> None:
    """required forces a call, none forbids it, auto leaves it to the model."""
    async with lab.session() as session:
        await session.update(tools=[TOOL])
        assert (await session.ask("hello", tool_choice="required")).calls
        assert not (await session.ask("weather", tool_choice="none")).calls
        assert not (await session.ask("hello", tool_choice="auto")).calls
        assert (await session.ask("weather", tool_choice="auto")).calls


@check("RT-175", over=BOTH)
async def named_function(lab: Lab) -> None:
    """The function named is called."""
    async with lab.session() as session:
        await session.update(tools=[TOOL, TIME])
        turn = await session.ask("hello", tool_choice={"type": "function", "name": "get_time"})
        assert [call["name"] for call in turn.calls] == ["get_time"]


@check("RT-181", over=BOTH)
async def no_follow_up(lab: Lab) -> None:
    """After outputs for all calls the server waits for response.create."""
    async with lab.session() as session:
        await session.update(tools=[TOOL, TIME])
        for call in (await session.ask("two calls")).calls:
            await session.add_item({"type": "function_call_output", "call_id": call["call_id"], "output": "x"})
        assert not [event for event in await session.quiet(0.8) if event["type"] == "response.created"]


@check("RT-184")
async def context_is_cut(lab: Lab) -> None:
    """auto drops the oldest items and never instructions or tools; a limit after instructions is kept to."""
    async with lab.socket() as session:
        await session.update(instructions="Be a pirate.", tools=[TOOL], output_modalities=["text"])
        for _ in range(12):
            await session.add("many words " * 250)
        turn = await session.ask("hello")
        assert turn.response["status"] == "completed" and turn.text == "Arr, the sea is calling."
        assert turn.usage["input_tokens"] <= 4096 - 1024, turn.usage
        await session.update(
            truncation={"type": "retention_ratio", "retention_ratio": 0.5, "token_limits": {"post_instructions": 1000}}
        )
        turn = await session.ask("hello")
        assert turn.usage["input_tokens"] <= 1100, turn.usage
        assert turn.text == "Arr, the sea is calling."


@check("RT-185")
async def context_is_not_cut(lab: Lab) -> None:
    """disabled: input over the window fails the response, and the session goes on."""
    async with lab.socket() as session:
        await session.update(truncation="disabled", output_modalities=["text"])
        assert (await session.ask("hello")).response["status"] == "completed"
        for _ in range(12):
            await session.add("many words " * 250)
        await session.send("response.create")
        created = await session.wait("response.created", "error")
        if created["type"] == "response.created":
            events = [created]
            while events[-1]["type"] != "response.done":
                events.append(await session.event())
            assert events[-1]["response"]["status"] == "failed", events[-1]
        for item in list(session.watch.conversation):
            await session.send("conversation.item.delete", item_id=item)
        await session.ask("hello")
