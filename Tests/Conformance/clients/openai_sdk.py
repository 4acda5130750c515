"""The `openai` package as it comes, over ws and wss; every frame is parsed by it and checked in strict mode."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

from conformance import sound
from conformance.http import Reply
from conformance.lab import KEY, Lab
from conformance.registry import HTTP, WEBRTC, check
from conformance.watch import Watch
from openai import AsyncOpenAI, AuthenticationError
from openai.types.realtime import ConversationItemDone, ResponseDoneEvent, SessionCreatedEvent

TOOL = {
    "type": "function",
    "name": "get_weather",
    "description": "Weather.",
    "parameters": {"type": "object", "properties": {}},
}
ANSWER = "You spoke of a young man who was not ill disposed at all."
LIMIT_SECONDS = 15


class Connection:
    """What `client.realtime.connect` gave, every frame of it checked before it is handed on."""

    def __init__(self, connection: Any, kind: str = "websocket") -> None:
        self.sdk, self.watch = connection, Watch(kind)

    async def event(self) -> Any:
        data = await asyncio.wait_for(self.sdk.recv_bytes(), LIMIT_SECONDS)
        event = self.sdk.parse_event(data)
        self.watch.take(json.loads(data), len(data))
        assert event.type == self.watch.events[-1]["type"], event
        return event

    async def wait(self, name: str) -> Any:
        while (event := await self.event()).type != name:
            assert event.type != "error", event
        return event

    async def text(self, words: str) -> None:
        await self.sdk.conversation.item.create(
            item={"type": "message", "role": "user", "content": [{"type": "input_text", "text": words}]}
        )

    async def speak(self) -> None:
        for kind, seconds in (("speech", 2.9), ("silence", 1.2)):
            for piece in sound.pieces(kind, seconds):
                await self.sdk.input_audio_buffer.append(audio=sound.encode(piece))

    @property
    def audio(self) -> bytes:
        return b"".join(
            base64.b64decode(event["delta"])
            for event in self.watch.events
            if event["type"] == "response.output_audio.delta"
        )


def client(lab: Lab, secure: bool = False, key: str = KEY) -> AsyncOpenAI:
    """Trusts the local authority by SSL_CERT_FILE alone, which the run has set."""
    server = lab.servers.keyed()
    return AsyncOpenAI(base_url=f"{server.secure_url if secure else server.url}/v1", api_key=key)


async def _turns(connection: Connection) -> None:
    """Connect, a text turn, a spoken turn, a manual commit, a tool, a cancel, a truncation, one out of band."""
    created = await connection.event()
    assert isinstance(created, SessionCreatedEvent) and created.session.model == "gpt-realtime"
    sdk = connection.sdk
    await sdk.session.update(session={"type": "realtime", "output_modalities": ["text"], "instructions": "Be brief."})
    await connection.wait("session.updated")
    await connection.text("hello")
    await sdk.response.create()
    done = await connection.wait("response.done")
    assert isinstance(done, ResponseDoneEvent) and done.response.output[0].content[0].text == "Hello from the script."
    await _spoken(connection)
    await _tool(connection)
    await _cancelled_and_truncated(connection)
    await sdk.response.create(
        response={
            "conversation": "none",
            "output_modalities": ["text"],
            "metadata": {"topic": "side"},
            "input": [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "tulip"}]}],
        }
    )
    done = await connection.wait("response.done")
    assert done.response.conversation_id is None and done.response.metadata == {"topic": "side"}
    assert done.response.output[0].content[0].text == "The word is tulip."


async def _spoken(connection: Connection) -> None:
    sdk = connection.sdk
    await sdk.session.update(
        session={
            "type": "realtime",
            "output_modalities": ["audio"],
            "audio": {
                "input": {
                    "turn_detection": {"type": "server_vad"},
                    "transcription": {"model": "gpt-4o-mini-transcribe"},
                }
            },
        }
    )
    await connection.wait("session.updated")
    await connection.speak()
    await connection.wait("input_audio_buffer.speech_stopped")
    done = await connection.wait("conversation.item.done")
    assert isinstance(done, ConversationItemDone)
    finished = await connection.wait("response.done")
    assert finished.response.output[0].content[0].transcript == ANSWER and len(connection.audio) > 24_000
    await sdk.session.update(session={"type": "realtime", "audio": {"input": {"turn_detection": None}}})
    await connection.wait("session.updated")
    await connection.speak()
    await sdk.input_audio_buffer.commit()
    await connection.wait("conversation.item.done")
    await sdk.response.create()
    assert (await connection.wait("response.done")).response.output[0].content[0].transcript == ANSWER
    await sdk.input_audio_buffer.clear()
    await connection.wait("input_audio_buffer.cleared")


async def _tool(connection: Connection) -> None:
    sdk = connection.sdk
    await sdk.session.update(session={"type": "realtime", "tools": [TOOL]})
    await connection.wait("session.updated")
    await connection.text("weather")
    await sdk.response.create()
    call = await connection.wait("response.function_call_arguments.done")
    assert call.name == "get_weather" and json.loads(call.arguments) == {"city": "Paris"}
    await connection.wait("response.done")
    await sdk.conversation.item.create(
        item={"type": "function_call_output", "call_id": call.call_id, "output": "sunny"}
    )
    await sdk.response.create()
    assert (await connection.wait("response.done")).response.output[0].content[0].transcript == "It is sunny in Paris."


async def _cancelled_and_truncated(connection: Connection) -> None:
    sdk = connection.sdk
    await connection.text("story")
    await sdk.response.create()
    item = (await connection.wait("response.output_item.added")).item.id
    before = len(connection.audio)
    while len(connection.audio) < before + 48_000:
        await connection.event()
    await sdk.response.cancel()
    done = await connection.wait("response.done")
    assert done.response.status == "cancelled" and done.response.status_details.reason == "client_cancelled"
    await sdk.conversation.item.truncate(item_id=item, content_index=0, audio_end_ms=700)
    assert (await connection.wait("conversation.item.truncated")).audio_end_ms == 700
    await sdk.conversation.item.retrieve(item_id=item)
    kept = (await connection.wait("conversation.item.retrieved")).item.content[0]
    assert abs(len(base64.b64decode(kept.audio)) - 700 * 48) <= 96 and 4 <= len(kept.transcript.split()) <= 8, (
        kept.transcript
    )
    await sdk.conversation.item.delete(item_id=item)
    await connection.wait("conversation.item.deleted")


@check("RT-214")
async def turns_over_ws(lab: Lab) -> None:
    """openai over ws: every kind of turn."""
    async with client(lab).realtime.connect(model="gpt-realtime") as connection:
        await _turns(Connection(connection))


@check("RT-214", "RT-051")
async def turns_over_wss(lab: Lab) -> None:
    """openai over wss with the local authority: every kind of turn."""
    async with client(lab, secure=True).realtime.connect(model="gpt-realtime") as connection:
        await _turns(Connection(connection))


@check("RT-214", "RT-036")
async def transcription(lab: Lab) -> None:
    """openai: a transcription session."""
    async with client(lab).realtime.connect(extra_query={"intent": "transcription"}) as sdk:
        connection = Connection(sdk)
        await connection.wait("session.created")
        await sdk.session.update(
            session={"type": "transcription", "audio": {"input": {"transcription": {"model": "whisper-1"}}}}
        )
        await connection.wait("session.updated")
        await connection.speak()
        done = await connection.wait("conversation.item.input_audio_transcription.completed")
        assert done.transcript == "he was not an ill disposed young man" and done.usage


@check("RT-214", "RT-010", "RT-015", over=HTTP)
async def secrets_and_models(lab: Lab) -> None:
    """openai: client_secrets.create, a session by it; a wrong key raises AuthenticationError; models.list."""
    for secure in (False, True):
        sdk = client(lab, secure)
        secret = await sdk.realtime.client_secrets.create(
            session={"type": "realtime", "model": "gpt-realtime", "instructions": "From the secret."},
            expires_after={"anchor": "created_at", "seconds": 60},
        )
        assert secret.value.startswith("ek_") and secret.session.instructions == "From the secret."
        async with client(lab, secure, secret.value).realtime.connect(model="gpt-realtime") as connection:
            created = await Connection(connection).event()
            assert created.session.instructions == "From the secret."
        assert "parley-scripted" in [model.id async for model in sdk.models.list()]
        try:
            await client(lab, secure, "sk-wrong").realtime.client_secrets.create()
        except AuthenticationError as error:
            assert error.code == "invalid_api_key"
        else:
            raise AssertionError("a wrong key was taken")


@check("RT-215", "RT-214", "RT-201", over=WEBRTC)
async def call_and_sideband(lab: Lab) -> None:
    """openai: calls.create for a call placed by aiortc, connect(call_id=), calls.hangup."""
    for secure in (False, True):
        sdk = client(lab, secure)

        async def place(offer: str) -> Reply:
            answer = await sdk.realtime.calls.create(
                sdp=offer, session={"type": "realtime", "model": "gpt-realtime", "tools": [TOOL]}
            )
            response = answer.response
            return Reply(response.status_code, dict(response.headers), response.content)

        async with lab.call(place=place) as call:
            async with sdk.realtime.connect(call_id=call.id_of_call) as opened:
                side = Connection(opened, "sideband")
                await side.wait("session.created")
                await call.add("weather")
                await call.send("response.create")
                done = await side.wait("response.function_call_arguments.done")
                await side.wait("response.done")
                await opened.conversation.item.create(
                    item={"type": "function_call_output", "call_id": done.call_id, "output": "sunny"}
                )
                await opened.response.create()
                await side.wait("response.done")
            await call.wait("response.done")
            assert (await call.wait("response.done"))["response"]["output"][0]["content"][0][
                "transcript"
            ] == "It is sunny in Paris."
            await sdk.realtime.calls.hangup(call.id_of_call)
            await call.closed()
