#!/usr/bin/env python3
"""Runs whole calls with real clients against `parley serve`.

    run.py [case…]      all cases, or those named; exit status 0 when all pass
    run.py --list       their names

The server is .build/release/parley, or the command in the environment variable PARLEY.
"""

from __future__ import annotations

import argparse
import sys

from cases import CASES
from interop.runner import run_case, run_inside, told


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="case")
    parser.add_argument("--list", action="store_true", help="print the names of the cases")
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(CASES))
        return 0
    if arguments.inside:
        return run_inside(CASES[arguments.inside])
    if unknown := [name for name in arguments.names if name not in CASES]:
        parser.error(f"no such case: {', '.join(unknown)}")
    return told([run_case(__file__, name, CASES[name]) for name in arguments.names or list(CASES)])


if __name__ == "__main__":
    sys.exit(main())
