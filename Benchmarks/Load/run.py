"""Starts a server for each scenario of this folder, loads it, and says what came of it (docs/load.md)."""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SCRIPT = ["--engine-script", str(HERE / "script.json")]
# Whoever looks for the limit, or for what works on a busy machine, must not be refused before it.
ALL_IN = ["--media-max-late-percent", "100", "--media-max-busy-percent", "100"]
# What the server is given beside the script, by part.
PARTS = {
    "conversation": ALL_IN,
    "setups": [],
    "first-packet-idle": [],
    "first-packet-half-load": ALL_IN,
    "overload": ["--session-max-count", "40"],
    "flood": [],
    "held": [],
}
# A tenth of 1,150 talking at a time is more than one core is for.
ON_ALL_CORES = {"held"}


class Server:
    """A gateway on ports of the system's choice; ended with the block."""

    def __init__(self, program, arguments, core, effort_follows_load=False):
        pin = ["taskset", "-c", str(core)] if core is not None else []
        loops = ["--media-loops", "1"] if core is not None else []
        command = pin + [str(program), "serve", "--http-hosts", "127.0.0.1", "--http-port", "0", "--https-port", "0",
                         "--log-level", "error", "--audio-complexity-follows-load", str(effort_follows_load).lower(),
                         "--calls-max-unconnected", "512", "--calls-max-unconnected-per-address", "512"]
        self.process = subprocess.Popen(
            command + SCRIPT + loops + arguments, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        for line in self.process.stdout:
            found = re.search(r"Page\s+(http://\S+?)/?$", line.strip())
            if found:
                # Another server may have the same port of ::1.
                self.url = found[1].replace("localhost", "127.0.0.1")
                return
        raise SystemExit("The server did not start.")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            print("The server did not end by itself.", file=sys.stderr)


def command(options, scenario, server, *more):
    """The command line of one load, and where its report goes."""
    pin = ["taskset", "-c", str(options.generator_core)] if options.generator_core is not None else []
    results = pathlib.Path(options.results or tempfile.mkdtemp(prefix="parley-load-"))
    results.mkdir(parents=True, exist_ok=True)
    file = results / f"{scenario}.json"
    return pin + [str(options.program), "load", server.url, "--scenario", str(HERE / f"{scenario}.yaml"),
                  "--json", str(file)] + list(more), file


def load(options, scenario, server, *more):
    """The report of one load, and whether its thresholds were met; it is printed too."""
    line, file = command(options, scenario, server, "--pid", str(server.process.pid),
                         "--metrics", f"{server.url}/metrics", *more)
    page = file.with_suffix(".html")
    status = subprocess.run(line + ["--html", str(page)], cwd=ROOT).returncode
    print(f"the page: {page}", flush=True)
    if not file.exists():
        raise SystemExit(f"{scenario}: no report, exit status {status}")
    return json.loads(file.read_text()), status == 0


def by_flags(options, server):
    """Whether a load that is asked for by flags alone works, its recording named from where we are."""
    line = [str(options.program), "load", server.url, "--calls", "2", "--seconds", "4", "--quiet",
            "--speech", "Tests/Interop/fixtures/speech.wav", "--require", "connected == 2"]
    return subprocess.run(line, cwd=ROOT).returncode == 0


def p99(report, group):
    return report["steps"][0]["groups"][group]["times"]["pacing_ms"]["p99"]


def compare_flood(options, server, lines):
    """Whether a call that floods moves the others' pacing by more than a tenth (or half a millisecond).

    The flood has a process of its own, behind the others by its priority: what is measured is the server.
    """
    before, is_good = load(options, "honest", server)
    line, file = command(options, "flood", server, "--quiet")
    flood = subprocess.Popen(["nice", "-n", "19"] + line, cwd=ROOT)
    time.sleep(4)
    after, is_still_good = load(options, "honest", server)
    flooded = flood.wait() == 0
    quiet, loud = p99(before, "honest"), p99(after, "honest")
    is_unmoved = loud <= max(quiet * 1.1, quiet + 0.5)
    words = (f"pacing p99 of the others: {quiet:.2f} ms without the flood, {loud:.2f} ms with it: "
             + ("met" if is_unmoved else "MISSED"))
    print(words)
    lines += verdicts(after) + [f"- {words}", "- the flood:"] + [
        f"  {line}" for line in verdicts(json.loads(file.read_text()))]
    return is_good and is_still_good and flooded and is_unmoved


def verdicts(report):
    """What must hold after the last step, as Markdown."""
    step = report["steps"][-1]
    lines = []
    for verdict in step["thresholds"]:
        value = "nothing was measured" if verdict["value"] is None else f"{verdict['value']:.4g}"
        lines.append(f"- `{verdict['threshold']}`: {value}, {'met' if verdict['met'] else 'MISSED'}")
    for name, group in step["groups"].items():
        times = []
        for figure, time in group["times"].items():
            values = " / ".join(f"{time[percentile]:.4g}" for percentile in ("p50", "p95", "p99"))
            times.append(f"{figure.removesuffix('_ms').replace('_', ' ')} {values}")
        lines.append(f"- {name}, ms (p50 / p95 / p99): " + "; ".join(times))
    server = step["server"] or {}
    shown = [f"{name.removeprefix('server_').replace('_', ' ')} {value:.4g}" for name, value in server.items()
             if isinstance(value, (int, float))]
    return lines + ["- the server: " + "; ".join(shown)]


def steps(report):
    """How the cost of a call grows with their number."""
    rows = ["| calls | server, % of a core | ms of CPU per call-second | pacing p99, ms | met |",
            "|---|---|---|---|---|"]
    for step in report["steps"]:
        server, pacing = step["server"] or {}, step["all"]["times"].get("pacing_ms", {})
        rows.append(f"| {step['calls']} | {server.get('server_cpu_percent', 0):.1f} | "
                    f"{server.get('server_cpu_ms_per_call_second', 0):.2f} | {pacing.get('p99', 0):.2f} | "
                    f"{'yes' if step['passed'] else 'no'} |")
    return rows + linearity([step for step in report["steps"] if step["passed"] and step["server"]])


def linearity(good):
    """How far the server's CPU strays from one line over the number of calls."""
    points = [(step["calls"], step["server"]["server_cpu_percent"]) for step in good]
    if len(points) < 3:
        return []
    mean_x, mean_y = (sum(values) / len(points) for values in zip(*points))
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)
    base = mean_y - slope * mean_x
    worst = max((abs(y - base - slope * x) / (base + slope * x) for x, y in points if x >= 10), default=0)
    return ["", f"CPU is {base:.2f} % of a core and {slope:.3f} % a call; from 10 calls on a step is at most "
                f"{worst * 100:.0f} % off that line."]


def run(options, part, lines):
    """Whether one part went well; `lines` gets what it showed, as Markdown.

    A part of several steps goes well when its first does: it looks for the last.
    """
    if part in ON_ALL_CORES:
        options = argparse.Namespace(**{**vars(options), "server_core": None, "generator_core": None})
    with Server(options.program, PARTS.get(part, ALL_IN), options.server_core, options.effort_follows_load) as server:
        if part == "flood":
            return compare_flood(options, server, lines)
        more = ["--seconds", str(options.seconds)] if options.seconds else []
        if options.calls and part == "conversation":
            more += ["--calls", options.calls]
        if part == "short" and not by_flags(options, server):
            return False
        report, is_good = load(options, part, server, *more)
        if len(report["steps"]) > 1:
            table = steps(report)
            print("\n".join(table))
            lines += table + [""]
        lines += verdicts(report)
        return is_good


def main():
    """Runs what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=list(PARTS), help="this part; several may be named")
    parser.add_argument("--short", action="store_true", help="short.yaml alone: a minute, and nothing is timed")
    parser.add_argument("--program", default=ROOT / ".build/release/parley", type=pathlib.Path)
    parser.add_argument("--calls", help="of the conversation, in place of its steps")
    parser.add_argument("--seconds", type=float, help="of every run, in place of the scenarios'")
    parser.add_argument("--results", help="folder for the reports")
    parser.add_argument("--output", type=pathlib.Path, help="also write what came of each part, as Markdown")
    parser.add_argument("--effort-follows-load", action="store_true",
                        help="encoders do less on a busy thread, as they do by default; otherwise complexity 5 throughout")
    parser.add_argument("--together", action="store_true", help="server and generator on all cores, not one for each")
    options = parser.parse_args()
    isolated = not options.together and not options.short and shutil.which("taskset") and os.cpu_count() > 1
    options.server_core, options.generator_core = (0, 1) if isolated else (None, None)
    parts = ["short"] if options.short else options.only or list(PARTS)
    missed, lines = [], []
    for part in parts:
        print(f"==> {part}", flush=True)
        lines += ["", f"## {part}", ""]
        if not run(options, part, lines):
            missed.append(part)
        if options.output:
            options.output.write_text("# Load, measured\n" + "\n".join(lines) + "\n")
    print("missed: " + ", ".join(missed) if missed else "every threshold was met")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
