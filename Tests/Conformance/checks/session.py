"""The session object and its updates."""

from conformance.lab import Lab
from conformance.registry import BOTH, check

TOOL = {
    "type": "function",
    "name": "get_weather",
    "description": "Weather.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
SERVER_VAD = {
    "type": "server_vad",
    "threshold": 0.5,
    "prefix_padding_ms": 300,
    "create_response": True,
    "interrupt_response": True,
    "idle_timeout_ms": None,
}


@check("RT-053", "RT-054", "RT-068", over=BOTH)
async def effective_session(lab: Lab) -> None:
    """session.created is the whole effective session with the documented defaults."""
    async with lab.session() as opened:
        session = opened.session
        assert session["id"].startswith("sess_") and session["object"] == "realtime.session"
        assert session["type"] == "realtime" and session["model"] == "gpt-realtime" and session["expires_at"] > 0
        assert session["output_modalities"] == ["audio"] and session["tools"] == [] and session["tool_choice"] == "auto"
        assert session["max_output_tokens"] == "inf" and session["truncation"] == "auto"
        assert session["tracing"] is None and session["prompt"] is None and session["include"] is None
        detection = dict(session["audio"]["input"]["turn_detection"])
        assert detection.pop("silence_duration_ms") in (200, 500)
        assert detection == SERVER_VAD, detection
        assert session["audio"]["input"]["format"] == {"type": "audio/pcm", "rate": 24000}
        assert (
            session["audio"]["input"]["noise_reduction"] is None and session["audio"]["input"]["transcription"] is None
        )
        assert session["audio"]["output"]["format"] == {"type": "audio/pcm", "rate": 24000}
        assert isinstance(session["audio"]["output"]["voice"], str) and session["audio"]["output"]["speed"] == 1
        assert isinstance(session["instructions"], str)


@check("RT-055", over=BOTH)
async def merge(lab: Lab) -> None:
    """Nested keys merge; absent keys stay."""
    async with lab.session() as session:
        await session.update(
            instructions="One.", audio={"input": {"turn_detection": {"type": "server_vad", "threshold": 0.7}}}
        )
        merged = await session.update(
            audio={"input": {"turn_detection": {"type": "server_vad", "silence_duration_ms": 400}}}
        )
        detection = merged["audio"]["input"]["turn_detection"]
        assert detection["threshold"] == 0.7 and detection["silence_duration_ms"] == 400
        assert detection["prefix_padding_ms"] == 300 and merged["instructions"] == "One."
        merged = await session.update(audio={"output": {"speed": 1.2}})
        assert (
            merged["audio"]["output"]["speed"] == 1.2
            and merged["audio"]["output"]["voice"] == session.session["audio"]["output"]["voice"]
        )


@check("RT-056")
async def nulls_clear(lab: Lab) -> None:
    """Null clears turn_detection, transcription, noise_reduction, prompt, tracing, include."""
    async with lab.socket() as session:
        await session.update(
            include=["item.input_audio_transcription.logprobs"],
            audio={"input": {"transcription": {"model": "whisper-1"}, "noise_reduction": {"type": "near_field"}}},
        )
        cleared = await session.update(
            include=None,
            prompt=None,
            tracing=None,
            audio={"input": {"transcription": None, "noise_reduction": None, "turn_detection": None}},
        )
        assert all(cleared[name] is None for name in ("include", "prompt", "tracing"))
        assert all(
            cleared["audio"]["input"][name] is None for name in ("transcription", "noise_reduction", "turn_detection")
        )
        back = await session.update(audio={"input": {"turn_detection": {"type": "server_vad"}}})
        assert back["audio"]["input"]["turn_detection"]["threshold"] == 0.5


@check("RT-057", "RT-058", "RT-123", over=BOTH)
async def atomic(lab: Lab) -> None:
    """One bad field: one error with its dotted path, and nothing has changed."""
    async with lab.session() as session:
        before = await session.update(instructions="Kept.")
        bad = {"audio": {"input": {"turn_detection": {"type": "server_vad", "threshold": 1.5}}}}
        await session.refused("invalid_value", "audio.input.turn_detection.threshold", instructions="Lost.", **bad)
        assert await session.settled() == []
        after = await session.update()
        assert after == before, "an update that failed changed something"


@check("RT-058", "RT-156")
async def paths_of_errors(lab: Lab) -> None:
    """The error names the field by its dotted path."""
    wrong = {
        "output_modalities": 7,
        "instructions": 7,
        "tools": {},
        "tool_choice": 7,
        "max_output_tokens": "many",
        "truncation": "sometimes",
        "include": ["everything"],
        "audio.input.format.type": "audio/mp3",
        "audio.input.turn_detection.type": "psychic",
        "audio.input.turn_detection.prefix_padding_ms": -1,
        "audio.input.turn_detection.silence_duration_ms": "long",
        "audio.input.turn_detection.threshold": -0.1,
        "audio.input.turn_detection.create_response": "yes",
        "audio.input.turn_detection.idle_timeout_ms": 100,
        "audio.input.noise_reduction.type": "loud",
        "audio.input.transcription.model": 7,
        "audio.output.speed": 9,
        "audio.output.format.type": "audio/ogg",
        "audio.output.voice": 7,
    }
    async with lab.socket() as session:
        for path, value in wrong.items():
            update = value
            for name in reversed(path.split(".")):
                update = {name: update}
            if path.startswith("audio.input.turn_detection.") and not path.endswith(".type"):
                update["audio"]["input"]["turn_detection"]["type"] = "server_vad"
            sent = await session.send("session.update", session={"type": "realtime"} | update)
            error = (await session.wait("error"))["error"]
            assert error["event_id"] == sent and error["type"] == "invalid_request_error", error
            # A list's element may be named as well.
            assert (error["param"] or "").split("[")[0] == f"session.{path}", f"{error['param']} for {path}"


@check("RT-059")
async def model_ignored(lab: Lab) -> None:
    """model in an update is ignored."""
    async with lab.socket() as session:
        assert (await session.update(model="gpt-realtime-2.1"))["model"] == "gpt-realtime"


@check("RT-060")
async def tracing(lab: Lab) -> None:
    """tracing is accepted and echoed."""
    async with lab.socket() as session:
        assert (await session.update(tracing="auto"))["tracing"] == "auto"
    async with lab.socket() as session:
        wanted = {"workflow_name": "flow", "group_id": "g", "metadata": {"a": "b"}}
        assert (await session.update(tracing=wanted))["tracing"] == wanted


@check("RT-061")
async def modalities(lab: Lab) -> None:
    """Audio or text, never both."""
    async with lab.socket() as session:
        for one in (["text"], ["audio"]):
            assert (await session.update(output_modalities=one))["output_modalities"] == one
        for other in (["audio", "text"], ["text", "audio"], ["video"], [], "text"):
            await session.send("session.update", session={"type": "realtime", "output_modalities": other})
            error = (await session.wait("error"))["error"]
            assert error["param"].startswith("session.output_modalities"), error


@check("RT-062")
async def output_tokens(lab: Lab) -> None:
    """1 to 4096, or inf."""
    async with lab.socket() as session:
        for value in (1, 4096, "inf", 500):
            assert (await session.update(max_output_tokens=value))["max_output_tokens"] == value
        for value in (0, 4097, -1, "500", 1.5, True):
            await session.send("session.update", session={"type": "realtime", "max_output_tokens": value})
            assert (await session.wait("error"))["error"]["param"] == "session.max_output_tokens", value


@check("RT-063", over=BOTH)
async def instructions(lab: Lab) -> None:
    """Echoed, applied to the next response, cleared by the empty text."""
    async with lab.session() as session:
        assert (await session.update(instructions="Talk like a pirate."))["instructions"] == "Talk like a pirate."
        assert (await session.ask("hello")).text == "Arr, the sea is calling."
        assert (await session.update(instructions=""))["instructions"] == ""
        assert (await session.ask("hello")).text == "Hello from the script."


@check("RT-064", over=BOTH)
async def voice_locked(lab: Lab) -> None:
    """After audio the voice stays: cannot_update_voice; the same again is accepted; the whole update is refused."""
    async with lab.session() as session:
        assert (await session.update(audio={"output": {"voice": "cedar"}}))["audio"]["output"]["voice"] == "cedar"
        await session.ask("hello")
        assert (await session.update(audio={"output": {"voice": "cedar"}}))["audio"]["output"]["voice"] == "cedar"
        error = await session.refused("cannot_update_voice", audio={"output": {"voice": "ash"}}, instructions="Lost.")
        assert "assistant audio is present" in error["message"], error
        after = await session.update()
        assert after["audio"]["output"]["voice"] == "cedar" and after["instructions"] != "Lost."
    async with lab.session() as session:
        await session.update(output_modalities=["text"])
        await session.ask("hello")
        await session.update(audio={"output": {"voice": "ash"}})


@check("RT-065", "RT-066")
async def voices(lab: Lab) -> None:
    """Unknown voices fall back to one of ours, and the object form is taken; both are echoed."""
    for voice in ("alloy", "no-such-voice", {"id": "voice_1234"}):
        async with lab.socket() as session:
            echoed = (await session.update(audio={"output": {"voice": voice}}))["audio"]["output"]["voice"]
            # A custom voice is shown by its id: Pipecat's receive loop dies of an object here.
            assert echoed == (voice["id"] if isinstance(voice, dict) else voice), echoed
            turn = await session.ask("hello")
            assert turn.response["status"] == "completed" and session.audio()


@check("RT-067")
async def speed(lab: Lab) -> None:
    """speed stretches the output: 0.5 takes about twice as long, 1.5 two thirds; out of range is refused."""
    lengths = {}
    for value in (0.5, 1.0, 1.5):
        async with lab.socket() as session:
            await session.update(audio={"output": {"speed": value}})
            await session.ask("hello")
            lengths[value] = len(session.audio())
    assert 1.8 < lengths[0.5] / lengths[1.0] < 2.2 and 0.6 < lengths[1.5] / lengths[1.0] < 0.74, lengths
    async with lab.socket() as session:
        for value in (0.2, 1.6, "fast"):
            await session.send("session.update", session={"type": "realtime", "audio": {"output": {"speed": value}}})
            assert (await session.wait("error"))["error"]["param"] == "session.audio.output.speed"


@check("RT-068", "RT-069")
async def formats(lab: Lab) -> None:
    """Every input with every output format; pcm says rate 24000, G.711 none."""
    shown = {
        "audio/pcm": {"type": "audio/pcm", "rate": 24000},
        "audio/pcmu": {"type": "audio/pcmu"},
        "audio/pcma": {"type": "audio/pcma"},
    }
    lengths = {}
    for source in shown:
        for target in shown:
            async with lab.socket() as session:
                echoed = await session.update(
                    audio={"input": {"format": {"type": source}}, "output": {"format": {"type": target}}}
                )
                assert (
                    echoed["audio"]["input"]["format"] == shown[source]
                    and echoed["audio"]["output"]["format"] == shown[target]
                )
                turn = await session.ask("hello")
                assert turn.response["audio"]["output"]["format"] == shown[target], turn.response["audio"]
                lengths[target] = len(session.audio())
    assert (
        abs(lengths["audio/pcm"] / lengths["audio/pcmu"] - 6) < 0.1 and lengths["audio/pcmu"] == lengths["audio/pcma"]
    ), lengths
    async with lab.socket() as session:
        await session.refused(
            "invalid_value",
            "audio.input.format.rate",
            audio={"input": {"format": {"type": "audio/pcm", "rate": 16000}}},
        )


@check("RT-070", over=BOTH)
async def tools(lab: Lab) -> None:
    """Tools are echoed, cleared by the empty list; two of one name are refused."""
    async with lab.session() as session:
        assert (await session.update(tools=[TOOL]))["tools"] == [TOOL]
        await session.send("session.update", session={"type": "realtime", "tools": [TOOL, TOOL]})
        assert (await session.wait("error"))["error"]["param"].startswith("session.tools")
        assert (await session.update(tools=[]))["tools"] == []


@check("RT-071")
async def tool_choices(lab: Lab) -> None:
    """none, auto, required, a function, an MCP server."""
    async with lab.socket() as session:
        await session.update(tools=[TOOL])
        for choice in ("none", "auto", "required", {"type": "function", "name": "get_weather"}):
            assert (await session.update(tool_choice=choice))["tool_choice"] == choice
        await session.refused("invalid_value", "tool_choice", tool_choice="sometimes")
        sent = await session.send(
            "session.update", session={"type": "realtime", "tool_choice": {"type": "mcp", "server_label": "nowhere"}}
        )
        answer = await session.wait("session.updated", "error")
        assert answer["type"] == "session.updated" or answer["error"]["event_id"] == sent


@check("RT-072")
async def reasoning(lab: Lab) -> None:
    """parallel_tool_calls and reasoning.effort are accepted and echoed."""
    async with lab.socket("model=gpt-realtime-2.1") as session:
        for effort in ("minimal", "low", "medium", "high", "xhigh"):
            assert (await session.update(reasoning={"effort": effort}))["reasoning"] == {"effort": effort}
        for value in (False, True):
            assert (await session.update(parallel_tool_calls=value))["parallel_tool_calls"] is value
        await session.refused("invalid_value", "reasoning.effort", reasoning={"effort": "heroic"})


@check("RT-073")
async def noise_reduction(lab: Lab) -> None:
    """near_field, far_field, with strength; strength is kept when left out."""
    async with lab.socket() as session:
        for kind in ("near_field", "far_field"):
            echoed = (await session.update(audio={"input": {"noise_reduction": {"type": kind}}}))["audio"]["input"][
                "noise_reduction"
            ]
            assert echoed["type"] == kind
        await session.update(audio={"input": {"noise_reduction": {"type": "near_field", "strength": 0.4}}})
        kept = await session.update(audio={"input": {"noise_reduction": {"type": "far_field"}}})
        assert kept["audio"]["input"]["noise_reduction"] == {"type": "far_field", "strength": 0.4}


@check("RT-074")
async def include(lab: Lab) -> None:
    """include takes the log probabilities, and nothing else."""
    async with lab.socket() as session:
        wanted = ["item.input_audio_transcription.logprobs"]
        assert (await session.update(include=wanted))["include"] == wanted


@check("RT-075")
async def truncation(lab: Lab) -> None:
    """auto, disabled, a retention ratio with and without a limit."""
    async with lab.socket() as session:
        ratio = {"type": "retention_ratio", "retention_ratio": 0.8}
        limits = ratio | {"token_limits": {"post_instructions": 1000}}
        for value in ("disabled", ratio, limits, "auto"):
            assert (await session.update(truncation=value))["truncation"] == value
        for value in ({"type": "retention_ratio", "retention_ratio": 1.5}, "never"):
            await session.send("session.update", session={"type": "realtime", "truncation": value})
            assert (await session.wait("error"))["error"]["param"].startswith("session.truncation")


@check("RT-076")
async def prompt(lab: Lab) -> None:
    """There is no store of prompts: a clear error, and null is fine."""
    async with lab.socket() as session:
        await session.send("session.update", session={"type": "realtime", "prompt": {"id": "pmpt_123"}})
        error = (await session.wait("error"))["error"]
        assert error["param"].startswith("session.prompt") and "prompt" in error["message"], error
        assert (await session.update(prompt=None))["prompt"] is None


@check("RT-077", "RT-078")
async def types(lab: Lab) -> None:
    """An update without type means the connection's; the other type is refused."""
    async with lab.socket() as session:
        await session.send("session.update", session={"instructions": "No type."})
        assert (await session.wait("session.updated"))["session"]["instructions"] == "No type."
        sent = await session.send("session.update", session={"type": "transcription"})
        await session.error("invalid_value", sent, "session.type")
    async with lab.socket("intent=transcription") as session:
        sent = await session.send("session.update", session={"type": "realtime"})
        await session.error("invalid_value", sent, "session.type")


@check("RT-079")
async def beta_fields(lab: Lab) -> None:
    """Beta fields in a current session: one policy, an unknown_parameter error that names them or acceptance."""
    async with lab.socket() as session:
        for name, value in (
            ("temperature", 0.8),
            ("voice", "ash"),
            ("modalities", ["text"]),
            ("input_audio_format", "pcm16"),
        ):
            sent = await session.send("session.update", session={"type": "realtime", name: value})
            answer = await session.wait("session.updated", "error")
            if answer["type"] == "error":
                assert (
                    answer["error"]["code"] == "unknown_parameter" and answer["error"]["param"] == f"session.{name}"
                ), answer
                assert answer["error"]["event_id"] == sent
        await session.ask("hello")


@check("RT-080", "RT-013")
async def transcription_session(lab: Lab) -> None:
    """A transcription session has no output; updates show model, language and prompt; no responses."""
    async with lab.socket("intent=transcription") as session:
        await session.send(
            "session.update",
            session={
                "type": "transcription",
                "audio": {
                    "input": {
                        "transcription": {"model": "gpt-4o-transcribe"},
                        "turn_detection": {"type": "server_vad", "threshold": 0.5},
                    }
                },
            },
        )
        updated = (await session.wait("session.updated"))["session"]
        assert updated["audio"]["input"]["transcription"]["model"] == "gpt-4o-transcribe"
        assert set(updated) <= {"type", "object", "id", "expires_at", "audio", "include"}, set(updated)
        sent = await session.send("response.create")
        error = (await session.wait("error"))["error"]
        assert error["event_id"] == sent, error
        await session.speak()
        events = await session.through("conversation.item.input_audio_transcription.completed")
        assert events[-1]["transcript"] == "he was not an ill disposed young man"
        assert not any(event["type"].startswith("response.") for event in events + await session.settled())
