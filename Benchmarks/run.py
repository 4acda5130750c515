"""Measures Parley against its bars, part by part, and writes them as one table (docs/performance.md, docs/performance.json).

    run.py                       everything, about 25 minutes; the cores should be quiet
    run.py --only bars           one part; the rows of others stay as they were
    run.py --only janus --only aiortc

A rival or a model that is not here is left out, in words.
"""

import argparse
import contextlib
import datetime
import json
import os
import pathlib
import signal
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
DOCUMENT, STORE = ROOT / "docs/performance.md", ROOT / "docs/performance.json"
BEGIN, END = "<!-- make bench writes from here -->", "<!-- make bench writes to here -->"
PEER_BENCH = [".build/release/peer-bench"]
RIVALS = ["janus", "aiortc", "gstreamer"]
# What each part runs, and after how many seconds it is given up.
PARTS = {
    "bars": (PEER_BENCH + ["bars"], 240),
    "rivals": (PEER_BENCH + ["rivals"], 420),
    "conversation": (PEER_BENCH + ["conversation"], 300),
    "calls-per-core": (PEER_BENCH + ["calls-per-core"], 1500),
    "voice-activity": ([".build/release/turn-bench", "voice-activity"], 120),
    "websocket": ([".venv/bin/python", "Benchmarks/WebSocketBench/bench.py"], 420),
    "floor": (PEER_BENCH + ["floor"], 60),
}
# The order of the bars, and what each says where it was never measured.
ORDER = {
    "1": "process CPU ÷ libopus CPU, full-duplex calls",
    "2": "pass-through CPU ÷ Janus EchoTest",
    "3": "calls per core ÷ Janus AudioBridge",
    "3b": "calls per core ÷ Janus AudioBridge, in conversation",
    "3b-fixed": "",
    "3b-by-hand": "",
    "4-shipped": "calls per core ÷ aiortc as shipped",
    "4": "calls per core ÷ aiortc without audio levels",
    "4-shipped-fixed": "",
    "4-fixed": "",
    "4-gstreamer": "",
    "5": "set-up p50 (POST → DTLS up) ÷ Janus EchoTest",
    "5b": "set-up CPU ÷ one P-256 handshake",
    "5b-data": "",
    "5b-end": "",
    "6": "memory slope per call ÷ 62 kB codec state",
    "7": "threads at 50 calls minus threads at none",
    "8": "echo of an audio marker, ms",
    "9": "WebSocket in + echo ÷ FastAPI",
    "10": "Silero per call at 16 streams ÷ one stream at a time",
}


def measure(part, options):
    """What one part found: rows, a table, and what was left out."""
    command, limit = PARTS[part]
    command = list(command)
    if part == "rivals":
        command += [f"--only={rival}" for rival in options.rivals]
    with tempfile.TemporaryDirectory() as folder:
        rows = pathlib.Path(folder) / "rows.json"
        words = run(command + ["--rows", str(rows)], limit)
        if not rows.exists():
            return {"skipped": [f"{part} was not measured: {words}"]}
        return json.loads(rows.read_text())


def run(command, limit):
    """How a part ended, which is killed with all that it started when it takes longer than it may."""
    try:
        # A group of its own, so that its servers can be ended with it.
        process = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    except OSError as error:
        return f"{command[0]}: {error.strerror}"
    try:
        return f"{' '.join(command[:2])} ended with {process.wait(limit)}"
    except subprocess.TimeoutExpired:
        return f"{' '.join(command[:2])} took longer than {limit} s"
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def limit_words(limits, name):
    """A limit as the table shows it."""
    return f"{'≤' if limits['side'] == 'atMost' else '≥'} {limits[name]:g}" if limits else ""


def line(key, row):
    """A row as Markdown."""
    bar = key.split("-")[0]
    if row is None:
        return f"| {bar} | {ORDER[key]} | not measured | | | | | |"
    value, limits = row["value"], row.get("limits")
    cells = [bar, row["what"], f"{value:.2f}", limit_words(limits, "first"), "–", limit_words(limits, "then"), "–"]
    if limits:
        sign = 1 if limits["side"] == "atMost" else -1
        cells[4] = "met" if sign * (value - limits["first"]) <= 0 else "not met"
        over = sign * (value - limits["then"])
        cells[6] = "reached" if over <= 0 else f"{over:.2f} {'above' if sign > 0 else 'below'}"
    return "| " + " | ".join(cells + [row["note"]]) + " |"


def table(store):
    """All rows in the order of the bars, when they were measured, and the floor."""
    rows = store["rows"]
    lines = ["| # | bar | measured | first | verdict | then | distance | absolute |", "|---|---|---|---|---|---|---|---|"]
    lines += [line(key, rows.get(key)) for key, words in ORDER.items() if key in rows or words]
    runs = {}
    for key in ORDER:
        if key in rows:
            runs.setdefault(rows[key]["measured"], []).append(key.split("-")[0])
    lines.append("")
    for run, bars in runs.items():
        lines.append(f"Measured {run}: bars {', '.join(dict.fromkeys(bars))}.")
    for words in store["skipped"]:
        lines.append(f"- {words}")
    if store["floor"]:
        lines += ["", "The floor, `make bench ARGS='--only floor'`, " + store["floor"]["measured"] + ":", ""]
        lines += store["floor"]["table"]
    return lines


def write(store):
    """Puts the table between its marks."""
    STORE.write_text(json.dumps(store, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    head, rest = DOCUMENT.read_text().split(BEGIN, 1)
    DOCUMENT.write_text("\n".join([head + BEGIN, ""] + table(store) + ["", END + rest.split(END, 1)[1]]))


def now():
    """The time, and how busy the machine was just before."""
    return f"{datetime.date.today():%-d %B %Y} (load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=list(PARTS) + RIVALS, help="several may be named")
    options = parser.parse_args()
    wanted = options.only or list(PARTS)
    options.rivals = [name for name in wanted if name in RIVALS]
    parts = [part for part in PARTS if part in wanted or part == "rivals" and options.rivals]
    if "rivals" in wanted:
        options.rivals = []
    store = json.loads(STORE.read_text()) if STORE.exists() else {"rows": {}, "floor": None, "skipped": []}
    store["skipped"] = []
    # What was busy before the first part; later the parts themselves are.
    when = now()
    for part in parts:
        print(f"==> {part} (at most {PARTS[part][1] / 60:.0f} minutes)", flush=True)
        found = measure(part, options)
        for row in found.get("rows", []):
            store["rows"][row["key"]] = row | {"measured": when}
        if found.get("table"):
            store["floor"] = {"table": found["table"], "measured": when}
        store["skipped"] += found.get("skipped", [])
        write(store)
    print("\n".join(table(store)))
    missed = [key for key, row in store["rows"].items() if key in ORDER and "not met" in line(key, row)]
    print("not met: " + ", ".join(key for key in ORDER if key in missed) if missed else "every bar was met")


if __name__ == "__main__":
    main()
