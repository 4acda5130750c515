"""The beta client that the `openai` package still carries."""

from __future__ import annotations

import asyncio

from conformance.lab import KEY, Lab
from conformance.registry import check
from openai import AsyncOpenAI


@check("RT-210", "RT-208")
async def beta_connect(lab: Lab) -> None:
    """client.beta.realtime.connect: a text turn and an audio turn in the beta's names."""
    server = lab.servers.keyed()
    client = AsyncOpenAI(
        base_url=f"{server.url}/v1", websocket_base_url=f"{server.url}/v1".replace("http", "ws", 1), api_key=KEY
    )
    async with client.beta.realtime.connect(model="gpt-4o-realtime-preview") as connection:
        names = []

        async def through(name: str):
            while True:
                event = await asyncio.wait_for(connection.recv(), 15)
                names.append(event.type)
                assert event.type != "error", event
                if event.type == name:
                    return event

        assert (await through("session.created")).session.modalities
        await connection.session.update(session={"modalities": ["text"], "instructions": "Be brief."})
        assert (await through("session.updated")).session.modalities == ["text"]
        for modalities, expected in (
            (["text"], "response.text.done"),
            (["audio", "text"], "response.audio_transcript.done"),
        ):
            await connection.conversation.item.create(
                item={"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hello"}]}
            )
            await through("conversation.item.created")
            await connection.response.create(response={"modalities": modalities})
            done = await through("response.done")
            assert expected in names and done.response.status == "completed", names
        assert "response.audio.delta" in names and "response.text.delta" in names
