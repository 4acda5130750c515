#!/usr/bin/env python3
"""CPU of Parley's WebSocket path beside FastAPI's, per second of one stream (bar 9): 24 kHz PCM16 in JSON and base64.

    bench.py [--streams 50] [--pairs 3] [--rows FILE]

Both servers run at once; windows alternate (A B A B), and in each only one of them has work. CPU is user and system
time of the server process by its CPU clock. What is compared:

- in: both decode 100 ms of audio ten times a second per stream. Parley in a session with turn_detection null, where the
  audio goes into the input buffer; the reference forgets it.
- echo, which is the bar: both send each chunk back, decoded from JSON and base64 and encoded again as an event of its own;
  Parley with its loopback model.
- conversation: the reference does the same as before. Parley gets the same input in a session, and in each window answers
  with as many seconds of audio from the scripted voice, which it also makes, with all events of a response around it.

The result goes into docs/performance.md.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import enum
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from websockets.asyncio.client import ClientConnection, connect

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
DOCUMENT = ROOT / "docs/performance.md"
BEGIN, END = "<!-- the WebSocket part of make bench writes from here -->", "<!-- to here -->"
BAR, THEN = 0.35, 0.15
WINDOW_SECONDS = 8
CHUNK_SECONDS = 0.1
RATE = 24_000
# A tone, not silence: nothing may be skipped.
PCM = b"".join(
    int(8000 * ((i % 60) / 30 - 1)).to_bytes(2, "little", signed=True) for i in range(int(RATE * CHUNK_SECONDS))
)
APPEND = json.dumps({"type": "input_audio_buffer.append", "audio": base64.b64encode(PCM).decode()})

sys.path.insert(0, str(ROOT / "Tests/Interop"))
from interop.server import Server  # noqa: E402


class Work(enum.Enum):
    """What both servers do, by the name of its row."""

    IN = "in"
    ECHO = "echo"
    CONVERSATION = "conversation"


def cpu_seconds(process: int) -> float:
    """By the CPU clock of another process (clock_getcpuclockid(3)); /proc counts in steps of 10 ms."""
    return time.clock_gettime(~process << 3 | 2)


class Stream:
    """One client of either server."""

    def __init__(self, socket: ClientConnection, work: Work, parley: bool) -> None:
        self._socket = socket
        self._answers = work != Work.IN
        self._asks = parley and work == Work.CONVERSATION
        self._clears = parley and work != Work.ECHO
        self._received = 0
        self._done = asyncio.Event()
        self._reader = asyncio.ensure_future(self._read())

    async def window(self) -> None:
        """Sends audio at its pace, and returns when as much has come back, where anything is to."""
        self._received = 0
        self._done.clear()
        if self._asks:
            await self._socket.send('{"type":"response.create","response":{"input":[]}}')
        start = time.monotonic()
        for count in range(round(WINDOW_SECONDS / CHUNK_SECONDS)):
            await asyncio.sleep(max(0.0, start + count * CHUNK_SECONDS - time.monotonic()))
            await self._socket.send(APPEND)
        if self._answers:
            await asyncio.wait_for(self._done.wait(), 2 * WINDOW_SECONDS)

    async def between(self) -> None:
        if self._clears:
            await self._socket.send('{"type":"input_audio_buffer.clear"}')

    def close(self) -> None:
        self._reader.cancel()
        self._socket.transport.abort()

    async def _read(self) -> None:
        wanted = WINDOW_SECONDS * RATE * 2
        async for frame in self._socket:
            # Reading the length of the audio alone keeps the client cheap.
            if '"response.output_audio.delta"' in frame[:200]:
                at = frame.index('"delta":"' if '"delta":"' in frame else '"delta": "')
                length = frame.index('"', at + 11) - at - 9
                self._received += length * 3 // 4
            elif '"type":"error"' in frame[:60]:
                raise AssertionError(frame[:300])
            if self._received >= wanted * 0.97 and (not self._asks or '"response.done"' in frame[:200]):
                self._done.set()


async def open_streams(base: str, count: int, work: Work, parley: bool) -> list[Stream]:
    model = "parley-loopback" if work == Work.ECHO else "parley-scripted"
    address = f"{base.replace('http', 'ws', 1)}/v1/realtime?model={model}" + (
        "" if parley or work == Work.IN else "&echo=1"
    )
    streams = []
    for _ in range(count):
        socket = await connect(address, compression=None, max_size=None, ping_interval=None)
        if parley and work != Work.ECHO:
            assert json.loads(await socket.recv())["type"] == "session.created"
            await socket.send(
                json.dumps(
                    {
                        "type": "session.update",
                        "session": {"type": "realtime", "audio": {"input": {"turn_detection": None}}},
                    }
                )
            )
            while json.loads(await socket.recv())["type"] != "session.updated":
                pass
        streams.append(Stream(socket, work, parley))
    return streams


async def measure(streams: list[Stream], process: int) -> float:
    """Milliseconds of CPU per stream-second in one window."""
    before = cpu_seconds(process)
    await asyncio.gather(*(stream.window() for stream in streams))
    used = cpu_seconds(process) - before
    await asyncio.gather(*(stream.between() for stream in streams))
    await asyncio.sleep(0.5)
    return used * 1000 / (len(streams) * WINDOW_SECONDS)


async def compare(
    parley: tuple[str, int], reference: tuple[str, int], count: int, pairs: int, work: Work
) -> tuple[float, float, float]:
    """Medians of both, and the median of the pairs' ratios."""
    ours = await open_streams(parley[0], count, work, True)
    theirs = await open_streams(reference[0], count, work, False)
    # One window of each that does not count: caches, pools, first responses.
    await measure(ours, parley[1])
    await measure(theirs, reference[1])
    rows = []
    for _ in range(pairs):
        rows.append((await measure(ours, parley[1]), await measure(theirs, reference[1])))
        print(
            f"  Parley {rows[-1][0]:.2f} ms, FastAPI {rows[-1][1]:.2f} ms, ratio {rows[-1][0] / rows[-1][1]:.2f}",
            flush=True,
        )
    for stream in ours + theirs:
        stream.close()
    ratio = statistics.median(our / their for our, their in rows)
    return statistics.median(row[0] for row in rows), statistics.median(row[1] for row in rows), ratio


def write(results: dict[Work, tuple[float, float, float]], streams: int, pairs: int) -> None:
    lines = [
        BEGIN,
        "",
        "## WebSocket path (bar 9)",
        "",
        f"`make bench ARGS='--only websocket'`: {streams} streams of 24 kHz PCM16 as JSON and base64, 100 ms a message, on loopback; CPU",
        f"(user and system) of the server process, ms per stream-second; medians of {pairs} pairs of {WINDOW_SECONDS} s",
        "windows, Parley and FastAPI in turn. *Echo* is the bar: both decode JSON and base64 and send each chunk back as an",
        "event of its own; Parley with `parley-loopback`. *In*: both decode; Parley keeps the audio in the input buffer of a",
        "session without turn detection, FastAPI on uvloop forgets it. *Conversation*: FastAPI echoes; Parley keeps the",
        "audio, answers with as many seconds from the scripted voice, makes them too, and sends all events of a response",
        "around them; its script gives words without delay, so that no timers are measured.",
        "",
        "| | Parley | FastAPI + uvloop | ratio | bar | verdict |",
        "|---|---|---|---|---|---|",
    ]
    for work, (ours, theirs, ratio) in results.items():
        lines.append(
            f"| {work.value} | {ours:.2f} | {theirs:.2f} | {ratio:.2f} | ≤ {BAR} | {'met' if ratio <= BAR else 'not met'} |"
        )
    section = "\n".join([*lines, "", END])
    text = DOCUMENT.read_text()
    if BEGIN in text:
        head, rest = text.split(BEGIN, 1)
        text = head + section + rest.split(END, 1)[1]
    else:
        text = text.rstrip("\n") + "\n\n" + section + "\n"
    DOCUMENT.write_text(text)


def row(result: tuple[float, float, float], streams: int) -> dict[str, object]:
    """The bar, for the table of all (Benchmarks/run.py)."""
    ours, theirs, ratio = result
    return {
        "key": "9",
        "what": f"WebSocket in + echo ÷ FastAPI, 100 ms chunks, {streams} streams",
        "value": ratio,
        "limits": {"side": "atMost", "first": BAR, "then": THEN},
        "note": f"{ours:.2f} ÷ {theirs:.2f} ms of CPU per stream-second",
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--streams", type=int, default=50)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--rows", type=Path, help="also write the bar's row as JSON to this file")
    arguments = parser.parse_args()
    reference = subprocess.Popen([sys.executable, HERE / "reference.py"], stdout=subprocess.PIPE, text=True)
    try:
        address = reference.stdout.readline().strip()
        with Server(["127.0.0.1"], engine={"script": str(HERE / "script.json")}, log={"level": "info"}) as server:
            results = {}
            for work in Work:
                print(f"{work.value}:", flush=True)
                results[work] = asyncio.run(
                    compare(
                        (server.url, server.process_id),
                        (address, reference.pid),
                        arguments.streams,
                        arguments.pairs,
                        work,
                    )
                )
    finally:
        reference.terminate()
        reference.wait()
    write(results, arguments.streams, arguments.pairs)
    if arguments.rows:
        arguments.rows.write_text(json.dumps({"rows": [row(results[Work.ECHO], arguments.streams)]}))
    for work, (ours, theirs, ratio) in results.items():
        print(f"{work.value}: Parley {ours:.2f}, FastAPI {theirs:.2f} ms per stream-second, ratio {ratio:.2f} (bar {BAR})")
    return 0 if results[Work.ECHO][2] <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
