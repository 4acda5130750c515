"""Runs checks beside one another and says how each went."""

from __future__ import annotations

import asyncio
import time
import traceback
from dataclasses import dataclass

from .lab import Lab, Servers
from .registry import CHECKS, WEBRTC, Check

# aiortc codes and encrypts in Python: a few calls at once are what a small machine can do in real time.
SOCKETS_AT_ONCE = 6
CALLS_AT_ONCE = 3


@dataclass
class Result:
    check: Check
    transport: str
    failure: str | None
    seconds: float


async def run_checks(servers: Servers, names: list[str], over: str | None = None) -> list[Result]:
    """All checks, or those named by name or row. Each runs to its end whatever the others do."""
    chosen = [check for check in CHECKS.values() if not names or check.name in names or set(check.rows) & set(names)]
    assert chosen, f"no such check: {names}"
    await asyncio.to_thread(servers.open)
    await asyncio.to_thread(servers.keyed)
    lanes = {WEBRTC: asyncio.Semaphore(CALLS_AT_ONCE)}
    sockets = asyncio.Semaphore(SOCKETS_AT_ONCE)

    async def one(check: Check, transport: str) -> Result:
        async with lanes.get(transport, sockets):
            result = await run_check(check, Lab(servers, transport))
        print(_line(result), flush=True)
        return result

    # The long ones first, so that nothing long is left at the end.
    order = sorted(chosen, key=lambda check: -check.limit_seconds)
    return list(
        await asyncio.gather(
            *(one(check, transport) for check in order for transport in check.over if over in (None, transport))
        )
    )


async def run_check(check: Check, lab: Lab) -> Result:
    start = time.monotonic()
    try:
        async with asyncio.timeout(check.limit_seconds):
            await check.run(lab)
        failure = None
    except Exception as error:
        failure = f"{_place(error)}: {type(error).__name__}: {error}"
    return Result(check, lab.transport, failure, time.monotonic() - start)


def _place(error: Exception) -> str:
    """The innermost line of a check itself."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if "/checks/" in frame.filename or "/clients/" in frame.filename
    ]
    return f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else "?"


def _line(result: Result) -> str:
    word = "FAILED" if result.failure else "passed"
    line = f"{word}  {result.transport:<9} {result.check.name:<38} {result.seconds:5.1f} s"
    return f"{line}\n    {result.failure[:1500]}" if result.failure else line
