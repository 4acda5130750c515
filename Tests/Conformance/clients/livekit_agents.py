"""The `livekit-plugins-openai` package as it comes: its realtime model, and its transcription over the
same protocol."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
from conformance import sound, strict
from conformance.lab import KEY, Lab
from conformance.registry import check
from livekit import rtc
from livekit.agents import llm
from livekit.plugins import openai
from openai.types.realtime.realtime_audio_input_turn_detection import ServerVad

LIMIT_SECONDS = 20


def _frames(kind: str, seconds: float) -> list[rtc.AudioFrame]:
    return [rtc.AudioFrame(piece.tobytes(), sound.RATE, 1, len(piece)) for piece in sound.pieces(kind, seconds)]


async def _said(generation: llm.GenerationCreatedEvent) -> tuple[str, str, float]:
    """Text, id and seconds of audio of the first message."""
    async for message in generation.message_stream:
        text, seconds = "", 0.0

        async def sounds() -> None:
            nonlocal seconds
            async for frame in message.audio_stream:
                seconds += frame.duration

        listening = asyncio.ensure_future(sounds())
        async for part in message.text_stream:
            text += part
        await listening
        return text, message.message_id, seconds
    return "", "", 0.0


@llm.function_tool
async def get_weather(city: str) -> str:
    """Weather of a city."""
    return "sunny"


@check("RT-217")
async def realtime_model(lab: Lab) -> None:
    """RealtimeModel: generate_reply, a tool call and its answer, a spoken turn, a truncation; no error of any kind."""
    async with aiohttp.ClientSession() as http:
        model = openai.realtime.RealtimeModel(
            model="gpt-realtime",
            voice="marin",
            base_url=f"{lab.servers.keyed().url}/v1",
            api_key=KEY,
            http_session=http,
            turn_detection=ServerVad(type="server_vad", create_response=True, interrupt_response=True),
        )
        session = model.session()
        errors, generations = [], asyncio.Queue()
        session.on("error", errors.append)
        session.on("generation_created", generations.put_nowait)
        session.on("openai_server_event_received", lambda event: _checked(event, errors))
        try:
            await session.update_instructions("Be brief.")
            async with asyncio.timeout(LIMIT_SECONDS):
                text, item, seconds = await _said(await session.generate_reply(instructions="Say hello."))
            assert text == "Hello from the script." and seconds > 0.3, (text, seconds)
            await generations.get()
            await _tool(session, generations)
            async with asyncio.timeout(LIMIT_SECONDS):
                await _spoken(session, generations)
            session.truncate(message_id=item, modalities=["audio"], audio_end_ms=200)
            await asyncio.sleep(0.5)
            assert not errors, errors
        finally:
            await session.aclose()
            await model.aclose()


def _checked(event: dict[str, Any], errors: list[Any]) -> None:
    try:
        strict.check_event(event)
        assert event["type"] != "error", event
    except AssertionError as failure:
        errors.append(failure)


async def _tool(session: Any, generations: asyncio.Queue) -> None:
    await session.update_tools([get_weather])
    context = session.chat_ctx.copy()
    context.add_message(role="user", content="How is the weather?")
    async with asyncio.timeout(LIMIT_SECONDS):
        await session.update_chat_ctx(context)
        generation = await session.generate_reply()
        calls = [call async for call in generation.function_stream]
        await generations.get()
    assert [call.name for call in calls] == ["get_weather"], calls
    context = session.chat_ctx.copy()
    context.items.append(
        llm.FunctionCallOutput(call_id=calls[0].call_id, name="get_weather", output="sunny", is_error=False)
    )
    async with asyncio.timeout(LIMIT_SECONDS):
        await session.update_chat_ctx(context)
        text, _, _ = await _said(await session.generate_reply())
        await generations.get()
    assert text == "It is sunny in Paris.", text


async def _spoken(session: Any, generations: asyncio.Queue) -> None:
    for kind, seconds in (("speech", 2.9), ("silence", 1.2)):
        for frame in _frames(kind, seconds):
            session.push_audio(frame)
    text, _, _ = await _said(await generations.get())
    assert text == "You spoke of a young man who was not ill disposed at all.", text


@check("RT-218", "RT-036")
async def transcription(lab: Lab) -> None:
    """STT over the realtime protocol: intent=transcription with a model name beside it."""
    async with aiohttp.ClientSession() as http:
        recogniser = openai.STT(
            use_realtime=True, model="gpt-4o-transcribe", base_url=f"{lab.servers.keyed().url}/v1", api_key=KEY
        )
        recogniser._session = http
        stream = recogniser.stream()
        for kind, seconds in (("speech", 2.9), ("silence", 1.5)):
            for frame in _frames(kind, seconds):
                stream.push_frame(frame)
        try:
            async with asyncio.timeout(LIMIT_SECONDS):
                async for event in stream:
                    if event.type == "final_transcript":
                        assert event.alternatives[0].text == "he was not an ill disposed young man"
                        return
            raise AssertionError("no final transcript")
        finally:
            await stream.aclose()
