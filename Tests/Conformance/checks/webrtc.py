"""Calls: media, the data channel, and a sideband beside it."""

import asyncio
import re
import time

from conformance.call import Call
from conformance.http import request
from conformance.lab import KEY, Lab
from conformance.registry import HTTP, WEBRTC, check
from conformance.session import Closed

from .items import manual
from .responses import begun
from .session import TOOL
from .voice import ANSWER, detecting


@check("RT-192", "RT-205", "RT-136", over=WEBRTC)
async def sound_both_ways(lab: Lab) -> None:
    """Opus there and back on host candidates alone: speech is heard, the answer sounds as long as it should."""
    async with lab.call() as call:
        assert "opus/48000/2" in call.reply.body.decode().lower()
        await detecting(call)
        await call.speak()
        turn = await call.turn()
        assert turn.text == ANSWER
        await call.wait("output_audio_buffer.stopped", seconds=20)
        # The last frames are in the receiver's jitter buffer still, which nobody can ask.
        await asyncio.sleep(0.3)
        words = len(ANSWER.split())
        assert 0.6 * words * 0.1 < call.loud_seconds() < 1.6 * words * 0.1, call.loud_seconds()


@check("RT-192", over=WEBRTC)
async def g711_fallback(lab: Lab) -> None:
    """A peer without Opus gets PCMU or PCMA, and is heard."""

    def without_opus(sdp: str) -> str:
        lines = sdp.split("\r\n")
        payload = [line.split(":")[1].split()[0] for line in lines if "opus/48000/2" in line]
        kept = [
            line
            for line in lines
            if not any(line.startswith((f"a=rtpmap:{p} ", f"a=fmtp:{p} ", f"a=rtcp-fb:{p} ")) for p in payload)
        ]
        for index, line in enumerate(kept):
            if line.startswith("m=audio"):
                fields = line.split()
                kept[index] = " ".join(fields[:3] + [field for field in fields[3:] if field not in payload])
        return "\r\n".join(kept)

    async with lab.call(edit=without_opus) as call:
        answer = call.reply.body.decode()
        assert "PCMU/8000" in answer or "PCMA/8000" in answer, answer
        await detecting(call)
        await call.speak()
        assert (await call.turn()).text == ANSWER
        await call.wait("output_audio_buffer.stopped", seconds=20)
        assert call.loud_seconds() > 0.3


@check("RT-193", "RT-194", over=WEBRTC)
async def any_label(lab: Lab) -> None:
    """The first channel counts, whatever its label; updates are answered well within 5 s."""
    async with lab.call(channel="something-else") as call:
        start = time.monotonic()
        await call.update(instructions="Quick.")
        assert time.monotonic() - start < 5


@check("RT-195", "RT-196", "RT-199", over=WEBRTC)
async def buffer_events(lab: Lab) -> None:
    """started, then stopped after response.done when the sound has really ended; no audio deltas."""
    async with lab.call() as call:
        await call.add("ill disposed")
        start = time.monotonic()
        turn = await call.respond()
        stopped = await call.wait("output_audio_buffer.stopped", seconds=15)
        end = time.monotonic()
        started = [event for event in call.watch.events if event["type"] == "output_audio_buffer.started"]
        assert len(started) == 1 and started[0]["response_id"] == stopped["response_id"] == turn.response["id"]
        names = [event["type"] for event in call.watch.events]
        assert names.index("output_audio_buffer.started") > names.index("response.content_part.added")
        assert "response.output_audio.delta" not in names and "response.output_audio.done" in names
        assert end - start >= len(ANSWER.split()) * 0.1 - 0.15, f"stopped after {end - start:.2f} s"
        await asyncio.sleep(0.4)
        assert call.level(end + 0.3) < 60, "sound after stopped"


@check("RT-197", "RT-158", "RT-195", over=WEBRTC)
async def interrupted(lab: Lab) -> None:
    """Speech over speech: silence at once, cleared, the item truncated by the server to what was played."""
    async with lab.call() as call:
        await detecting(call)
        await begun(call)
        await call.wait("output_audio_buffer.started") if "output_audio_buffer.started" not in [
            e["type"] for e in call.watch.events
        ] else None
        began = time.monotonic()
        await asyncio.sleep(1.2)
        speaking = asyncio.ensure_future(call.speak())
        await call.wait("input_audio_buffer.speech_started")
        silent_from = time.monotonic()
        events = await call.through("conversation.item.truncated", seconds=5)
        truncated = events[-1]
        played = (silent_from - began) * 1000
        assert abs(truncated["audio_end_ms"] - played) < 500, (truncated, played)
        while not {"output_audio_buffer.cleared", "response.done"} <= {event["type"] for event in call.watch.events}:
            await call.event()
        await asyncio.sleep(0.5)
        assert call.level(silent_from + 0.3, silent_from + 0.5) < 60, "it went on speaking"
        item = await call.retrieve(truncated["item_id"])
        words = item["content"][0]["transcript"].split()
        assert abs(len(words) - truncated["audio_end_ms"] / 100) <= 2, (len(words), truncated)
        await speaking


@check("RT-197", over=WEBRTC)
async def transcript_leads_little(lab: Lab) -> None:
    """The transcript leads what is heard by at most a clause: no story told in a second."""
    async with lab.call() as call:
        await begun(call)
        start = time.monotonic()
        await asyncio.sleep(1.5)
        await call.settled()
        words = sum(
            len(event["delta"].split())
            for event in call.watch.events
            if event["type"].endswith("audio_transcript.delta")
        )
        assert words < 129, f"all {words} words after {time.monotonic() - start:.1f} s"
        await call.send("response.cancel")
        await call.wait("response.done")


@check("RT-121", "RT-195", over=WEBRTC)
async def clear_output(lab: Lab) -> None:
    """output_audio_buffer.clear: cleared, silence, the item cut to what was played."""
    async with lab.call() as call:
        await manual(call)
        await begun(call)
        while "output_audio_buffer.started" not in [event["type"] for event in call.watch.events]:
            await call.event()
        await asyncio.sleep(1.0)
        await call.send("response.cancel")
        await call.send("output_audio_buffer.clear")
        await call.wait("output_audio_buffer.cleared")
        at = time.monotonic()
        item = next(iter(call.watch.responses.values())).items[0].id
        while "conversation.item.truncated" not in [event["type"] for event in call.watch.events]:
            await call.event()
        await asyncio.sleep(0.7)
        assert call.level(at + 0.3) < 60
        words = (await call.retrieve(item))["content"][0]["transcript"].split()
        assert 4 <= len(words) <= 20, words


@check("RT-198", over=WEBRTC)
async def push_to_talk(lab: Lab) -> None:
    """Key down: clear, cancel, clear; key up: commit, create. Only what was said in between is committed."""
    async with lab.call() as call:
        await manual(call)
        await call.hear(1.0)
        await begun(call)
        await call.send("input_audio_buffer.clear")
        await call.send("response.cancel")
        await call.send("output_audio_buffer.clear")
        for name in ("input_audio_buffer.cleared", "response.done", "output_audio_buffer.cleared"):
            while name not in [event["type"] for event in call.watch.events]:
                await call.event()
        await call.hear(1.0)
        await call.send("input_audio_buffer.commit")
        item = (await call.wait("conversation.item.done"))["item"]
        part = (await call.retrieve(item["id"]))["content"][0]
        seconds = len(part["audio"]) * 3 / 4 / 48_000
        assert 0.6 < seconds < 1.7, f"{seconds:.2f} s were committed"
        assert (await call.respond()).text == ANSWER


@check("RT-200", over=WEBRTC)
async def message_size(lab: Lab) -> None:
    """No message is longer than the peer takes: a retrieved item goes without its audio then, anything else becomes an
    error."""

    async def said(call: Call) -> dict:
        await manual(call)
        await call.hear(2.0)
        await call.send("input_audio_buffer.commit")
        item = (await call.wait("conversation.item.done"))["item"]
        return (await call.retrieve(item["id"]))["content"][0]

    async with lab.call() as call:
        assert call.max_message_size == 262_144 and len((await said(call))["audio"]) > 100_000
    async with lab.call(edit=lambda sdp: sdp.replace("max-message-size:262144", "max-message-size:65536")) as call:
        assert call.max_message_size == 65_536 and "audio" not in await said(call)
        await call.update(instructions="word " * 11_000)
        sent = await call.send("session.update", session={"type": "realtime", "instructions": "word " * 20_000})
        error = (await call.wait("error"))["error"]
        assert "session.updated" in error["message"] and re.search(r"\d{6}", error["message"]), error
        assert error["event_id"] in (sent, None), error
        await call.ask("hello")


@check("RT-035", "RT-201", over=WEBRTC)
async def sideband(lab: Lab) -> None:
    """A sideband sees session.created and every event of the call, and may update, answer tools and cancel."""
    async with lab.call() as call, lab.sideband(call) as side:
        assert side.id == call.id and side.session["type"] == "realtime"
        await side.update(tools=[TOOL], instructions="From the side.")
        assert (await call.wait("session.updated"))["session"]["instructions"] == "From the side."
        await call.add("weather")
        await call.send("response.create")
        done = await side.wait("response.output_item.done")
        await side.wait("response.done")
        assert done["item"]["name"] == "get_weather"
        await side.add_item({"type": "function_call_output", "call_id": done["item"]["call_id"], "output": "sunny"})
        assert (await side.respond()).text == "It is sunny in Paris."
        await call.wait("response.done")
        await call.wait("response.done")
        await begun(call)
        created = await side.wait("response.created")
        await side.send("response.cancel")
        assert (await side.rest(created)).response["status"] == "cancelled"
        await call.wait("response.done")
        await call.settled()
        await side.settled()
        theirs, ours = (
            [event["type"] for event in one.watch.events if event["type"] not in ("error", "conversation.created")]
            for one in (call, side)
        )
        assert sorted(theirs) == sorted(ours), set(theirs) ^ set(ours)


@check("RT-201", "RT-123", over=WEBRTC)
async def sideband_errors(lab: Lab) -> None:
    """An error goes to the connection that caused it, with its event_id; a call that is not there is an error, then the
    close."""
    async with lab.call() as call:
        async with lab.sideband(call) as side:
            sent = await side.send("conversation.item.delete", item_id="nothing")
            await side.error("item_delete_invalid_item_id", sent)
    async with lab.socket("call_id=rtc_unknown", wait=False) as session:
        events, _ = await session.closed()
        assert [event["type"] for event in events] == ["error"], events


@check("RT-202", "RT-020", over=WEBRTC)
async def endings(lab: Lab) -> None:
    """Closing the sideband leaves the call; hang-up ends both."""
    async with lab.call() as call:
        async with lab.sideband(call) as side:
            await side.settled()
        assert (await call.ask("hello")).response["status"] == "completed"
        async with lab.sideband(call, late=True) as side:
            reply = await lab.request(f"{call.location}/hangup", "POST", b"")
            assert reply.status == 200
            await side.closed()
            await call.closed()


@check("RT-203", over=WEBRTC)
async def goodbyes(lab: Lab) -> None:
    """A call ends with its peer: the sideband closes and the server forgets the call."""
    call = lab.call()
    await call.__aenter__()
    async with lab.sideband(call) as side:
        await call.connection.close()
        await side.closed(20)
    reply = await lab.request(f"{call.location}/hangup", "POST", b"")
    assert reply.status == 404, reply.status


@check("RT-203", "RT-049", over=WEBRTC, limit=40)
async def expiry(lab: Lab) -> None:
    """A configured limit ends a call as well: session_expired, then the end of the call."""
    async with lab.servers.running(session={"max-duration-seconds": 2}) as server, lab.call(base=server.url) as call:
        events, _ = await call.closed(20)
        assert [event["error"]["code"] for event in events if event["type"] == "error"] == ["session_expired"], events


@check("RT-203", over=WEBRTC, limit=80)
async def consent_lost(lab: Lab) -> None:
    """A peer that falls silent without a word is given up within the consent timeout."""
    call = lab.call()
    await call.__aenter__()
    async with lab.sideband(call) as side:
        transport = call.connection.sctp.transport.transport
        # Nothing leaves any more, no consent check is answered: the machine is gone as far as the server can see.
        for protocol in transport._connection._protocols:
            protocol.transport.abort()
        await side.closed(60)
    try:
        await asyncio.wait_for(call.connection.close(), 5)
    except (TimeoutError, Closed, Exception):
        pass


@check("RT-206", over=HTTP)
async def tcp_candidates(lab: Lab) -> None:
    """The answer holds passive TCP candidates beside UDP."""
    async with lab.call() as call:
        candidates = [line for line in call.reply.body.decode().splitlines() if line.startswith("a=candidate:")]
        assert any(" UDP " in line.upper() for line in candidates), candidates
        assert any(" TCP " in line.upper() and "tcptype passive" in line for line in candidates), candidates


@check("RT-191", over=WEBRTC)
async def answer(lab: Lab) -> None:
    """The answer is complete: candidates, role, bundle, rtcp-mux, an msid, the data channel."""
    async with lab.call() as call:
        text = call.reply.body.decode()
        for part in (
            "a=group:BUNDLE",
            "a=rtcp-mux",
            "a=candidate:",
            "a=fingerprint:sha-256",
            "webrtc-datachannel",
            "a=msid:",
        ):
            assert part in text, f"no {part} in\n{text}"
        assert "a=setup:active" in text or "a=setup:passive" in text


@check("RT-034", "RT-001", over=WEBRTC)
async def keyed_call(lab: Lab) -> None:
    """A call on a server with keys, over TLS; without the key it is refused."""
    keyed = lab.servers.keyed()
    async with lab.call(base=keyed.secure_url, key=KEY, ca=lab.ca) as call:
        assert (await call.ask("hello")).text == "Hello from the script."
    reply = await request(f"{keyed.url}/v1/realtime/calls", "POST", "v=0", None, {"Content-Type": "application/sdp"})
    assert reply.status == 401
