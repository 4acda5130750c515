"""Turn detection and transcription of input."""

import asyncio
import json
import tempfile

import numpy as np
from conformance.lab import SCRIPT, Lab
from conformance.registry import BOTH, check
from conformance.session import Session

from .items import manual

TRANSCRIPT = "he was not an ill disposed young man"
ANSWER = "You spoke of a young man who was not ill disposed at all."
SOFT = (290 * np.sin(np.arange(24_000) * 2 * np.pi * 300 / 24_000)).astype(np.int16)
TURN = [
    "input_audio_buffer.speech_started",
    "input_audio_buffer.speech_stopped",
    "input_audio_buffer.committed",
    "conversation.item.added",
    "conversation.item.done",
]


async def detecting(session: Session, **fields: object) -> None:
    """server_vad with these fields; silence of 500 ms ends a turn."""
    detection = {"type": "server_vad", "silence_duration_ms": 500} | fields
    await session.update(audio={"input": {"turn_detection": detection}})


async def listening(session: Session) -> list[dict]:
    """Says the sentence beside reading; the events up to the turn's end."""
    speaking = asyncio.ensure_future(session.speak())
    events = await session.through("conversation.item.done", seconds=20)
    await speaking
    return events


@check("RT-153", "RT-154", "RT-128", over=BOTH)
async def spoken_turn(lab: Lab) -> None:
    """Started, stopped, committed, added, done with one item id, then a response by itself."""
    async with lab.session() as session:
        await detecting(session)
        await session.hear(0.5, "silence")
        events = await listening(session)
        names = [event["type"] for event in events]
        assert names == TURN, names
        started, stopped = events[0], events[1]
        identity = started["item_id"]
        assert stopped["item_id"] == identity == events[2]["item_id"] == events[3]["item"]["id"]
        assert events[4]["item"]["content"] == [{"type": "input_audio", "transcript": None}]
        # 0.5 s of silence before, prefix padding within; the speech is 2.9 s long with soft edges.
        assert 0 <= started["audio_start_ms"] <= 1500, started
        assert 2200 <= stopped["audio_end_ms"] - started["audio_start_ms"] <= 4800, (started, stopped)
        turn = await session.turn()
        assert turn.text == ANSWER and turn.response["status"] == "completed"


@check("RT-155")
async def prefix_padding(lab: Lab) -> None:
    """prefix_padding_ms of audio before the speech is in the item, and in audio_start_ms."""
    lengths, starts = {}, {}
    for padding in (0, 600):
        async with lab.socket() as session:
            await detecting(session, prefix_padding_ms=padding, create_response=False)
            await session.hear(1.0, "silence")
            await session.speak()
            started = await session.wait("input_audio_buffer.speech_started")
            stopped = await session.wait("input_audio_buffer.speech_stopped")
            starts[padding] = started["audio_start_ms"]
            lengths[padding] = stopped["audio_end_ms"] - started["audio_start_ms"]
            item = await session.wait("conversation.item.done")
            part = (await session.retrieve(item["item"]["id"]))["content"][0]
            assert abs(len(part["audio"]) * 3 / 4 / 48 - lengths[padding]) < 60, (len(part["audio"]), lengths)
    assert abs(starts[0] - starts[600] - 600) <= 40 and abs(lengths[600] - lengths[0] - 600) <= 40, (starts, lengths)


@check("RT-156")
async def silence_duration(lab: Lab) -> None:
    """silence_duration_ms decides when the turn ends, threshold what is heard; ranges are checked."""
    ends = {}
    for silence in (200, 900):
        async with lab.socket() as session:
            await detecting(session, silence_duration_ms=silence, create_response=False)
            await session.speak(1.5)
            await session.wait("input_audio_buffer.speech_started")
            last = None
            for event in await session.quiet(1.0):
                last = event["audio_end_ms"] if event["type"] == "input_audio_buffer.speech_stopped" else last
            ends[silence] = last
    assert 600 <= ends[900] - ends[200] <= 800, ends
    async with lab.socket() as session:
        # A tone so soft that the scripted engine is half sure.
        await detecting(session, threshold=0.9)
        await session.append(SOFT)
        assert await session.settled() == [], "heard at a threshold of 0.9"
        await detecting(session, threshold=0.2)
        await session.append(SOFT)
        await session.wait("input_audio_buffer.speech_started")
        for name, value in (
            ("threshold", 1.1),
            ("silence_duration_ms", -1),
            ("prefix_padding_ms", -5),
            ("idle_timeout_ms", 4999),
            ("idle_timeout_ms", 30_001),
        ):
            bad = {"type": "server_vad", name: value}
            await session.send(
                "session.update", session={"type": "realtime", "audio": {"input": {"turn_detection": bad}}}
            )
            error = (await session.wait("error"))["error"]
            assert error["param"] == f"session.audio.input.turn_detection.{name}", error


@check("RT-157", over=BOTH)
async def no_response(lab: Lab) -> None:
    """create_response false: the turn is committed and nothing else happens."""
    async with lab.session() as session:
        await detecting(session, create_response=False)
        await listening(session)
        assert not [event for event in await session.quiet(0.8) if event["type"].startswith("response.")]
        assert (await session.respond()).text == ANSWER


@check("RT-158", "RT-144", over=BOTH)
async def interruption(lab: Lab) -> None:
    """Speech cancels the running response: speech_started first, the close-out, cancelled/turn_detected."""
    async with lab.session() as session:
        await detecting(session)
        await session.add("story")
        await session.send("response.create")
        speaks = "output_audio_buffer.started" if session.kind == "webrtc" else "response.output_audio_transcript.delta"
        await session.wait(speaks)
        speaking = asyncio.ensure_future(session.speak())
        started = await session.wait("input_audio_buffer.speech_started")
        done = await session.wait("response.done", seconds=10)
        assert done["response"]["status"] == "cancelled", done["response"]["status"]
        assert done["response"]["status_details"] == {"type": "cancelled", "reason": "turn_detected"}
        assert done["response"]["output"][0]["status"] == "incomplete"
        committed = await session.wait("input_audio_buffer.committed", seconds=15)
        assert committed["item_id"] == started["item_id"]
        await speaking
        assert (await session.turn()).text == ANSWER


@check("RT-159", over=BOTH)
async def no_interruption(lab: Lab) -> None:
    """interrupt_response false: the response goes on to its end."""
    async with lab.session() as session:
        await detecting(session, interrupt_response=False, create_response=False)
        await session.add("story")
        await session.send("response.create")
        created = await session.wait("response.created")
        await session.wait("response.output_audio_transcript.delta")
        speaking = asyncio.ensure_future(session.speak())
        turn = await session.rest(created, 30)
        await speaking
        assert turn.response["status"] == "completed" and turn.text.endswith("came in."), turn.response["status"]
        if not turn.of("input_audio_buffer.speech_started"):
            await session.wait("input_audio_buffer.speech_started")


@check("RT-160", limit=60)
async def idle_timeout(lab: Lab) -> None:
    """timeout_triggered, committed, a response; once for a quiet period."""
    async with lab.socket() as session:
        await detecting(session, idle_timeout_ms=5000)
        await session.ask("hello")
        for _ in range(70):
            await session.hear(0.1, "silence")
            # Silence in real time.
            await asyncio.sleep(0.1)
            if not session.arrivals.empty():
                break
        triggered = await session.wait("input_audio_buffer.timeout_triggered")
        assert triggered["audio_end_ms"] >= triggered["audio_start_ms"]
        committed = await session.wait("input_audio_buffer.committed")
        assert committed["item_id"] == triggered["item_id"]
        await session.turn()
        for _ in range(65):
            await session.hear(0.1, "silence")
            # Silence in real time, for longer than the timeout.
            await asyncio.sleep(0.1)
        assert not [
            event for event in await session.settled() if event["type"] == "input_audio_buffer.timeout_triggered"
        ], "twice"


@check("RT-161", over=BOTH, limit=90)
async def semantic(lab: Lab) -> None:
    """semantic_vad with every eagerness is echoed and ends a turn within its maximum."""
    for eagerness, limit in (
        (("high", 2), ("auto", 4), ("medium", 4), ("low", 8)) if lab.transport == "websocket" else (("high", 2),)
    ):
        async with lab.session() as session:
            echoed = await session.update(
                audio={"input": {"turn_detection": {"type": "semantic_vad", "eagerness": eagerness}}}
            )
            assert echoed["audio"]["input"]["turn_detection"] == {
                "type": "semantic_vad",
                "eagerness": eagerness,
                "create_response": True,
                "interrupt_response": True,
            }
            speaking = asyncio.ensure_future(session.speak(limit + 1.0))
            started = await session.wait("input_audio_buffer.speech_started", seconds=15)
            stopped = await session.wait("input_audio_buffer.speech_stopped", seconds=20)
            assert stopped["audio_end_ms"] - started["audio_start_ms"] <= 2900 + 300 + limit * 1000 + 200
            assert (await session.turn()).text == ANSWER
            await speaking
    async with lab.session() as session:
        await session.refused(
            "invalid_value",
            "audio.input.turn_detection.eagerness",
            audio={"input": {"turn_detection": {"type": "semantic_vad", "eagerness": "furious"}}},
        )


@check("RT-163", over=BOTH)
async def change_in_speech(lab: Lab) -> None:
    """A change of the detection's fields, or of anything else, in the middle of speech keeps the turn."""
    async with lab.session() as session:
        await detecting(session, silence_duration_ms=900)
        speaking = asyncio.ensure_future(session.speak(1.6))
        started = await session.wait("input_audio_buffer.speech_started")
        await session.send("session.update", session={"type": "realtime", "instructions": "New."})
        await session.send(
            "session.update",
            session={
                "type": "realtime",
                "audio": {"input": {"turn_detection": {"type": "server_vad", "silence_duration_ms": 300}}},
            },
        )
        committed = await session.wait("input_audio_buffer.committed", seconds=15)
        assert committed["item_id"] == started["item_id"]
        await speaking
        await session.wait("response.done")


@check("RT-164", over=BOTH)
async def transcription(lab: Lab) -> None:
    """Deltas and one completed with usage; the deltas add up."""
    async with lab.session() as session:
        await session.update(audio={"input": {"transcription": {"model": "gpt-4o-mini-transcribe"}}})
        await detecting(session)
        events = await listening(session)
        identity = events[-1]["item"]["id"]
        name = "conversation.item.input_audio_transcription.completed"
        while not [event for event in session.watch.events if event["type"] == name]:
            await session.event()
        completed = [event for event in session.watch.events if event["type"] == name][0]
        deltas = [
            event["delta"] for event in session.watch.events if event["type"] == name.replace("completed", "delta")
        ]
        assert completed["item_id"] == identity and completed["transcript"] == TRANSCRIPT
        assert "".join(deltas) == TRANSCRIPT, deltas
        assert completed["usage"]["type"] in ("tokens", "duration")
        assert (await session.retrieve(identity))["content"][0]["transcript"] == TRANSCRIPT


@check("RT-165")
async def transcription_fails(lab: Lab) -> None:
    """A recogniser that fails: transcription.failed with its error, and the turn goes on to a response."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        deaf = json.loads(SCRIPT.read_text()) | {"hears": [{"fail": {"code": "deaf", "message": "Nothing was heard."}}]}
        json.dump(deaf, file)
        file.flush()
        async with lab.servers.running(engine={"script": file.name}) as server, lab.socket(base=server.url) as session:
            await session.update(audio={"input": {"transcription": {"model": "whisper-1"}}})
            await detecting(session)
            await session.speak()
            failed = await session.wait("conversation.item.input_audio_transcription.failed", seconds=15)
            assert failed["error"]["message"] and failed["error"].get("code") == "deaf", failed
            states = session.watch.responses
            while not states or next(iter(states.values())).done is None:
                await session.event()
            assert next(iter(states.values())).done["status"] == "completed"


@check("RT-166", over=BOTH)
async def no_transcription(lab: Lab) -> None:
    """transcription null: no transcription events."""
    async with lab.session() as session:
        await detecting(session)
        await listening(session)
        await session.turn()
        assert not [event for event in session.watch.events if "transcription" in event["type"]]


@check("RT-167")
async def transcription_fields(lab: Lab) -> None:
    """model, language, prompt, keywords, languages and delay are accepted and echoed."""
    wanted = {
        "model": "gpt-live-transcribe",
        "language": "en",
        "prompt": "Names.",
        "keywords": ["Parley"],
        "languages": ["en", "de"],
        "delay": "low",
    }
    async with lab.socket() as session:
        await manual(session)
        for name, value in wanted.items():
            echoed = (
                await session.update(audio={"input": {"transcription": {"model": "gpt-transcribe", name: value}}})
            )["audio"]["input"]["transcription"]
            assert echoed[name] == value, echoed


@check("RT-171")
async def g711(lab: Lab) -> None:
    """G.711 input, both laws, is detected and answered."""
    for format in ("audio/pcmu", "audio/pcma"):
        async with lab.socket() as session:
            await session.update(audio={"input": {"format": {"type": format}}})
            session.format = format
            await detecting(session)
            await session.speak()
            events = await session.through("input_audio_buffer.committed")
            started, stopped = [event for event in events if "speech_" in event["type"]]
            assert 2200 <= stopped["audio_end_ms"] - started["audio_start_ms"] <= 4800, (started, stopped)
            assert (await session.turn()).text == ANSWER


@check("RT-153")
async def manual_commit_in_speech(lab: Lab) -> None:
    """A commit by hand during speech: no speech_stopped for it."""
    async with lab.socket() as session:
        await detecting(session)
        await session.hear(1.5)
        started = await session.wait("input_audio_buffer.speech_started")
        await session.send("input_audio_buffer.commit")
        events = await session.through("input_audio_buffer.committed")
        assert events[-1]["item_id"] == started["item_id"]
        assert not [event for event in events if event["type"] == "input_audio_buffer.speech_stopped"]
