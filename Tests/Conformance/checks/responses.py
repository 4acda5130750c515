"""Responses: their events, overrides, cancellation and ends."""

from conformance.lab import Lab
from conformance.registry import BOTH, check
from conformance.session import Session, Turn

from .items import text
from .session import TOOL

AUDIO_ORDER = [
    "response.created",
    "response.output_item.added",
    "conversation.item.added",
    "response.content_part.added",
    "response.output_audio.done",
    "response.output_audio_transcript.done",
    "response.content_part.done",
    "conversation.item.done",
    "response.output_item.done",
    "response.done",
]
TEXT_ORDER = [
    "response.created",
    "response.output_item.added",
    "conversation.item.added",
    "response.content_part.added",
    "response.output_text.done",
    "response.content_part.done",
    "conversation.item.done",
    "response.output_item.done",
    "response.done",
]
SIDE_EVENTS = ("rate_limits.updated", "output_audio_buffer.started", "output_audio_buffer.stopped")


def in_order(turn: Turn, order: list[str]) -> None:
    names = [name for name in turn.names if not name.endswith(".delta") and name not in SIDE_EVENTS]
    assert names == order, names


async def begun(session: Session, words: str = "story", **response: object) -> dict:
    """A long response that has begun to speak; its response.created."""
    await session.add(words)
    await session.send("response.create", **({"response": response} if response else {}))
    created = await session.wait("response.created")
    await session.wait("response.output_audio_transcript.delta", "response.output_text.delta")
    return created


@check(
    "RT-105",
    "RT-129",
    "RT-130",
    "RT-131",
    "RT-132",
    "RT-133",
    "RT-134",
    "RT-136",
    "RT-137",
    "RT-140",
    "RT-141",
    "RT-147",
    over=BOTH,
)
async def audio_response(lab: Lab) -> None:
    """A bare response.create: the golden sequence of an audio response."""
    async with lab.session() as session:
        turn = await session.ask("hello")
        in_order(turn, AUDIO_ORDER)
        created, done = turn.events[0]["response"], turn.response
        assert created["status"] == "in_progress" and created["output"] == [] and created["usage"] is None
        assert done["status"] == "completed" and done["object"] == "realtime.response" and done["id"] == created["id"]
        assert done["conversation_id"].startswith("conv_") and done["output_modalities"] == ["audio"]
        assert done["output"][0]["content"] == [{"type": "output_audio", "transcript": "Hello from the script."}], done[
            "output"
        ]
        assert turn.of("response.content_part.added")[0]["part"] == {"type": "audio", "transcript": ""}
        assert turn.of("response.content_part.done")[0]["part"] == {
            "type": "audio",
            "transcript": "Hello from the script.",
        }
        assert turn.of("response.output_audio_transcript.done")[0]["transcript"] == "Hello from the script."
        if session.kind == "websocket":
            assert 0.3 * 48_000 < len(session.audio()) < 2 * 48_000, len(session.audio())
            first = turn.place("response.output_audio.delta")
            assert turn.place("response.content_part.added") < first < turn.place("response.output_audio.done")


@check("RT-108", "RT-138", "RT-131", "RT-132", "RT-133", "RT-134", "RT-140", over=BOTH)
async def text_response(lab: Lab) -> None:
    """Text for one response of an audio session, then audio again."""
    async with lab.session() as session:
        turn = await session.ask("hello", output_modalities=["text"])
        in_order(turn, TEXT_ORDER)
        assert turn.items[0]["content"] == [{"type": "output_text", "text": "Hello from the script."}]
        assert turn.of("response.content_part.added")[0]["part"] == {"type": "text", "text": ""}
        assert turn.response["output_modalities"] == ["text"] and len(turn.of("response.output_text.delta")) >= 1
        assert (await session.ask("hello")).response["output_modalities"] == ["audio"]


@check("RT-106", "RT-116", over=BOTH)
async def instructions_once(lab: Lab) -> None:
    """Instructions of one response; null fields count as absent."""
    async with lab.session() as session:
        assert (await session.ask("hello", instructions="Be a pirate.")).text == "Arr, the sea is calling."
        nulls = {
            name: None
            for name in (
                "instructions",
                "tools",
                "tool_choice",
                "max_output_tokens",
                "metadata",
                "input",
                "output_modalities",
                "audio",
                "conversation",
                "prompt",
                "reasoning",
                "parallel_tool_calls",
            )
        }
        turn = await session.ask("hello", **nulls)
        assert turn.text == "Hello from the script." and turn.response["conversation_id"]
        await session.update(instructions="Be a pirate.")
        assert (await session.ask("hello", instructions=None)).text == "Arr, the sea is calling."


@check("RT-107", over=BOTH)
async def tools_once(lab: Lab) -> None:
    """Tools and tool_choice of one response."""
    async with lab.session() as session:
        assert [call["name"] for call in (await session.ask("weather", tools=[TOOL])).calls] == ["get_weather"]
        assert not (await session.ask("weather", tools=[TOOL], tool_choice="none")).calls
        assert (await session.ask("hello", tools=[TOOL], tool_choice="required")).calls
        assert (await session.update())["tools"] == []


@check("RT-109")
async def voice_and_format_once(lab: Lab) -> None:
    """Voice and format of one response."""
    async with lab.socket() as session:
        turn = await session.ask("hello", audio={"output": {"format": {"type": "audio/pcmu"}, "voice": "cedar"}})
        assert turn.response["audio"]["output"] == {"format": {"type": "audio/pcmu"}, "voice": "cedar"}, turn.response[
            "audio"
        ]
        assert len(session.audio()) < 16_000


@check("RT-110", "RT-143", "RT-144", over=BOTH)
async def out_of_tokens(lab: Lab) -> None:
    """max_output_tokens ends a response as incomplete; so does an engine that runs out."""
    async with lab.session() as session:
        for turn in (
            await session.ask("story", max_output_tokens=10, output_modalities=["text"]),
            await session.ask("run out"),
        ):
            assert turn.response["status"] == "incomplete", turn.response["status"]
            assert turn.response["status_details"] == {"type": "incomplete", "reason": "max_output_tokens"}
            assert turn.items[0]["status"] == "incomplete" and turn.text
        assert turn.text == "These words are all I can"
        turn = await session.ask("story", max_output_tokens=10, output_modalities=["text"])
        assert turn.response["max_output_tokens"] == 10 and turn.usage["output_tokens"] <= 10, turn.usage
        for bad in (0, 4097, "many"):
            sent = await session.send("response.create", response={"max_output_tokens": bad})
            error = (await session.wait("error"))["error"]
            assert error["event_id"] == sent and error["param"] == "response.max_output_tokens", error


@check("RT-111", over=BOTH)
async def own_input(lab: Lab) -> None:
    """input of items and references is the whole context; the output joins the conversation."""
    async with lab.session() as session:
        item = await session.add("tulip")
        await session.add("hello")
        turn = await session.respond(input=[{"type": "item_reference", "id": item["id"]}])
        assert turn.text == "The word is tulip." and session.watch.conversation[-1] == turn.items[0]["id"]
        turn = await session.respond(input=[text("hello"), text("tulip")])
        assert turn.text == "The word is tulip."
        sent = await session.send(
            "response.create", response={"input": [{"type": "item_reference", "id": "item_unknown"}]}
        )
        error = (await session.wait("error"))["error"]
        assert error["event_id"] == sent and error["param"].startswith("response.input"), error


@check("RT-112", over=BOTH)
async def empty_input(lab: Lab) -> None:
    """input [] means no context."""
    async with lab.session() as session:
        await session.add("tulip")
        assert (await session.respond(input=[])).text == "Hello from the script."
        assert (await session.respond(input=None)).text == "The word is tulip."


@check("RT-113", "RT-183", over=BOTH)
async def out_of_band(lab: Lab) -> None:
    """conversation none: no conversation, no items of it, beside a running response."""
    async with lab.session() as session:
        await begun(session)
        await session.send(
            "response.create",
            response={
                "conversation": "none",
                "output_modalities": ["text"],
                "input": [text("tulip")],
                "metadata": {"topic": "side"},
            },
        )
        events = await session.through("response.created")
        side = events[-1]["response"]
        assert side["conversation_id"] is None and side["metadata"] == {"topic": "side"}
        while True:
            done = (await session.wait("response.done"))["response"]
            if done["id"] == side["id"]:
                break
        assert done["conversation_id"] is None and done["status"] == "completed"
        assert done["output"][0]["content"][0]["text"] == "The word is tulip."
        items = [event for event in session.watch.events if event["type"].startswith("conversation.item.")]
        assert all(event["item"]["id"] != done["output"][0]["id"] for event in items)
        sent = await session.send("conversation.item.retrieve", item_id=done["output"][0]["id"])
        while (error := (await session.wait("error"))["error"])["event_id"] != sent:
            pass
        assert error["code"] == "item_retrieve_invalid_item_id"
        running = [state for state in session.watch.responses.values() if state.done is None]
        assert len(running) == 1 or session.kind == "websocket", "the first response ended before the one beside it"


@check("RT-113", "RT-183")
async def parallel(lab: Lab) -> None:
    """Several out-of-band responses at once, each to its own end."""
    async with lab.socket() as session:
        for number in range(4):
            await session.send(
                "response.create",
                response={
                    "conversation": "none",
                    "output_modalities": ["text"],
                    "input": [text("story")],
                    "metadata": {"n": str(number)},
                },
            )
        for _ in range(4):
            assert (await session.wait("response.done"))["response"]["status"] == "completed"
        assert sorted(state.done["metadata"]["n"] for state in session.watch.responses.values()) == ["0", "1", "2", "3"]
        created = [event["type"] for event in session.watch.events].index("response.done")
        assert len([event for event in session.watch.events[:created] if event["type"] == "response.created"]) > 1, (
            "one after the other"
        )


@check("RT-114", over=BOTH)
async def metadata(lab: Lab) -> None:
    """metadata is echoed in created and done; too much of it is refused."""
    async with lab.session() as session:
        wanted = {"client_event_id": "response_create_1", "k" * 64: "v" * 512}
        turn = await session.ask("hello", metadata=wanted)
        assert turn.events[0]["response"]["metadata"] == wanted and turn.response["metadata"] == wanted
        assert (await session.ask("hello")).response["metadata"] is None
        for bad in ({"k" * 65: "v"}, {"k": "v" * 513}, {f"k{n}": "v" for n in range(17)}, {"k": 7}, "text"):
            sent = await session.send("response.create", response={"metadata": bad})
            error = (await session.wait("error"))["error"]
            assert error["event_id"] == sent and error["param"].startswith("response.metadata"), error


@check("RT-115", over=BOTH)
async def busy(lab: Lab) -> None:
    """A second response.create: conversation_already_has_active_response with event_id; nothing is queued."""
    async with lab.session() as session:
        created = await begun(session)
        sent = await session.send("response.create")
        events = await session.through("error")
        error = events[-1]["error"]
        assert error["code"] == "conversation_already_has_active_response" and error["event_id"] == sent, error
        assert created["response"]["id"] in error["message"], error
        await session.send("response.cancel")
        await session.wait("response.done")
        assert not [event for event in await session.quiet(0.5) if event["type"] == "response.created"]


@check("RT-117", over=BOTH)
async def nothing_said(lab: Lab) -> None:
    """response.create before anything was said answers."""
    async with lab.session() as session:
        assert (await session.respond()).response["status"] == "completed"


@check("RT-118", "RT-142", "RT-144", "RT-189", over=BOTH)
async def cancel(lab: Lab) -> None:
    """cancel: the close-out in order, cancelled/client_cancelled, the item incomplete, usage so far."""
    async with lab.session() as session:
        created = await begun(session)
        await session.send("response.cancel")
        turn = await session.rest(created)
        assert turn.response["status"] == "cancelled"
        assert turn.response["status_details"] == {"type": "cancelled", "reason": "client_cancelled"}
        assert turn.items[0]["status"] == "incomplete" and turn.text and not turn.text.endswith("came in.")
        assert turn.usage["output_tokens"] > 0 and turn.usage["input_tokens"] > 0, turn.usage
        assert (await session.ask("hello")).response["status"] == "completed"
        dones = [event for event in session.watch.events if event["type"] == "response.done"]
        assert len(dones) == 2


@check("RT-118", "RT-142")
async def cancel_at_once(lab: Lab) -> None:
    """cancel right behind create: one created, one done."""
    async with lab.socket() as session:
        for _ in range(5):
            await session.add("story")
            await session.send("response.create")
            await session.send("response.cancel")
            turn = await session.turn()
            assert turn.response["status"] == "cancelled", turn.response["status"]


@check("RT-119")
async def cancel_one(lab: Lab) -> None:
    """response_id selects an out-of-band response; the other goes on."""
    async with lab.socket() as session:
        await session.send(
            "response.create", response={"conversation": "none", "input": [text("story")], "metadata": {"n": "a"}}
        )
        first = (await session.wait("response.created"))["response"]["id"]
        await session.send(
            "response.create", response={"conversation": "none", "input": [text("story")], "metadata": {"n": "b"}}
        )
        await session.wait("response.created")
        await session.send("response.cancel", response_id=first)
        ends = {}
        for _ in range(2):
            done = (await session.wait("response.done", seconds=30))["response"]
            ends[done["metadata"]["n"]] = done["status"]
        assert ends == {"a": "cancelled", "b": "completed"}, ends
        sent = await session.send("response.cancel", response_id="resp_unknown")
        await session.error("response_cancel_not_active", sent)


@check("RT-120", over=BOTH)
async def cancel_idle(lab: Lab) -> None:
    """cancel with nothing running: response_cancel_not_active, "Cancellation failed …"."""
    async with lab.session() as session:
        sent = await session.send("response.cancel")
        error = await session.error("response_cancel_not_active", sent)
        assert error["message"].startswith("Cancellation failed"), error
        await session.ask("hello")
        sent = await session.send("response.cancel")
        while (error := (await session.wait("error"))["error"])["event_id"] != sent:
            pass
        assert error["code"] == "response_cancel_not_active"


@check("RT-145", "RT-142", "RT-143", over=BOTH)
async def failure(lab: Lab) -> None:
    """An engine that fails: status failed with type, code and message, everything closed out, the session goes on."""
    async with lab.session() as session:
        await session.add("break")
        await session.send("response.create")
        events = []
        while not events or events[-1]["type"] != "response.done":
            events.append(await session.event())
        turn = Turn(events)
        assert turn.response["status"] == "failed", turn.response
        error = turn.response["status_details"]["error"]
        assert error["code"] == "model_broke" and "as the script says" in error["message"] and error["type"], error
        assert await session.ask("hello")


@check("RT-146", "RT-147", "RT-173", over=BOTH)
async def several_items(lab: Lab) -> None:
    """Message and call, two messages, two calls: indices increase, ids hold, each item has its events."""
    async with lab.session() as session:
        await session.update(tools=[TOOL, TOOL | {"name": "get_time"}])
        turn = await session.ask("think aloud")
        assert [item["type"] for item in turn.items] == ["message", "function_call"], turn.items
        turn = await session.ask("two messages")
        assert [item["type"] for item in turn.items] == ["message", "message"]
        assert turn.text == "This is the first message. This is the second message."
        turn = await session.ask("two calls")
        assert [call["name"] for call in turn.calls] == ["get_weather", "get_time"]
        assert len({call["call_id"] for call in turn.calls}) == 2
        assert [event["output_index"] for event in turn.of("response.output_item.done")] == [0, 1]


@check("RT-135")
async def extensions(lab: Lab) -> None:
    """Word times under `parley` for a client that asks for them, and nothing of the kind for others."""
    async with lab.socket() as session:
        await session.ask("hello")
        assert not [event for event in session.watch.events if "parley" in event]
    async with lab.socket("model=gpt-realtime&parley=1", wait=False) as session:
        session.watch.take = lambda event, size: session.watch.events.append(event)
        await session.created()
        await session.send("conversation.item.create", item=text("hello"))
        await session.send("response.create")
        await session.wait("response.done")
        words = [word for event in session.watch.events for word in event.get("parley", {}).get("words", [])]
        assert [word["text"].strip() for word in words] == ["Hello", "from", "the", "script."], words
        assert all(word["start_ms"] < word["end_ms"] for word in words)


@check("RT-149", over=BOTH)
async def rate_limits(lab: Lab) -> None:
    """rate_limits.updated follows a response when a limit is configured, and names requests and tokens only."""
    async with lab.session() as session:
        await session.ask("hello")
        seen = False
        for event in await session.settled():
            if event["type"] == "rate_limits.updated":
                seen = True
                assert event["rate_limits"] and all(
                    entry["name"] in ("requests", "tokens") for entry in event["rate_limits"]
                )
        assert seen, "none although a limit is configured"


@check("RT-150", over=BOTH)
async def no_created_items(lab: Lab) -> None:
    """conversation.item.created is never sent."""
    async with lab.session() as session:
        await session.ask("hello")
        assert "conversation.item.created" not in [event["type"] for event in session.watch.events]


@check("RT-148", over=BOTH)
async def predecessors(lab: Lab) -> None:
    """Every item's previous_item_id is its real predecessor, over messages, responses, deletes."""
    async with lab.session() as session:
        first = await session.add("hello")
        turn = await session.respond()
        assert turn.of("conversation.item.added")[0]["previous_item_id"] == first["id"]
        await session.send("conversation.item.delete", item_id=turn.items[0]["id"])
        await session.wait("conversation.item.deleted")
        turn = await session.respond()
        assert turn.of("conversation.item.added")[0]["previous_item_id"] == first["id"]
        await session.send("conversation.item.delete", item_id=first["id"])
        await session.wait("conversation.item.deleted")
        await session.send("conversation.item.create", item=text("hello"))
        assert (await session.wait("conversation.item.added"))["previous_item_id"] == turn.items[0]["id"]
