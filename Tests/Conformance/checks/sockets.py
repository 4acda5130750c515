"""How a WebSocket is opened, held and closed."""

import asyncio
import base64
import json

from conformance.lab import KEY, Lab
from conformance.registry import BOTH, check


@check("RT-031", "RT-038")
async def bearer(lab: Lab) -> None:
    """A bearer key opens a session; a wrong one and none get invalid_api_key, then the close."""
    keyed = lab.servers.keyed().url
    async with lab.socket(base=keyed, key=KEY) as session:
        await session.ask("hello")
    for key in ("sk-wrong", None):
        async with lab.socket(base=keyed, key=key, wait=False) as session:
            events, end = await session.closed()
            assert [event["error"]["code"] for event in events] == ["invalid_api_key"], events
            assert end.code == 3000, end.code


@check("RT-032", "RT-033")
async def subprotocols(lab: Lab) -> None:
    """The browser's form of authentication; the answer is exactly "realtime"."""
    keyed = lab.servers.keyed().url
    others = ["openai-organization.org-1", "openai-project.proj_1", "openai-agents-sdk.0.17.0"]
    for offered in (
        ["realtime", f"openai-insecure-api-key.{KEY}"],
        ["realtime", f"openai-insecure-api-key.{KEY}", *others],
        [f"openai-insecure-api-key.{KEY}", *others, "realtime"],
    ):
        async with lab.socket(base=keyed, subprotocols=offered) as session:
            assert session.socket.subprotocol == "realtime", session.socket.subprotocol
            assert session.socket.response.headers.get_all("Sec-WebSocket-Protocol") == ["realtime"]
    async with lab.socket() as session:
        assert session.socket.response.headers.get("Sec-WebSocket-Protocol") is None
    async with lab.socket(
        base=keyed, subprotocols=["realtime", "openai-insecure-api-key.sk-wrong"], wait=False
    ) as session:
        events, _ = await session.closed()
        assert events[0]["error"]["code"] == "invalid_api_key"


@check("RT-034", "RT-010")
async def secret_as_key(lab: Lab) -> None:
    """A client secret is a key, its session is applied, and the client may change it."""
    keyed = lab.servers.keyed().url
    tool = {"type": "function", "name": "get_weather", "description": "Weather.", "parameters": {"type": "object"}}
    secret = await lab.secret(
        KEY, keyed, session={"type": "realtime", "instructions": "From the secret.", "tools": [tool]}
    )
    for options in (
        {"key": secret["value"]},
        {"subprotocols": ["realtime", f"openai-insecure-api-key.{secret['value']}"]},
    ):
        async with lab.socket(base=keyed, **options) as session:
            assert session.session["instructions"] == "From the secret." and session.session["tools"] == [tool]
            assert (await session.update(instructions="Mine."))["instructions"] == "Mine."


@check("RT-034")
async def large_secret(lab: Lab) -> None:
    """A secret with a configuration larger than a header works, and stays under 4 KB."""
    keyed = lab.servers.keyed().url
    wanted = "Speak slowly. " * 2_000
    secret = await lab.secret(KEY, keyed, session={"type": "realtime", "instructions": wanted})
    assert len(secret["value"]) < 4096, len(secret["value"])
    async with lab.socket(base=keyed, key=secret["value"]) as session:
        assert session.session["instructions"] == wanted


@check("RT-034", limit=40)
async def secret_on_another_server(lab: Lab) -> None:
    """Two servers with the same secret key take each other's client secrets, and no one else's."""
    shared = {"keys": [KEY], "secret-key": "a secret key that both servers of this test have"}
    wanted = {"type": "realtime", "instructions": "From the other."}
    async with lab.servers.running(auth=shared) as one, lab.servers.running(auth=shared) as other:
        secret = (await lab.secret(KEY, one.url, session=wanted))["value"]
        async with lab.socket(base=other.url, key=secret) as session:
            assert session.session["instructions"] == "From the other."
        async with lab.socket(base=lab.servers.keyed().url, key=secret, wait=False) as session:
            events, _ = await session.closed()
            assert events[0]["error"]["code"] == "invalid_api_key", events


@check("RT-036", "RT-080")
async def transcription_intent(lab: Lab) -> None:
    """intent=transcription wins over model=."""
    for query in ("intent=transcription", "intent=transcription&model=gpt-4o-transcribe"):
        async with lab.socket(query) as session:
            assert session.session["type"] == "transcription"
            assert session.session["object"] == "realtime.transcription_session"
            detection = session.session["audio"]["input"]["turn_detection"]
            expected = {"type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300, "silence_duration_ms": 200}
            assert detection == expected, detection
            assert session.session["audio"]["input"]["transcription"] is None


@check("RT-037")
async def missing_model(lab: Lab) -> None:
    """Neither model nor call nor intent: missing_model, then the close."""
    async with lab.socket("", wait=False) as session:
        events, end = await session.closed()
        assert [event["error"]["code"] for event in events] == ["missing_model"], events
        assert end.code == 4000, end.code


@check("RT-039")
async def any_model(lab: Lab) -> None:
    """Any model name means the default engine, and is echoed."""
    for name in ("gpt-realtime", "gpt-realtime-2.1", "somebodys-model%2Fv1", "parley-scripted"):
        async with lab.socket(f"model={name}") as session:
            assert session.session["model"] == name.replace("%2F", "/")
            assert (await session.ask("hello")).text == "Hello from the script."


@check("RT-040", "RT-194", over=BOTH)
async def created_first(lab: Lab) -> None:
    """session.created is first and comes unasked; an update is answered."""
    async with lab.session(wait=False) as session:
        assert (await session.event())["type"] == "session.created"
        assert (await session.update(instructions="Soon."))["instructions"] == "Soon."


@check("RT-041")
async def pipelined(lab: Lab) -> None:
    """What is sent before session.created was read is done in order."""
    async with lab.socket(wait=False) as session:
        await session.send("session.update", session={"type": "realtime", "output_modalities": ["text"]})
        await session.send(
            "conversation.item.create",
            item={"type": "message", "role": "user", "content": [{"type": "input_text", "text": "tulip"}]},
        )
        await session.send(
            "session.update", session={"type": "realtime", "model": "gpt-realtime-2.1", "tracing": "auto"}
        )
        await session.send("response.create")
        events = await session.through("response.done")
        names = [event["type"] for event in events if event["type"] != "conversation.created"]
        assert names[:6] == [
            "session.created",
            "session.updated",
            "conversation.item.added",
            "conversation.item.done",
            "session.updated",
            "response.created",
        ], names
        assert events[-1]["response"]["output"][0]["content"][0]["text"] == "The word is tulip."


@check("RT-042")
async def deflate_offered(lab: Lab) -> None:
    """An offer of permessage-deflate does no harm."""
    async with lab.socket(compression="deflate") as session:
        await session.ask("hello")


@check("RT-043", "RT-097", limit=90)
async def no_large_frame(lab: Lab) -> None:
    """Retrieved audio of 5, 20 and 60 s: with its audio while it fits, and no frame of 1 MiB or more."""
    for seconds, with_audio in ((5, True), (20, False), (60, False)):
        async with lab.socket() as session:
            await session.update(audio={"input": {"turn_detection": None}})
            await session.hear(seconds)
            await session.send("input_audio_buffer.commit")
            item = (await session.wait("conversation.item.done"))["item"]
            await session.send("conversation.item.retrieve", item_id=item["id"])
            part = (await session.wait("conversation.item.retrieved"))["item"]["content"][0]
            if with_audio:
                assert abs(len(base64.b64decode(part["audio"])) - seconds * 48_000) <= 4800
            else:
                assert "audio" not in part, f"{seconds} s came with {len(part['audio'])} characters"


@check("RT-044", limit=90)
async def large_append(lab: Lab) -> None:
    """One frame of 20 MiB, 15 MiB of audio in it, is taken."""
    async with lab.socket() as session:
        await session.update(audio={"input": {"turn_detection": None}})
        frame = json.dumps({"type": "input_audio_buffer.append", "audio": base64.b64encode(bytes(15 << 20)).decode()})
        assert len(frame) > 20 << 20
        await session.send_raw(frame)
        assert await session.settled() == []
        await session.ask("hello")


@check("RT-045", limit=60)
async def pings(lab: Lab) -> None:
    """The server pings about every 20 s, and answers pings."""
    async with lab.socket() as session:
        await asyncio.wait_for(await session.socket.ping(), 5)
        for _ in range(30):
            # A poll with a bound, since the library tells nobody of a ping.
            await asyncio.sleep(1)
            if session.socket.pings:
                break
        assert session.socket.pings, "no ping in 30 s"


@check("RT-046", "RT-152")
async def binary_frame(lab: Lab) -> None:
    """A binary frame: invalid_event, and the session goes on."""
    async with lab.socket() as session:
        await session.send_raw(b"\x00\x01\x02")
        await session.error("invalid_event", None)
        await session.ask("hello")


@check("RT-047", "RT-152", over=BOTH)
async def invalid_json(lab: Lab) -> None:
    """Invalid JSON: invalid_json, and the session goes on."""
    async with lab.session() as session:
        for text in ("{", "", "nonsense", '{"type": "response.create"', '{"type": "a"} {"type": "b"}', "[1, 2"):
            await session.send_raw(text)
            await session.error("invalid_json", None)
        await session.ask("hello")


@check("RT-048", "RT-123", "RT-152", over=BOTH)
async def unknown_type(lab: Lab) -> None:
    """An unknown or missing type: invalid_value, param type, the supported ones in the message."""
    async with lab.session() as session:
        sent = await session.send("response.invent")
        error = await session.error("invalid_value", sent, "type")
        assert "response.create" in error["message"] and "session.update" in error["message"], error
        await session.send_raw('{"event_id": "e1"}')
        error = (await session.wait("error"))["error"]
        assert error["param"] == "type" and error["event_id"] == "e1", error
        await session.send_raw("[1]")
        assert (await session.wait("error"))["error"]["event_id"] is None
        await session.ask("hello")


@check("RT-049", limit=40)
async def session_limit(lab: Lab) -> None:
    """A configured limit ends the session: session_expired, close 1001; without one nothing ends."""
    async with (
        lab.servers.running(session={"max-duration-seconds": 2}) as server,
        lab.socket(base=server.url) as session,
    ):
        events, end = await session.closed(20)
        assert [event["error"]["code"] for event in events if event["type"] == "error"] == ["session_expired"], events
        assert end.code == 1001, end.code


@check("RT-050", limit=40)
async def shutdown(lab: Lab) -> None:
    """A server that stops closes with 1001 or 1012, so that clients reconnect."""
    async with lab.servers.running() as server, lab.socket(base=server.url) as session:
        server.ask_to_stop()
        _, end = await session.closed(20)
        assert end.code in (1001, 1012), end.code


@check("RT-051")
async def tls(lab: Lab) -> None:
    """The same over TLS with the local authority."""
    server = lab.servers.open()
    async with lab.socket(base=server.secure_url, ca=lab.ca) as session:
        await session.ask("hello")


@check("RT-052")
async def path_prefixes(lab: Lab) -> None:
    """With and without /v1 and /openai."""
    for path in ("/v1/realtime", "/realtime", "/openai/v1/realtime", "/openai/realtime"):
        async with lab.socket(path=path) as session:
            await session.ask("hello")


@check("RT-126")
async def many_events(lab: Lab) -> None:
    """Event ids stay unique over connections as well."""
    seen: set[str] = set()
    for _ in range(2):
        async with lab.socket() as session:
            await session.ask("hello")
            ids = {event["event_id"] for event in session.watch.events}
            assert len(ids) == len(session.watch.events) and not ids & seen
            seen |= ids
