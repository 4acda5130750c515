"""The `pipecat-ai` package as it comes: a context turn, a tool call and its answer, a spoken turn, an interruption."""

from __future__ import annotations

import asyncio
from typing import Any

from conformance import sound
from conformance.lab import KEY, Lab
from conformance.registry import check
from pipecat.adapters.llm.schemas.function_schema import FunctionSchema
from pipecat.adapters.llm.schemas.tools_schema import ToolsSchema
from pipecat.frames import frames
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.services.openai.realtime import events
from pipecat.services.openai.realtime.llm import OpenAIRealtimeLLMService
from pipecat.workers.runner import WorkerRunner

LIMIT_SECONDS = 20


class Sink(FrameProcessor):
    """Keeps what comes out of the service."""

    def __init__(self) -> None:
        super().__init__()
        self.arrivals: asyncio.Queue[Any] = asyncio.Queue()

    async def process_frame(self, frame: Any, direction: Any) -> None:
        await super().process_frame(frame, direction)
        self.arrivals.put_nowait(frame)
        await self.push_frame(frame, direction)

    async def until(self, kind: type) -> list[Any]:
        """Frames up to the first of this kind."""
        seen = []
        async with asyncio.timeout(LIMIT_SECONDS):
            while not seen or not isinstance(seen[-1], kind):
                seen.append(await self.arrivals.get())
        return seen


@check("RT-219")
async def realtime_service(lab: Lab) -> None:
    """OpenAIRealtimeLLMService in a pipeline: context, tool, spoken turn, interruption; no error frame."""
    address = f"{lab.servers.keyed().url}/v1/realtime".replace("http", "ws", 1)
    detection = events.TurnDetection(type="server_vad")
    properties = events.SessionProperties(
        instructions="Be brief.", audio=events.AudioConfiguration(input=events.AudioInput(turn_detection=detection))
    )
    service = OpenAIRealtimeLLMService(
        api_key=KEY,
        base_url=address,
        settings=OpenAIRealtimeLLMService.Settings(model="gpt-realtime", session_properties=properties),
    )
    called = []

    async def weather(params: Any) -> None:
        called.append(params.arguments)
        await params.result_callback("sunny")

    service.register_function("get_weather", weather)
    function = FunctionSchema(
        name="get_weather", description="Weather.", properties={"city": {"type": "string"}}, required=["city"]
    )
    talk = LLMContext(
        messages=[{"role": "user", "content": "How is the weather?"}], tools=ToolsSchema(standard_tools=[function])
    )
    pair = LLMContextAggregatorPair(talk)
    sink = Sink()
    errors: list[Any] = []
    task = PipelineWorker(
        Pipeline([pair.user(), service, sink, pair.assistant()]),
        params=PipelineParams(audio_in_sample_rate=sound.RATE, audio_out_sample_rate=sound.RATE),
    )
    task.add_event_handler("on_pipeline_error", lambda worker, frame: errors.append(frame))
    running = WorkerRunner(handle_sigint=False)
    await running.add_workers(task)
    run = asyncio.ensure_future(running.run())
    try:
        await task.queue_frames([frames.LLMRunFrame()])
        await _turn(sink, "It is sunny in Paris.")
        assert called == [{"city": "Paris"}], called
        await _speak(task)
        await _turn(sink, "You spoke of a young man who was not ill disposed at all.")
        await _speak(task)
        await _turn(sink, "You spoke of a young man who was not ill disposed at all.")
        # The third sentence the script hears asks for the story.
        await _speak(task)
        await sink.until(frames.LLMFullResponseStartFrame)
        await sink.until(frames.TTSAudioRawFrame)
        await _speak(task)
        await sink.until(frames.InterruptionFrame)
        await _turn(sink, "You spoke of a young man who was not ill disposed at all.")
        assert not errors, errors
    finally:
        await task.cancel()
        await asyncio.wait_for(run, 10)


async def _turn(sink: Sink, words: str) -> None:
    """Waits for a turn whose text is this; its audio has come too."""
    text, audio = "", 0
    async with asyncio.timeout(LIMIT_SECONDS):
        frame = None
        while not (isinstance(frame, frames.LLMFullResponseEndFrame) and words.split() == text.split()):
            frame = await sink.arrivals.get()
            assert not isinstance(frame, frames.ErrorFrame), frame
            if isinstance(frame, frames.LLMFullResponseStartFrame):
                text = ""
            if isinstance(frame, frames.TTSTextFrame):
                text += frame.text
            if isinstance(frame, frames.TTSAudioRawFrame):
                audio += len(frame.audio)
    assert audio > 0, "no audio"


async def _speak(task: Any) -> None:
    for kind, seconds in (("speech", 2.9), ("silence", 1.2)):
        for samples in sound.pieces(kind, seconds):
            await task.queue_frame(
                frames.InputAudioRawFrame(audio=samples.tobytes(), sample_rate=sound.RATE, num_channels=1)
            )
            await asyncio.sleep(0.01)
