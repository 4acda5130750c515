"""A whole conversation on a machine that has loopback and nothing else, and what the server tried to reach meanwhile."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .. import browser, paths, recordings
from ..lab import Lab
from ..report import Row, not_run
from . import dialogue
from interop.namespace import set_up_loopback, wrap
from interop.server import COMMAND

TITLE = "without any network"
SHORT = True

# Every call that names where to send or connect to.
CALLS = "connect,sendto,sendmsg,sendmmsg"
LIMIT_SECONDS = 400
ADDRESS = re.compile(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')
PORT = re.compile(r"sin6?_port=htons\((\d+)\)")
# Before the rows that came from inside of the namespace.
ROWS = "rows: "


def run(lab: Lab) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="parley-offline-") as folder:
        trace = Path(folder) / "trace"
        traced = ["strace", "-D", "-f", "--seccomp-bpf", "-qq", "-e", f"trace={CALLS}", "-o", str(trace), *COMMAND]
        environment = os.environ | {"PARLEY": " ".join(traced), "PYTHONPATH": str(paths.FOLDER)}
        inside = [sys.executable, "-c", f"from converse.parts import offline; offline.inside({lab.short})"]
        try:
            process = subprocess.run(
                wrap(inside, own_network=True), env=environment, capture_output=True, text=True, timeout=LIMIT_SECONDS
            )
        except FileNotFoundError as error:
            return [not_run("a conversation in a network namespace", str(error))]
        attempts, calls = outside(trace.read_text()) if trace.exists() else (["no trace"], 0)
    output = (process.stdout + process.stderr).strip()
    told = next((line for line in output.splitlines() if line.startswith(ROWS)), None)
    if told:
        rows = [Row(*row) for row in json.loads(told.removeprefix(ROWS))]
    else:
        print(output)
        rows = [Row("a conversation in a namespace without a route", "runs to its end", output[-200:], False)]
    what = f"{len(attempts)} of {calls} calls with an address" + (f": {', '.join(sorted(set(attempts))[:5])}" if attempts else "")
    return [*rows, Row("connections or datagrams to elsewhere, DNS queries", "0", what, not attempts and calls > 0)]


def inside(short: bool) -> None:
    """In the namespace: one call of the first page, a whole conversation or, in short, its question."""
    set_up_loopback()
    routes = Path("/proc/net/route").read_text().splitlines()[1:]
    assert not routes, f"there is a way out: {routes}"
    with Lab(short=True).gateway() as server, browser.FirstPage(server.url) as page:
        call = page.live_call(greeting=not short)
        rows = [question(call, 0)] if short else conversation(call)
        call.hang_up()
    print(ROWS + json.dumps([[row.what, row.bar, row.measured, row.passed] for row in rows]))


def conversation(call: browser.Call) -> list[Row]:
    """Everything that a call is made of, in one call."""
    greeting = call.answer(0)
    return [
        Row("the greeting, without a route", "words, unasked", f"“{greeting}”", len(greeting.split()) >= 2),
        question(call, 1), *function_call(call, 2), *interruption(call), text_turn(call),
    ]


def question(call: browser.Call, spoken_before: int) -> Row:
    call.speak(recordings.load(recordings.utterance("C_000").path))
    heard = call.answer(spoken_before)
    return Row("a spoken question, without a route", "Canberra heard", f"“{heard}”", "canberra" in heard.lower())


def function_call(call: browser.Call, spoken_before: int) -> list[Row]:
    call.send({"type": "session.update", "session": {"type": "realtime", "tools": [dialogue.WEATHER]}})
    call.wait("session.updated", 2)
    call.speak(dialogue.weather_question())
    made = call.wait("response.function_call_arguments.done")
    call.sound()
    dialogue.give_result(call, made["call_id"], {"temperature": 31, "sky": "sunny"})
    heard = call.answer(spoken_before)
    call.send({"type": "session.update", "session": {"type": "realtime", "tools": []}})
    call.wait("session.updated", 3)
    told = "31" in heard or "thirty" in heard.lower()
    return [
        Row("a function called by voice, without a route", "get_weather(Australia)", dialogue.call_of(made), "ustralia" in made["arguments"]),
        Row("its result is spoken", "thirty-one degrees heard", f"“{heard}”", told),
    ]


def interruption(call: browser.Call) -> list[Row]:
    """One second into a story somebody says stop; what is answered to that is waited for."""
    began, answered = call.count("output_audio_buffer.started"), call.count("response.done")
    call.speak(recordings.load(recordings.utterance("C_002").path))
    call.wait("output_audio_buffer.started", began + 1)
    time.sleep(1)
    call.speak(recordings.load(recordings.utterance("N_130").path))
    seconds = (call.wait("output_audio_buffer.cleared")["arrived"] - call.page.evaluate("watched.speaking")) / 1000
    truncated = call.wait("conversation.item.truncated")
    call.wait("response.done", answered + 2)
    call.wait("output_audio_buffer.stopped", began + 1)
    heard = truncated["audio_end_ms"] / 1000
    return [Row("an interruption, without a route", "the voice stops, the history keeps what was heard",
                f"cleared {seconds:.2f} s after the first sample, {heard:.1f} s kept", 0 < heard < 6)]


def text_turn(call: browser.Call) -> Row:
    call.sound()
    stopped = call.count("output_audio_buffer.stopped")
    call.write("What is the capital of Canada?")
    heard = call.answer(stopped)
    return Row("a turn in writing, without a route", "Ottawa heard", f"“{heard}”", "ottawa" in heard.lower())


def outside(trace: str) -> tuple[list[str], int]:
    """Addresses that are not loopback, or any DNS port; and how many calls named an address at all."""
    attempts, calls = [], 0
    for line in trace.splitlines():
        address, port = ADDRESS.search(line), PORT.search(line)
        if not address:
            continue
        calls += 1
        name = address[1] or address[2]
        if not name.removeprefix("::ffff:").startswith("127.") and name != "::1" or (port and port[1] in ("53", "5353")):
            attempts.append(f"{name} port {port[1] if port else '?'}")
    return attempts, calls
