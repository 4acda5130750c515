"""Runs the mutants: each has to make a check fail that passes through the same proxy when nothing is changed."""

from __future__ import annotations

import asyncio

from conformance.lab import Lab, Servers
from conformance.registry import CHECKS, WEBSOCKET
from conformance.runner import Result, run_check

from .mutants import MUTANTS, Mutant
from .proxy import Change, Proxy

AT_ONCE = 6


async def run_mutants(servers: Servers, names: list[str]) -> dict[str, bool]:
    """Whether each was caught; one that changed nothing, or had no honest check to go by, was not."""
    chosen = {name: mutant for name, mutant in MUTANTS.items() if not names or name in names}
    upstream = (await asyncio.to_thread(servers.open)).url
    lanes = asyncio.Semaphore(AT_ONCE)

    async def through(name: str, change: Change) -> tuple[Result, int]:
        async with lanes, Proxy(upstream, change) as proxy:
            result = await run_check(CHECKS[name], Lab(servers, WEBSOCKET, proxy.url))
            return result, proxy.changed

    needed = sorted({name for mutant in chosen.values() for name in mutant.checks})
    honest = await asyncio.gather(*(through(name, lambda event, state: [event]) for name in needed))
    failing = {result.check.name: result.failure for result, _ in honest if result.failure}
    for name, failure in failing.items():
        print(f"FAILED  {name} fails with nothing changed: {failure[:300]}")

    async def one(name: str, mutant: Mutant) -> bool:
        runs = [await through(check, mutant.change) for check in mutant.checks if check not in failing]
        changed = sum(count for _, count in runs)
        caught = [result for result, count in runs if result.failure and count]
        word = "caught" if caught else ("MISSED" if changed else "UNUSED")
        by = (
            f"{caught[0].check.name}: {caught[0].failure.splitlines()[0][:110]}"
            if caught
            else f"{changed} frames changed"
        )
        print(f"{word}  {name:<55} {by}", flush=True)
        return bool(caught)

    caught = await asyncio.gather(*(one(name, mutant) for name, mutant in chosen.items()))
    print(f"mutants: {caught.count(True)} caught, {caught.count(False)} missed")
    return dict(zip(chosen, caught, strict=True))
