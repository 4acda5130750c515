"""The beta dialect."""

from conformance.lab import KEY, Lab
from conformance.registry import check

from .session import TOOL

BETA = {"OpenAI-Beta": "realtime=v1"}


async def _text(session, words: str) -> dict:
    await session.send(
        "conversation.item.create",
        item={"type": "message", "role": "user", "content": [{"type": "input_text", "text": words}]},
    )
    return (await session.wait("conversation.item.created"))["item"]


@check("RT-208")
async def triggers(lab: Lab) -> None:
    """The header or the subprotocol switches to the beta's names."""
    async with lab.socket(headers=BETA, beta=True) as session:
        await _text(session, "hello")
    keyed = lab.servers.keyed().url
    offered = ["realtime", f"openai-insecure-api-key.{KEY}", "openai-beta.realtime-v1"]
    async with lab.socket(base=keyed, subprotocols=offered, beta=True) as session:
        assert session.socket.subprotocol == "realtime"
        await _text(session, "hello")


@check("RT-209", "RT-208")
async def beta_session(lab: Lab) -> None:
    """Flat session fields both ways."""
    async with lab.socket(headers=BETA, beta=True) as session:
        flat = session.session
        assert flat["object"] == "realtime.session" and sorted(flat["modalities"]) == ["audio", "text"]
        assert flat["input_audio_format"] == "pcm16" and flat["output_audio_format"] == "pcm16"
        assert flat["turn_detection"]["type"] == "server_vad"
        assert flat["max_response_output_tokens"] == "inf" and isinstance(flat["voice"], str) and "audio" not in flat
        await session.send(
            "session.update",
            session={
                "instructions": "Be a pirate.",
                "voice": "ash",
                "modalities": ["text"],
                "input_audio_format": "g711_ulaw",
                "output_audio_format": "g711_alaw",
                "input_audio_transcription": {"model": "whisper-1"},
                "turn_detection": {"type": "server_vad", "threshold": 0.6},
                "max_response_output_tokens": 200,
                "tools": [TOOL],
            },
        )
        flat = (await session.wait("session.updated"))["session"]
        assert flat["instructions"] == "Be a pirate." and flat["voice"] == "ash" and flat["modalities"] == ["text"]
        assert flat["input_audio_format"] == "g711_ulaw" and flat["output_audio_format"] == "g711_alaw"
        assert flat["input_audio_transcription"]["model"] == "whisper-1" and flat["turn_detection"]["threshold"] == 0.6
        assert flat["max_response_output_tokens"] == 200 and flat["tools"] == [TOOL]
        await session.send("session.update", session={"turn_detection": None})
        assert (await session.wait("session.updated"))["session"]["turn_detection"] is None


@check("RT-209")
async def beta_responses(lab: Lab) -> None:
    """Beta event names and contents for text, audio and calls."""
    async with lab.socket(headers=BETA, beta=True) as session:
        item = await _text(session, "hello")
        assert item["content"][0]["text"] == "hello"
        turn = await session.respond(modalities=["text"])
        assert {"response.text.delta", "response.text.done"} <= set(turn.names), turn.names
        assert turn.items[0]["content"] == [{"type": "text", "text": "Hello from the script."}]
        await _text(session, "hello")
        turn = await session.respond()
        assert {
            "response.audio.delta",
            "response.audio.done",
            "response.audio_transcript.delta",
            "response.audio_transcript.done",
        } <= set(turn.names)
        assert turn.items[0]["content"] == [{"type": "audio", "transcript": "Hello from the script."}]
        assert not [
            name
            for name in turn.names
            if "output_audio." in name
            or "output_text" in name
            or name.endswith("item.added")
            and name.startswith("conversation")
        ]
        await session.send("session.update", session={"tools": [TOOL]})
        await session.wait("session.updated")
        await _text(session, "weather")
        assert (await session.respond()).calls[0]["name"] == "get_weather"


@check("RT-209")
async def beta_turn(lab: Lab) -> None:
    """A spoken turn in the beta's names."""
    async with lab.socket(headers=BETA, beta=True) as session:
        await session.speak()
        events = await session.through("conversation.item.created")
        names = [event["type"] for event in events if event["type"] != "conversation.created"]
        assert names == [
            "input_audio_buffer.speech_started",
            "input_audio_buffer.speech_stopped",
            "input_audio_buffer.committed",
            "conversation.item.created",
        ], names
        assert (await session.turn()).text == "You spoke of a young man who was not ill disposed at all."


@check("RT-124")
async def beta_transcription(lab: Lab) -> None:
    """transcription_session.update in the beta's transcription session."""
    async with lab.socket("intent=transcription", headers=BETA, beta=True, wait=False) as session:
        first = await session.event()
        assert first["type"] in ("session.created", "transcription_session.created"), first["type"]
        await session.send(
            "transcription_session.update",
            session={
                "input_audio_format": "pcm16",
                "input_audio_transcription": {"model": "whisper-1"},
                "turn_detection": {"type": "server_vad", "silence_duration_ms": 300},
            },
        )
        updated = (await session.wait("transcription_session.updated"))["session"]
        assert updated["input_audio_transcription"]["model"] == "whisper-1"
        await session.speak()
        done = await session.wait("conversation.item.input_audio_transcription.completed", seconds=15)
        assert done["transcript"] == "he was not an ill disposed young man"
