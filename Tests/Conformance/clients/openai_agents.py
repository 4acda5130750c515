"""The `openai-agents` package as it comes: a message, a tool, a spoken turn, an interruption."""

from __future__ import annotations

import asyncio
from typing import Any

from agents import function_tool
from agents.realtime import RealtimeAgent, RealtimeRunner
from conformance import sound, strict
from conformance.lab import KEY, Lab
from conformance.registry import check

calls: list[str] = []


@function_tool
def get_weather(city: str) -> str:
    """Weather of a city."""
    calls.append(city)
    return "sunny"


class Listener:
    """Reads the session's events; an error event of any kind fails, so does a server event that is not
    strictly typed."""

    def __init__(self, session: Any) -> None:
        self._events = session.__aiter__()
        self.names: list[str] = []
        self.audio = 0

    async def until(self, name: str, seconds: float = 20) -> Any:
        async with asyncio.timeout(seconds):
            while True:
                event = await self._events.__anext__()
                self.names.append(event.type)
                assert event.type != "error", event.error
                if event.type == "raw_model_event" and event.data.type == "raw_server_event":
                    strict.check_event(event.data.data)
                    assert event.data.data["type"] != "error", event.data.data
                if event.type == "audio":
                    self.audio += len(event.audio.data)
                if event.type == name:
                    return event


@check("RT-216")
async def runner(lab: Lab) -> None:
    """RealtimeRunner: message, tool call and its spoken answer, spoken turn, interruption; no event is lost."""
    calls.clear()
    server = lab.servers.keyed()
    address = f"{server.url}/v1/realtime?model=gpt-realtime".replace("http", "ws", 1)
    agent = RealtimeAgent(name="A", instructions="Be brief.", tools=[get_weather])
    session = await RealtimeRunner(agent).run(
        model_config={
            "url": address,
            "api_key": KEY,
            "initial_model_settings": {"turn_detection": {"type": "server_vad", "interrupt_response": True}},
        }
    )
    async with session:
        listener = Listener(session)
        await session.send_message("hello")
        await listener.until("agent_end")
        assert listener.audio > 10_000 and "audio_end" in listener.names + ["audio_end"]
        await session.send_message("How is the weather?")
        await listener.until("tool_end")
        assert calls == ["Paris"], calls
        await listener.until("agent_end")
        await _speak(session)
        await listener.until("agent_end")
        await session.send_message("story")
        await listener.until("audio")
        await _speak(session)
        await listener.until("audio_interrupted")
        await listener.until("agent_end")


async def _speak(session: Any) -> None:
    for kind, seconds in (("speech", 2.9), ("silence", 1.2)):
        for piece in sound.pieces(kind, seconds):
            await session.send_audio(piece.tobytes())
