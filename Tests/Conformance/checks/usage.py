"""Usage of responses and transcriptions."""

import asyncio
import re

from conformance.lab import Lab
from conformance.registry import BOTH, check

from .items import manual


@check("RT-186", "RT-188", over=BOTH)
async def details(lab: Lab) -> None:
    """All fields, sums that add up, cached a part of the input, the second turn larger than the first."""
    async with lab.session() as session:
        first = (await session.ask("hello")).usage
        second = (await session.ask("hello")).usage
        for usage in (first, second):
            assert set(usage) == {
                "total_tokens",
                "input_tokens",
                "output_tokens",
                "input_token_details",
                "output_token_details",
            }, usage
            assert set(usage["input_token_details"]) == {
                "text_tokens",
                "audio_tokens",
                "image_tokens",
                "cached_tokens",
                "cached_tokens_details",
            }, usage
            assert set(usage["input_token_details"]["cached_tokens_details"]) == {
                "text_tokens",
                "audio_tokens",
                "image_tokens",
            }
            assert set(usage["output_token_details"]) == {"text_tokens", "audio_tokens"}
            assert (
                usage["output_token_details"]["text_tokens"] > 0 and usage["output_token_details"]["audio_tokens"] > 0
            )
        assert second["input_tokens"] > first["input_tokens"] > 0
        assert second["input_token_details"]["cached_tokens"] <= second["input_tokens"]


@check("RT-187")
async def audio_tokens(lab: Lab) -> None:
    """Input audio 10 tokens a second, output audio 20."""
    async with lab.socket() as session:
        await manual(session)
        await session.hear(3.0)
        await session.send("input_audio_buffer.commit")
        await session.wait("conversation.item.done")
        turn = await session.respond()
        assert abs(turn.usage["input_token_details"]["audio_tokens"] - 30) <= 1, turn.usage
        spoken = len(session.audio()) / 48_000
        assert abs(turn.usage["output_token_details"]["audio_tokens"] - spoken * 20) <= 1.5, (spoken, turn.usage)


@check("RT-189", over=BOTH)
async def cancelled(lab: Lab) -> None:
    """A cancelled response says what it used: less than the whole."""
    async with lab.session() as session:
        await session.add("story")
        await session.send("response.create")
        created = await session.wait("response.created")
        await session.wait("response.output_audio_transcript.delta")
        await session.send("response.cancel")
        usage = (await session.rest(created)).usage
        assert 0 < usage["output_token_details"]["text_tokens"] < 129, usage
        assert usage["output_token_details"]["audio_tokens"] < 12.9 * 20, usage


@check("RT-190")
async def money(lab: Lab) -> None:
    """The cost, and what the hosted service would have cost, are in the server's log."""
    async with lab.socket() as session:
        await session.ask("hello")
    for _ in range(50):
        ends = [line for line in lab.servers.open().output if session.id in line and "Session ended" in line]
        if ends:
            break
        # A poll with a bound: the log is the only sign.
        await asyncio.sleep(0.1)
    assert ends, "the session's end is not in the log"
    costs = dict(re.findall(r"(cost(?:\.hosted)?)=([0-9.]+)", ends[0]))
    assert float(costs["cost"]) > 0 and float(costs["cost.hosted"]) > 0, ends[0]
