#!/usr/bin/env python3
"""Holds recorded server events, one a line, against the `openai` package's types in strict mode, and the null rule.

    check_shapes.py [FILE]            current dialect, default Tests/RealtimeProtocolTests/Fixtures/server-events.jsonl
    check_shapes.py --beta [FILE]     the same for the beta dialect

Exit status 1 and one line per event that fails.
"""

import argparse
import json
import pathlib
import sys

from conformance import nulls, strict
from conformance.paths import ROOT

FIXTURES = ROOT / "Tests/RealtimeProtocolTests/Fixtures"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--beta", action="store_true")
    parser.add_argument("file", nargs="?", type=pathlib.Path)
    arguments = parser.parse_args()
    name = "server-events-beta.jsonl" if arguments.beta else "server-events.jsonl"
    lines = (arguments.file or FIXTURES / name).read_text().splitlines()
    failures = 0
    for number, line in enumerate(lines, 1):
        try:
            event = json.loads(line)
            strict.check_event(event, arguments.beta)
            nulls.check(event, arguments.beta)
        except AssertionError as failure:
            failures += 1
            print(f"line {number}: {failure}\n    {line[:300]}", file=sys.stderr)
    print(f"{len(lines)} events, {failures} problems")
    return 1 if failures or not lines else 0


if __name__ == "__main__":
    sys.exit(main())
