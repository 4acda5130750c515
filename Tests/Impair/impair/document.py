"""docs/networks.md: a section for each peer and state of the product, replaced when it is measured again; docs/performance.md sums up."""

from __future__ import annotations

import datetime
import re
import subprocess
from pathlib import Path

import numpy as np

from . import paths, summary
from .table import Difference, Measured

HEAD = """# Bad networks, measured

Written by `make impair`: calls through an impairer (`Tests/Impair`) that spoils every packet of both directions, handshake and
events included; real speech, the embedded recogniser, five calls of eight utterances to a row.

*Word errors*: wrong words of the gateway's transcripts; *more* is how many points that is above the same utterances on the clean
path, with the 95 % interval of drawing utterances anew. *STOI*: how intelligible (0 to 1) what the recogniser got and what the client
heard are, each second beside the sound that was sent. *Held*: how long the gateway kept decoded packets back, 50th and 95th percentile, as
upper edges of bands, ms. *Concealed*: how much of the sound the gateway decoded was made up or restored from the codec's own
redundancy; a packet that another repeats, or that comes because it was asked for once more, is heard as it was sent, and is none of it.

`parley call` plays nothing: its record lays each packet down as it comes, so that jitter on the way, and a machine that is busy, cost STOI
at the client that a player's buffer would save.

*without*: what the two sides were kept from agreeing on; without *reports* no RTCP passes, so that nothing adapts and nothing is asked for.

*aiortc* as a client sends no redundancy; its rows are reported, no bar is held against them. *Received by aiortc*: `parley call` as before, but
aiortc 1.x takes the call and passes what it decoded to the same gateway over WebSocket, as gateways that are built on it do; what it does not
make up is missing there.

*coming and going*: waves of six callers of `parley call`, each on a network of its own (20 % lost, 10 % in bursts, 60 ms jitter, everything, 48 kbit/s,
clean), every third killed in mid-sentence; what the gateway holds once it has noticed, medians of a third of the waves to a row.

*interruptions*: by speech, at random moments of an answer, Chromium playing it; how far `audio_end_ms` of `conversation.item.truncated`
lies from where the recording at the client stops (any moment of a pause that it stopped in is right), and in how many the words kept are
those heard, give or take one.
"""
COLUMNS = "| network | word errors | more, points | STOI at the gateway | STOI at the client | held, ms | concealed |"
# How many points word errors may rise, and how long the clean path may hold 95 % of the packets, ms.
POINTS = 5.0
HELD_MS = 30
BARRED = ("20 % lost", "10 % lost in bursts")


def line(row: Measured, clean: Measured) -> str:
    difference = Difference.of(row, clean)
    failures = [call.failure for call in row.outcomes if call.failure]
    words = more = "–"
    if difference:
        words = f"{difference.wrong} of {difference.words} ({100 * difference.wrong / difference.words:.1f} %)"
        more = f"{difference.points:+.1f} ({difference.low:+.1f} to {difference.high:+.1f})" if row is not clean else "0"
    gateway, client = (
        stoi([score for call in row.outcomes for score in getattr(call, side)]) for side in ("at_gateway", "at_client"))
    failed = f"; {len(failures)} of {len(row.outcomes)} calls failed: {failures[0].split('. ')[0]}" if failures else ""
    return (
        f"| {row.network}{failed} | {words} | {more} | {gateway} | {client} | {row.held[0]}, {row.held[1]} "
        f"| {100 * row.concealed_share:.1f} % |")


def stoi(scores: list[float]) -> str:
    return f"{np.mean(scores):.2f}" if scores else "–"


def missed(rows: list[Measured], short: bool = False) -> list[str]:
    """Bars that do not hold. A short run has too few words for any but the delay's, and that every call came to its end."""
    clean = rows[0]
    failures = [call.failure for row in rows for call in row.outcomes if call.failure]
    held = clean.held[1]
    if not held.isdigit() or int(held) > HELD_MS:
        failures.append(f"the clean path holds packets for {held} ms")
    for row in rows:
        difference = Difference.of(row, clean)
        if not short and row.network in BARRED and (difference is None or difference.points > POINTS):
            failures.append(f"{row.network}: word errors rise by more than {POINTS:.0f} points")
    for failure in failures:
        print(f"FAIL {failure}")
    return failures


def write(document: Path, peer: str, label: str, without: frozenset[str], rows: list[Measured], product: str) -> None:
    title = f"{peer}, {label}" + (f", without {', '.join(sorted(without))}" if without else "")
    put(document, title, COLUMNS, [line(row, rows[0]) for row in rows], product)


def put(document: Path, title: str, columns: str, lines: list[str], product: str) -> None:
    """Replaces the section of that title, or adds it."""
    section = "\n".join([
        f"## {title}", "", f"{datetime.date.today()}, commit {product or commit()}.", "", columns, re.sub(r"[^|]+", " --- ", columns),
        *lines, "",
    ])
    kept: dict[str, str] = {}
    if document.exists():
        for text in re.split(r"^(?=## )", document.read_text(), flags=re.MULTILINE)[1:]:
            kept[text.splitlines()[0].removeprefix("## ")] = text.strip() + "\n"
    kept[title] = section
    document.write_text("\n".join([HEAD, *kept.values()]))
    summary.write(kept)


def commit() -> str:
    return subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=paths.ROOT, capture_output=True, text=True, check=True).stdout.strip()
