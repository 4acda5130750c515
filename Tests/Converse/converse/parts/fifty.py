"""Fifty conversations on one language model behind HTTP that takes eight at once: who waits how long, and what is too much."""

from __future__ import annotations

import asyncio
import time
import urllib.request
from collections import defaultdict

from ..caller import percentile
from ..stages import Canned, CannedServer, servers
from ..lab import Lab
from ..report import Row
from ..talk import Turn, talk

TITLE = "fifty conversations on one language model with eight places"
SHORT = False

CONVERSATIONS = 50
LIMIT = 8
ROUNDS = 6
SMALL_QUEUE = 12
SERVICE = Canned(first_seconds=0.2, each_seconds=0.02)
WORDS = 10


def run(lab: Lab) -> list[Row]:
    return asyncio.run(measure(lab))


def answer(body: bytes) -> str:
    return " ".join(["word"] * (WORDS - 1) + ["end."])


async def measure(lab: Lab) -> list[Row]:
    stages = {stage: CannedServer(stage) for stage in ("recogniser", "voice")}
    model = CannedServer("language", SERVICE, words=answer)
    async with servers(model, *stages.values()):
        rest = " ".join(f"{stage}={server.address}" for stage, server in stages.items())
        lines = [f"{name} language={model.address};limit={LIMIT};queue={queue} {rest}"
                 for name, queue in (("wide", CONVERSATIONS), ("narrow", SMALL_QUEUE))]
        with lab.gateway(engine={"embedded": False}, engines=lines) as server:
            rows = await fair(server.url, model)
            rows.append(await bounded(server.url, model))
    return rows


async def fair(url: str, model: CannedServer) -> list[Row]:
    start = time.monotonic()
    async with asyncio.TaskGroup() as group:
        watching = asyncio.create_task(most_waiting(url))
        talks = [group.create_task(converse(url, "wide", number)) for number in range(CONVERSATIONS)]
    watching.cancel()
    seconds = time.monotonic() - start
    waits, services = by_conversation(model, {number: task.result() for number, task in enumerate(talks)})
    every = [wait for one in waits.values() for wait in one]
    service = percentile(services, 50)
    # Whoever waits, waits for one request of each other conversation at most, eight of them at a time.
    share = -(-(CONVERSATIONS - 1) // LIMIT) * percentile(services, 95)
    answered = sum(turn.status == "completed" for task in talks for turn in task.result())
    longest = {number: max(one) for number, one in waits.items()}
    means = [sum(one) / len(one) for one in waits.values()]
    return [
        Row(
            f"{CONVERSATIONS} conversations of {ROUNDS} turns, all at once", "every turn answered, never more than eight at the server",
            f"{answered} of {CONVERSATIONS * ROUNDS} answered in {seconds:.1f} s, at most {model.most} at once, "
            f"{1_000 * service:.0f} ms each at p50",
            answered == CONVERSATIONS * ROUNDS and model.most <= LIMIT),
        Row(
            "how long a request waits for its place", f"at most its share, {1_000 * share:.0f} ms, and a tenth",
            f"min {1_000 * min(every):.0f}, p50 {1_000 * percentile(every, 50):.0f}, p95 {1_000 * percentile(every, 95):.0f}, max "
            f"{1_000 * max(every):.0f} ms", max(every) <= 1.1 * share),
        Row(
            "the same by conversation", "none waits a quarter longer than the average",
            f"mean wait from {1_000 * min(means):.0f} to {1_000 * max(means):.0f} ms; longest wait from "
            f"{1_000 * min(longest.values()):.0f} to {1_000 * max(longest.values()):.0f} ms; at most {watching_result(watching)} waited at once",
            max(means) <= 1.25 * sum(means) / len(means)),
    ]


_waiting = 0


def watching_result(_: asyncio.Task) -> int:
    return _waiting


async def most_waiting(url: str) -> None:
    global _waiting
    while True:
        text = await asyncio.to_thread(metrics, url)
        for line in text.splitlines():
            if line.startswith("gateway_engine_requests{") and 'state="waiting"' in line:
                _waiting = max(_waiting, int(float(line.rsplit(" ", 1)[1])))
        await asyncio.sleep(0.1)


def metrics(url: str) -> str:
    with urllib.request.urlopen(url + "/metrics") as response:
        return response.read().decode()


async def converse(url: str, model: str, number: int, rounds: int = ROUNDS) -> list[Turn]:
    async with talk(url, model, modality="text") as conversation:
        return [await conversation.write(f"conversation {number} asks") for _ in range(rounds)]


def by_conversation(model: CannedServer, turns: dict[int, list[Turn]]) -> tuple[dict[int, list[float]], list[float]]:
    """How long each request was on its way to the server, by conversation, and how long the server took for each."""
    arrived: dict[int, list[float]] = defaultdict(list)
    services = []
    for request in model.asked:
        number = int(request.body.decode().split("conversation ")[-1].split(" ")[0])
        arrived[number].append(request.at)
        services.append(request.end - request.at)
    return {number: [at - turn.started for at, turn in zip(arrived[number], own)] for number, own in turns.items()}, services


async def bounded(url: str, model: CannedServer) -> Row:
    """As many at once on an engine whose queue is short: the rest is told so at once."""
    start = len(model.asked)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(converse(url, "narrow", number, rounds=1)) for number in range(CONVERSATIONS)]
    turns = [task.result()[0] for task in tasks]
    refused = [turn for turn in turns if turn.code == "engine_overloaded"]
    answered = sum(turn.status == "completed" for turn in turns)
    slowest = max((turn.failed_after for turn in refused), default=0)
    return Row(
        f"the same with a queue of {SMALL_QUEUE}", "the rest is refused as engine_overloaded, and the sessions go on",
        f"{answered} answered by {len(model.asked) - start} requests, {len(refused)} refused, the slowest of these after "
        f"{1_000 * slowest:.0f} ms",
        answered >= LIMIT + SMALL_QUEUE and answered + len(refused) == CONVERSATIONS and bool(refused))
