#!/usr/bin/env python3
"""Calls through an impairer of the test's own, one row of a table per network; writes docs/networks.md.

    run.py                         every network, five calls of each by `parley call`, Chromium and aiortc; then the interruptions
    run.py --short                 the form of .ci/run: four networks, one call each, at most three minutes; writes nothing
    run.py --peer parley           one peer
    run.py --networks "clean,20 % lost"
    run.py --without red,fec,reports   what both sides are kept from agreeing on
    run.py --interrupted           only the interruptions: what the history keeps, beside what the client heard
    run.py --soak 30             only calls that come and go through bad networks for so many minutes
    run.py --label before          what the section is called in the document

The gateway is .build/release/parley, or the command in the environment variable PARLEY. Its ears are the embedded ones; what it
says is a recording. Exit status 1 when a bar is missed; without models or recordings nothing is shown, which is said.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack

from impair import document, interrupted, paths, self_test, soak, table
from impair.answers import VOICE_RATE, Answers
from impair.calls import aiortc, chromium, parley
from impair.front import MEASURES
from impair.other_receiver import OtherReceiver
from impair.table import Measured

from converse import recordings
from converse.lab import Lab, what_is_missing

RECEIVED_BY_AIORTC = "parley, received by aiortc"
PEERS = {"parley": parley, "chromium": chromium, "aiortc": aiortc, RECEIVED_BY_AIORTC: parley}
# What a peer does not send cannot be asked of the gateway: its rows have no bars.
REPORTED_ONLY = {"aiortc", RECEIVED_BY_AIORTC}
SEEDS = 5
UTTERANCES = 8
# Browsers share two cores with everything else.
AT_ONCE = {"parley": 5, "chromium": 2, "aiortc": 2, RECEIVED_BY_AIORTC: 2}
ANSWER = "C_002"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--interrupted", action="store_true")
    parser.add_argument("--soak", type=float, metavar="MINUTES")
    parser.add_argument("--peer", choices=PEERS, action="append")
    parser.add_argument("--networks", type=lambda text: text.split(","), metavar="NAME[,NAME…]")
    parser.add_argument("--seeds", type=int, default=SEEDS)
    parser.add_argument("--without", type=lambda text: frozenset(text.split(",")), default=frozenset())
    parser.add_argument("--label", default="now")
    parser.add_argument("--commit", default="", help="of the gateway that PARLEY names, where it is not built from these sources")
    arguments = parser.parse_args()
    networks = arguments.networks or (table.SHORT if arguments.short else list(table.NETWORKS))
    if unknown := set(networks) - set(table.NETWORKS) | arguments.without - MEASURES:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    self_test.run()
    print("the model of the network does what it says")
    if missing := what_is_missing():
        print(f"SKIPPED, nothing is shown: {missing}")
        return 0
    if arguments.soak:
        return soaked(arguments.soak)
    peers = [] if arguments.interrupted else arguments.peer or (["parley"] if arguments.short else list(PEERS))
    failures = 0
    for peer in peers:
        rows: list[Measured] = []
        for row in measure(peer, networks, 1 if arguments.short else arguments.seeds, arguments.without, arguments.short):
            rows.append(row)
            print(f"{peer}: {document.line(row, rows[0])}", flush=True)
            if not arguments.short:
                document.write(paths.DOCUMENT, peer, arguments.label, arguments.without, rows, arguments.commit)
        if peer not in REPORTED_ONLY:
            failures += len(document.missed(rows, short=arguments.short))
    if arguments.interrupted or not (arguments.peer or arguments.short):
        failures += interruptions(arguments)
    return 1 if failures else 0


def soaked(minutes: float) -> int:
    lines, failures = soak.run(minutes)
    for failure in failures:
        print(f"FAIL {failure}")
    document.put(paths.DOCUMENT, f"coming and going for {minutes:.0f} minutes", soak.COLUMNS, lines, "")
    return 1 if failures else 0


def interruptions(arguments: argparse.Namespace) -> int:
    rows: list[str] = []
    failures = 0
    for row in interrupted.measure(arguments.short):
        rows.append(row.line())
        print(f"interrupted: {rows[-1]}", flush=True)
        for failure in row.missed():
            failures += 1
            print(f"FAIL {failure}")
        if not arguments.short:
            document.put(paths.DOCUMENT, f"interruptions, {arguments.label}", interrupted.COLUMNS, rows, arguments.commit)
    return failures


def measure(peer: str, networks: list[str], seeds: int, without: frozenset[str], short: bool) -> Iterator[Measured]:
    """The clean network comes first, since the others are compared with it."""
    answer = recordings.utterance(ANSWER)
    questions = [one for one in recordings.spoken("C") if one.name != answer.name]
    count = 3 if short else UTTERANCES
    material = [questions[seed * count : (seed + 1) * count] for seed in range(min(seeds, len(questions) // count))]
    with Answers(recordings.load(answer.path, VOICE_RATE)) as answers:
        with Lab(short).gateway(engines=[answers.engine], models={"conversations": 6}) as server, ExitStack() as other:
            for network in dict.fromkeys(["clean", *networks]):
                yield table.measure(
                    server.url, network, seeds, PEERS[peer], material, recordings.load(answer.path), without, AT_ONCE[peer],
                    other.enter_context(OtherReceiver(server.url)) if peer == RECEIVED_BY_AIORTC else None)


if __name__ == "__main__":
    sys.exit(main())
