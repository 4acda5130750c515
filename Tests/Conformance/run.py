#!/usr/bin/env python3
"""Drives a live `parley serve` over both transports, row by row of the contract's table, and writes
docs/conformance.md.

    run.py                      everything: checks, clients, mutants, hostile clients
    run.py --checks [name…]     the checks, or those named (or those of a row: RT-040)
    run.py --mutants [name…]    the broken servers, each of which a check must catch
    run.py --hostile [name…]    the hostile clients
    run.py --list               all names

The server is .build/release/parley, or the command in the environment variable PARLEY. Exit status 0 when everything
that should pass passed, nothing broken was missed, and no fewer rows passed than the contract asks for.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time

import checks  # noqa: F401 (registers them)
import clients  # noqa: F401 (registers them)
from conformance import report
from conformance.lab import Servers
from conformance.registry import CHECKS
from conformance.runner import run_checks
from hostile import ATTACKS, run_attacks
from mutation import MUTANTS, run_mutants


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="name")
    parser.add_argument("--over", choices=["http", "websocket", "webrtc"], help="checks over this transport alone")
    for part in ("checks", "mutants", "hostile", "list"):
        parser.add_argument(f"--{part}", action="store_true")
    arguments = parser.parse_args()
    # What aiortc and asyncio say about connections that tests end on purpose.
    logging.disable(logging.ERROR)
    if arguments.list:
        print("\n".join([*CHECKS, *MUTANTS, *ATTACKS]))
        return 0
    everything = not (arguments.checks or arguments.mutants or arguments.hostile)
    servers = Servers()
    start = time.monotonic()
    results, caught, withstood = [], {}, {}
    try:
        if everything or arguments.checks:
            results = asyncio.run(run_checks(servers, arguments.names, arguments.over))
            report.print_summary(results)
        if everything or arguments.mutants:
            caught = asyncio.run(run_mutants(servers, arguments.names))
        if everything or arguments.hostile:
            withstood = asyncio.run(run_attacks(servers, arguments.names))
    finally:
        servers.stop()
    failed = sum(result.failure is not None for result in results)
    failed += list(caught.values()).count(False) + list(withstood.values()).count(False)
    if everything and not (arguments.names or arguments.over):
        failed += report.write(results, caught, withstood)
    passed = sum(result.failure is None for result in results) + sum(caught.values()) + sum(withstood.values())
    print(f"{passed} passed, {failed} failed, in {time.monotonic() - start:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
