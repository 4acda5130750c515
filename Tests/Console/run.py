#!/usr/bin/env python3
"""Drives the console in Chromium and Firefox against `parley serve`.

    run.py [case…]      all cases, or those named; exit status 0 when all pass
    run.py --short      the form of .ci/run, against the scripted engine alone: at most three minutes
    run.py --list       their names

The server is .build/release/parley, or the command in the environment variable PARLEY.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

from console import paths  # noqa: F401, the folders of the other packages
from cases import CASES
from interop.namespace import wrap


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="case")
    parser.add_argument("--short", action="store_true", help="three minutes in all")
    parser.add_argument("--list", action="store_true", help="print the names of the cases")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="cases at once; 2 unless said otherwise")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(CASES))
        return 0
    if arguments.inside:
        return run_inside(arguments.inside)
    if unknown := [name for name in arguments.names if name not in CASES]:
        parser.error(f"no such case: {', '.join(unknown)}")
    wanted = arguments.names or [name for name, case in CASES.items() if case.is_short or not arguments.short]
    return run_all(wanted, arguments.jobs)


def run_all(names: list[str], jobs: int) -> int:
    """Those that measure time run after the others, alone."""
    start = time.monotonic()
    together = [name for name in names if not CASES[name].is_alone]
    with ThreadPoolExecutor(jobs) as pool:
        results = list(pool.map(run_case, together))
    results += [run_case(name) for name in names if CASES[name].is_alone]
    passed, failed = results.count(True), results.count(False)
    print(f"{passed} passed, {failed} failed in {time.monotonic() - start:.0f} s")
    return 1 if failed else 0


def run_case(name: str) -> bool:
    """Runs the case in processes of its own, prints one line, and its output after it when it failed."""
    case = CASES[name]
    command = wrap([sys.executable, __file__, "--inside", name], case.own_network)
    start = time.monotonic()
    try:
        process = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=case.limit_seconds)
        passed, output = process.returncode == 0, process.stdout + process.stderr
    except subprocess.TimeoutExpired as expired:
        partial = [part.decode(errors="replace") for part in (expired.stdout, expired.stderr) if part]
        passed, output = False, "".join([*partial, f"\nstopped after {case.limit_seconds} s"])
    seconds = time.monotonic() - start
    last = output.strip().splitlines()[-1:] or ["no output"]
    line = f"{'passed' if passed else 'FAILED'}  {name:<21} {seconds:5.1f} s  {last[0]}"
    print(line if passed else f"{line}\n    " + output.strip().replace("\n", "\n    "), flush=True)
    return passed


def run_inside(name: str) -> int:
    try:
        print(CASES[name].run(), flush=True)
        return 0
    except Exception as error:
        traceback.print_exc()
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main())
