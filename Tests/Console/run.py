#!/usr/bin/env python3
"""Drives the console in Chromium and Firefox against `parley serve`.

    run.py [case…]      all cases, or those named; exit status 0 when all pass
    run.py --short      the form of .ci/run, against the scripted engine alone: at most three minutes
    run.py --list       their names

The server is .build/release/parley, or the command in the environment variable PARLEY.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor

from console import paths  # noqa: F401, the folders of the other packages
from cases import CASES
from interop.runner import run_case, run_inside, told


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
        return run_inside(CASES[arguments.inside])
    if unknown := [name for name in arguments.names if name not in CASES]:
        parser.error(f"no such case: {', '.join(unknown)}")
    wanted = arguments.names or [name for name, case in CASES.items() if case.is_short or not arguments.short]
    return run_all(wanted, arguments.jobs)


def run_all(names: list[str], jobs: int) -> int:
    """Those that measure time run after the others, alone."""
    together = [name for name in names if not CASES[name].is_alone]
    with ThreadPoolExecutor(jobs) as pool:
        results = list(pool.map(run, together))
    return told(results + [run(name) for name in names if CASES[name].is_alone])


def run(name: str) -> bool:
    return run_case(__file__, name, CASES[name])


if __name__ == "__main__":
    sys.exit(main())
