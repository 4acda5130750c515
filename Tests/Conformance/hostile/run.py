"""Runs the attacks one after the other, each beside a session that goes on talking and a look at the
server's memory."""

from __future__ import annotations

import asyncio
import time

from conformance.lab import KEY, Lab, Servers
from conformance.registry import WEBSOCKET

from interop.server import Server

from .attacks import ATTACKS, Attack

SAMPLE_SECONDS = 0.1
# A turn of the witness takes well under a second on an idle machine.
WITNESS_SECONDS = 10


async def run_attacks(servers: Servers, names: list[str]) -> dict[str, bool]:
    """Whether each was withstood."""
    chosen = {name: attack for name, attack in ATTACKS.items() if not names or name in names}
    withstood = {}
    for name, attack in chosen.items():
        start = time.monotonic()
        try:
            said = await _run(servers, attack)
            withstood[name] = True
        except Exception as error:
            said = f"{type(error).__name__}: {error}"[:600]
            withstood[name] = False
        word = "withstood" if withstood[name] else "SUCCEEDED"
        print(f"{word}  {name:<28} {time.monotonic() - start:5.1f} s  {said}", flush=True)
    count = sum(withstood.values())
    print(f"hostile clients: {count} withstood, {len(chosen) - count} succeeded")
    return withstood


async def _run(servers: Servers, attack: Attack) -> str:
    """A server of its own, so that its memory tells of this attack alone."""
    async with servers.running(auth={"keys": [KEY]}) as server:
        lab = Lab(servers, WEBSOCKET, server.url)
        async with lab.socket(key=KEY) as warm:
            await warm.ask("hello")
        before = server.resident_kib()
        stop, peak = asyncio.Event(), [before]
        watchers = [asyncio.ensure_future(_witness(lab, stop)), asyncio.ensure_future(_memory(server, stop, peak))]
        try:
            async with asyncio.timeout(attack.limit_seconds):
                said = await attack.run(lab, server)
        finally:
            stop.set()
            turns, _ = await asyncio.gather(*watchers)
    grown = (max(peak) - before) / 1024
    assert grown < attack.memory_mib, f"memory grew by {grown:.0f} MiB, more than {attack.memory_mib}"
    return f"{said}; {turns} turns beside it, {grown:.0f} MiB at most"


async def _witness(lab: Lab, stop: asyncio.Event) -> int:
    """Another session, turn after turn, until it is told to stop; the number of its turns."""
    turns = 0
    async with lab.socket(key=KEY) as session:
        while not stop.is_set() or turns == 0:
            start = time.monotonic()
            assert (await session.ask("hello")).text == "Hello from the script."
            taken = time.monotonic() - start
            assert taken < WITNESS_SECONDS, f"another session's turn took {taken:.1f} s"
            turns += 1
            await asyncio.sleep(0.05)
    return turns


async def _memory(server: Server, stop: asyncio.Event, peak: list[int]) -> None:
    while not stop.is_set():
        peak.append(server.resident_kib())
        await asyncio.sleep(SAMPLE_SECONDS)
