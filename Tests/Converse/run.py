#!/usr/bin/env python3
"""Talks to a live `parley serve`, part by part, and prints a table.

    run.py                       every part with the embedded engine in full; each writes its section of docs/conversation.md
    run.py --engines             every part with engines elsewhere; each writes its section of docs/engines-measured.md
    run.py --only NAME[,NAME…]   these parts, of either kind
    run.py --short               the form of .ci/run: at most four minutes, and the document stays as it is
    run.py --list                the parts' names

The server is .build/release/parley, or the command in the environment variable PARLEY. Exit status 0 when no row failed;
without models or recordings nothing is shown, which is said.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
import traceback

from converse import paths, report
from converse.lab import Lab, what_is_missing
from converse.parts import CONVERSATION, ENGINES
from converse.report import Row


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engines", action="store_true", help="the parts with engines elsewhere")
    parser.add_argument("--only", type=lambda text: text.split(","), metavar="NAME[,NAME…]")
    parser.add_argument("--short", action="store_true", help="a few minutes in all")
    parser.add_argument("--list", action="store_true", help="print the parts' names")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(CONVERSATION + ENGINES))
        return 0
    names = arguments.only or (ENGINES if arguments.engines else CONVERSATION)
    if unknown := [name for name in names if name not in CONVERSATION + ENGINES]:
        parser.error(f"no such part: {', '.join(unknown)}")
    if missing := what_is_missing():
        print(f"SKIPPED, nothing is shown: {missing}")
        return 0
    return run_parts([name for name in CONVERSATION + ENGINES if name in names], Lab(arguments.short))


def run_parts(names: list[str], lab: Lab) -> int:
    sections, counts = {}, {True: 0, False: 0, None: 0}
    for name in names:
        part = importlib.import_module(f"converse.parts.{name}")
        if lab.short and not part.SHORT:
            continue
        start = time.monotonic()
        rows = run_part(part, lab)
        report.print_rows(name, rows)
        print(f"===== {name} took {time.monotonic() - start:.0f} s", flush=True)
        sections[name] = report.section(name, part.TITLE, rows)
        for row in rows:
            counts[row.passed] += 1
    if not lab.short:
        report.write(paths.CONVERSATION, report.CONVERSATION, CONVERSATION, sections)
        report.write(paths.ENGINES, report.ENGINES, ENGINES, sections)
    print(f"{counts[True]} passed, {counts[False]} failed, {counts[None]} skipped")
    return 1 if counts[False] else 0


def run_part(part, lab: Lab) -> list[Row]:
    try:
        return part.run(lab)
    except Exception as error:
        traceback.print_exc()
        return [Row("the part itself", "runs to its end", f"{type(error).__name__}: {error}"[:300], False)]


if __name__ == "__main__":
    sys.exit(main())
