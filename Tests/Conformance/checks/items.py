"""Items of the conversation and the input buffer."""

import base64

from conformance import sound
from conformance.lab import Lab
from conformance.registry import BOTH, WEBRTC, check
from conformance.session import Session

PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)


def text(words: str, role: str = "user") -> dict:
    kind = "output_text" if role == "assistant" else "input_text"
    return {"type": "message", "role": role, "content": [{"type": kind, "text": words}]}


async def manual(session: Session) -> None:
    await session.update(audio={"input": {"turn_detection": None}})


async def committed(session: Session, seconds: float = 1.0) -> dict:
    """An item of audio committed by hand."""
    await session.hear(seconds)
    await session.send("input_audio_buffer.commit")
    return (await session.wait("conversation.item.done"))["item"]


@check("RT-082", "RT-085", "RT-127", "RT-128", "RT-162")
async def append_and_commit(lab: Lab) -> None:
    """No answer to append; commit: committed, added, done with transcript null, no response and no VAD events."""
    async with lab.socket() as session:
        await manual(session)
        await session.hear(1.0)
        assert await session.settled() == []
        await session.send("input_audio_buffer.commit")
        events = await session.through("conversation.item.done")
        assert [event["type"] for event in events] == [
            "input_audio_buffer.committed",
            "conversation.item.added",
            "conversation.item.done",
        ], events
        assert events[0]["item_id"] == events[1]["item"]["id"] == events[2]["item"]["id"]
        assert events[2]["item"]["content"] == [{"type": "input_audio", "transcript": None}], events[2]
        assert events[2]["item"]["role"] == "user" and events[2]["item"]["status"] == "completed"
        assert await session.quiet(0.5) == []
        assert (await session.respond()).text == "You spoke of a young man who was not ill disposed at all."


@check("RT-082", "RT-097")
async def append_cut_anywhere(lab: Lab) -> None:
    """Audio appended in pieces of odd length is the same audio."""
    pcm = sound.take("speech", 1.0).astype("<i2").tobytes()
    async with lab.socket() as session:
        await manual(session)
        for start in range(0, len(pcm), 777):
            await session.send("input_audio_buffer.append", audio=base64.b64encode(pcm[start : start + 777]).decode())
        await session.send("input_audio_buffer.commit")
        item = (await session.wait("conversation.item.done"))["item"]
        kept = base64.b64decode((await session.retrieve(item["id"]))["content"][0]["audio"])
        assert kept == pcm, f"{len(kept)} bytes of {len(pcm)}"


@check("RT-162", "RT-085", over=WEBRTC)
async def commit_on_a_call(lab: Lab) -> None:
    """The same on a call: what came by RTP is committed."""
    async with lab.call() as call:
        await manual(call)
        await call.hear(1.5)
        await call.send("input_audio_buffer.commit")
        events = await call.through("conversation.item.done")
        assert [event["type"] for event in events] == [
            "input_audio_buffer.committed",
            "conversation.item.added",
            "conversation.item.done",
        ], events
        assert events[2]["item"]["content"] == [{"type": "input_audio", "transcript": None}]


@check("RT-083", "RT-123", over=BOTH)
async def bad_base64(lab: Lab) -> None:
    """Bad base64: invalid_value, param audio."""
    async with lab.session() as session:
        for audio in ("not base64!", "AAA", "AAAA=AAA", 7, None):
            sent = await session.send("input_audio_buffer.append", audio=audio)
            error = (await session.wait("error"))["error"]
            assert error["event_id"] == sent and error["param"] == "audio", error
        await session.ask("hello")


@check("RT-084", over=WEBRTC)
async def append_on_a_call(lab: Lab) -> None:
    """append works on the data channel."""
    async with lab.call() as call:
        await manual(call)
        for _ in range(4):
            await call.send("input_audio_buffer.append", audio=sound.encode(sound.take("speech", 0.1)))
        await call.send("input_audio_buffer.commit")
        item = (await call.wait("conversation.item.done"))["item"]
        assert item["content"][0]["type"] == "input_audio"


@check("RT-086", "RT-087", over=BOTH)
async def clear_and_empty_commit(lab: Lab) -> None:
    """clear empties the buffer; a commit of less than 100 ms is refused."""
    async with lab.session() as session:
        await manual(session)
        sent = await session.send("input_audio_buffer.commit")
        error = await session.error("input_audio_buffer_commit_empty", sent)
        assert "100ms" in error["message"], error
        await session.hear(1.0)
        await session.send("input_audio_buffer.clear")
        await session.wait("input_audio_buffer.cleared")
        sent = await session.send("input_audio_buffer.commit")
        await session.error("input_audio_buffer_commit_empty", sent)


@check("RT-087")
async def clear_resets_detection(lab: Lab) -> None:
    """clear in the middle of speech forgets the turn; the next one is a new one."""
    async with lab.socket() as session:
        await session.hear(1.5)
        first = await session.wait("input_audio_buffer.speech_started")
        await session.send("input_audio_buffer.clear")
        await session.wait("input_audio_buffer.cleared")
        await session.hear(1.5, "silence")
        assert not [event for event in await session.settled() if event["type"] == "input_audio_buffer.committed"]
        await session.speak()
        second = await session.wait("input_audio_buffer.speech_started")
        assert second["item_id"] != first["item_id"]
        await session.turn()


@check("RT-088", "RT-093", "RT-127", over=BOTH)
async def text_items(lab: Lab) -> None:
    """User, system and assistant text, with ids from the server."""
    async with lab.session() as session:
        for role in ("user", "system", "assistant"):
            item = await session.add(f"From the {role}.", role)
            assert item["role"] == role and item["id"].startswith("item_") and item["status"] == "completed"
            assert item["content"][0]["text"] == f"From the {role}."
        item = await session.add("Old name.", "assistant", "text")
        assert item["content"][0]["type"] == "output_text"
        sent = await session.send(
            "conversation.item.create",
            item={"type": "message", "role": "assistant", "content": [{"type": "output_audio", "audio": "AAAA"}]},
        )
        assert (await session.wait("error"))["error"]["event_id"] == sent


@check("RT-089")
async def audio_item(lab: Lab) -> None:
    """A user item made of audio."""
    async with lab.socket() as session:
        audio = sound.encode(sound.take("speech", 1.0))
        item = await session.add_item(
            {"type": "message", "role": "user", "content": [{"type": "input_audio", "audio": audio}]}
        )
        assert item["content"][0]["type"] == "input_audio" and "audio" not in item["content"][0]
        retrieved = await session.retrieve(item["id"])
        assert retrieved["content"][0]["audio"] == audio
        with_text = await session.add_item(
            {
                "type": "message",
                "role": "user",
                "content": [{"type": "input_audio", "audio": audio, "transcript": "tulip"}],
            }
        )
        assert with_text["content"][0]["transcript"] == "tulip"
        assert (await session.respond()).text == "The word is tulip."
        sent = await session.send(
            "conversation.item.create",
            item={"type": "message", "role": "user", "content": [{"type": "input_audio", "audio": "%%"}]},
        )
        assert (await session.wait("error"))["error"]["event_id"] == sent


@check("RT-090")
async def image_item(lab: Lab) -> None:
    """An image as data URI is taken (an engine without vision says so in the response); any other URL is refused."""
    async with lab.socket() as session:
        item = await session.add_item(
            {
                "type": "message",
                "role": "user",
                "content": [
                    {"type": "input_text", "text": "picture"},
                    {"type": "input_image", "image_url": PIXEL, "detail": "low"},
                ],
            }
        )
        assert [part["type"] for part in item["content"]] == ["input_text", "input_image"]
        assert item["content"][1]["image_url"] == PIXEL
        turn = await session.respond()
        assert turn.response["status"] in ("completed", "failed")
        sent = await session.send(
            "conversation.item.create",
            item={
                "type": "message",
                "role": "user",
                "content": [{"type": "input_image", "image_url": "https://example.org/a.png"}],
            },
        )
        error = (await session.wait("error"))["error"]
        assert error["event_id"] == sent and "image_url" in error["param"], error


@check("RT-091", "RT-096", over=BOTH)
async def function_items(lab: Lab) -> None:
    """A call and its output can be replayed; an output for an unknown call is refused."""
    async with lab.session() as session:
        call = {"type": "function_call", "call_id": "call_1", "name": "get_weather", "arguments": '{"city":"Paris"}'}
        item = await session.add_item(call)
        assert item["name"] == "get_weather" and item["call_id"] == "call_1" and item["arguments"] == '{"city":"Paris"}'
        item = await session.add_item({"type": "function_call_output", "call_id": "call_1", "output": "sunny"})
        assert item["output"] == "sunny" and item["call_id"] == "call_1"
        assert (await session.respond()).text == "It is sunny in Paris."
        sent = await session.send(
            "conversation.item.create", item={"type": "function_call_output", "call_id": "call_2", "output": ""}
        )
        error = (await session.wait("error"))["error"]
        assert error["event_id"] == sent and error["param"] == "item.call_id", error


@check("RT-092", over=BOTH)
async def own_ids(lab: Lab) -> None:
    """A client's id is kept; the same again is item_create_duplicate_item_id."""
    async with lab.session() as session:
        for identity in ("item_mine", "b5cc90b3ff5549d3a1d4c6f1b5cc90b3", "x" * 64):
            assert (await session.add("hello", item={"id": identity}))["id"] == identity
        sent = await session.send("conversation.item.create", item={"id": "item_mine"} | text("again"))
        await session.error("item_create_duplicate_item_id", sent)


@check("RT-094", "RT-148", over=BOTH)
async def placement(lab: Lab) -> None:
    """root, an id, null and absent place an item."""
    async with lab.session() as session:
        for identity, where in (("b", None), ("d", ...), ("a", "root"), ("c", "b")):
            more = {} if where is ... else {"previous_item_id": where}
            await session.send("conversation.item.create", item={"id": identity} | text(identity), **more)
            added = await session.wait("conversation.item.added")
            await session.wait("conversation.item.done")
            expected = {"b": None, "d": "b", "a": None, "c": "b"}[identity]
            assert added["previous_item_id"] == expected, f"{identity} after {added['previous_item_id']}"
        assert session.watch.conversation == ["a", "b", "c", "d"]
        await session.add("e", item={"id": "e"})
        assert session.watch.conversation[-1] == "e"


@check("RT-095", over=BOTH)
async def unknown_place(lab: Lab) -> None:
    """An unknown previous_item_id: an error, and nothing is added."""
    async with lab.session() as session:
        sent = await session.send(
            "conversation.item.create", item={"id": "x"} | text("hello"), previous_item_id="nothing"
        )
        error = (await session.wait("error"))["error"]
        assert error["event_id"] == sent and error["param"] == "previous_item_id", error
        assert await session.settled() == []
        sent = await session.send("conversation.item.retrieve", item_id="x")
        await session.error("item_retrieve_invalid_item_id", sent)


@check("RT-097", over=BOTH)
async def retrieve(lab: Lab) -> None:
    """retrieve gives the whole item, audio included; an unknown one is item_retrieve_invalid_item_id."""
    async with lab.session() as session:
        turn = await session.ask("hello")
        item = await session.retrieve(turn.items[0]["id"])
        part = item["content"][0]
        assert part["type"] == "output_audio" and part["transcript"] == "Hello from the script."
        assert len(base64.b64decode(part["audio"])) > 10_000
        await manual(session)
        said = await committed(session, 0.5)
        assert len(base64.b64decode((await session.retrieve(said["id"]))["content"][0]["audio"])) >= 0.4 * 48_000
        sent = await session.send("conversation.item.retrieve", item_id="item_unknown", event_id="rci_item_unknown")
        await session.error("item_retrieve_invalid_item_id", sent)


@check("RT-098", "RT-103", over=BOTH)
async def truncate(lab: Lab) -> None:
    """truncate cuts audio and transcript; what is no assistant audio is refused."""
    async with lab.session() as session:
        turn = await session.ask("hello")
        item = turn.items[0]["id"]
        await session.wait("output_audio_buffer.stopped") if session.kind == "webrtc" else None
        whole = await session.retrieve(item)
        await session.send("conversation.item.truncate", item_id=item, content_index=0, audio_end_ms=200)
        cut = await session.wait("conversation.item.truncated")
        assert (cut["item_id"], cut["content_index"], cut["audio_end_ms"]) == (item, 0, 200)
        part = (await session.retrieve(item))["content"][0]
        assert abs(len(base64.b64decode(part["audio"])) - 200 * 48) <= 96, len(part["audio"])
        assert len(part.get("transcript") or "") < len(whole["content"][0]["transcript"]), part["transcript"]
        user = await session.add("hello")
        for wrong in (user["id"], "item_unknown"):
            sent = await session.send("conversation.item.truncate", item_id=wrong, content_index=0, audio_end_ms=0)
            error = (await session.wait("error"))["error"]
            assert error["event_id"] == sent and error["type"] == "invalid_request_error", error
            if wrong == "item_unknown":
                assert error["code"] == "item_truncate_invalid_item_id", error
            else:
                assert "Only model output audio messages can be truncated" in error["message"], error
        await session.update(output_modalities=["text"])
        written = await session.ask("hello")
        sent = await session.send(
            "conversation.item.truncate", item_id=written.items[0]["id"], content_index=0, audio_end_ms=0
        )
        assert (await session.wait("error"))["error"]["event_id"] == sent


@check("RT-099", "RT-100", "RT-102")
async def truncate_at_the_end(lab: Lab) -> None:
    """At exactly the length and a few ms past it a truncation succeeds, twice and later too; far past it is refused."""
    async with lab.socket() as session:
        turn = await session.ask("hello")
        item, length = turn.items[0]["id"], len(session.audio()) // 48
        for end in (length, length, length + 20, length):
            await session.send("conversation.item.truncate", item_id=item, content_index=0, audio_end_ms=end)
            await session.wait("conversation.item.truncated", item_id=item)
        assert (await session.retrieve(item))["content"][0]["transcript"] == "Hello from the script."
        sent = await session.send(
            "conversation.item.truncate", item_id=item, content_index=0, audio_end_ms=length + 40_000
        )
        error = (await session.wait("error"))["error"]
        assert error["event_id"] == sent and error["type"] == "invalid_request_error" and error["code"] is None, error
        assert f"{length}ms" in error["message"] and f"{length + 40_000}ms" in error["message"], error
        await session.ask("hello")
        await session.send("conversation.item.truncate", item_id=item, content_index=0, audio_end_ms=length)
        await session.wait("conversation.item.truncated", item_id=item)


@check("RT-098", "RT-099")
async def truncate_cancelled(lab: Lab) -> None:
    """A cancelled item is truncated after its response is done, and keeps the words up to there."""
    async with lab.socket() as session:
        await session.add("story")
        await session.send("response.create")
        created = await session.wait("response.created")
        while len(session.audio()) < 48_000:
            await session.event()
        await session.send("response.cancel")
        turn = await session.rest(created)
        item = turn.items[0]["id"]
        await session.send("conversation.item.truncate", item_id=item, content_index=0, audio_end_ms=500)
        await session.wait("conversation.item.truncated", item_id=item)
        words = (await session.retrieve(item))["content"][0]["transcript"].split()
        assert 3 <= len(words) <= 6, words


@check("RT-101", over=BOTH)
async def retrieve_in_progress(lab: Lab) -> None:
    """An item still in progress can be retrieved."""
    async with lab.session() as session:
        await session.add("story")
        await session.send("response.create")
        await session.wait("response.output_audio_transcript.delta")
        item = next(iter(session.watch.responses.values())).items[0].id
        got = await session.retrieve(item)
        assert got["status"] == "in_progress" and got["role"] == "assistant", got["status"]
        await session.send("response.cancel")
        await session.wait("response.done")


@check("RT-104", "RT-148", over=BOTH)
async def delete(lab: Lab) -> None:
    """delete, twice; the successor's predecessor is the real one."""
    async with lab.session() as session:
        first = await session.add("tulip")
        second = await session.add("hello")
        await session.send("conversation.item.delete", item_id=second["id"])
        assert (await session.wait("conversation.item.deleted"))["item_id"] == second["id"]
        sent = await session.send("conversation.item.delete", item_id=second["id"])
        error = await session.error("item_delete_invalid_item_id", sent)
        assert second["id"] in error["message"]
        await session.send("conversation.item.create", item=text("hello"))
        assert (await session.wait("conversation.item.added"))["previous_item_id"] == first["id"]
        await session.wait("conversation.item.done")
        await session.send("conversation.item.delete", item_id=session.watch.conversation[-1])
        await session.wait("conversation.item.deleted")
        assert (await session.respond()).text == "The word is tulip."


@check("RT-122")
async def clear_output_on_a_socket(lab: Lab) -> None:
    """output_audio_buffer.clear on a WebSocket: an error, and the session goes on."""
    async with lab.socket() as session:
        sent = await session.send("output_audio_buffer.clear")
        assert (await session.wait("error"))["error"]["event_id"] == sent
        await session.ask("hello")


@check("RT-123", "RT-152", over=BOTH)
async def errors_echo(lab: Lab) -> None:
    """Errors echo the event's id, null when it has none; required fields that are missing are named."""
    async with lab.session() as session:
        sent = await session.send("conversation.item.delete", event_id="my-own-id")
        error = (await session.wait("error"))["error"]
        assert error["event_id"] == sent == "my-own-id" and error["param"] == "item_id", error
        await session.send_raw('{"type": "conversation.item.delete", "item_id": "x"}')
        await session.error("item_delete_invalid_item_id", None)
        for name, fields, param in (
            ("conversation.item.create", {}, "item"),
            ("session.update", {}, "session"),
            ("conversation.item.truncate", {"item_id": "x", "content_index": 0}, "audio_end_ms"),
            ("conversation.item.create", {"item": {"type": "message", "role": "user"}}, "item.content"),
            ("conversation.item.create", {"item": {"type": "message", "role": "robot", "content": []}}, "item.role"),
            ("input_audio_buffer.append", {}, "audio"),
        ):
            sent = await session.send(name, **fields)
            error = (await session.wait("error"))["error"]
            assert error["event_id"] == sent and error["param"] == param, error
        await session.ask("hello")
