"""Runs cases, each in processes of its own: what every `run.py` with cases does alike."""

from __future__ import annotations

import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from .namespace import set_up_network, wrap


@dataclass(frozen=True)
class Case:
    """`run` returns what it measured, in words, or raises. `own_network`: in a network namespace of its own, as
    `set_up` leaves it."""

    run: Callable[[], str]
    own_network: bool = False
    limit_seconds: int = 90
    set_up: Callable[[], None] = set_up_network


def run_case(script: str, name: str, case: Case) -> bool:
    """Prints one line, and the output after it when the case failed. `script` takes `--inside NAME`."""
    command = wrap([sys.executable, script, "--inside", name], case.own_network)
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


def run_inside(case: Case) -> int:
    try:
        if case.own_network:
            case.set_up()
        print(case.run(), flush=True)
        return 0
    except Exception as error:
        traceback.print_exc()
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return 1


def told(results: list[bool]) -> int:
    """The exit status, after the sum in one line."""
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    return 0 if all(results) else 1
