"""Rows of the table, and the documents, of which a full run of a part writes that part's section."""

from __future__ import annotations

import os
import platform
import re
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

CONVERSATION = """# Conversations, measured

Written by `make converse`: real models, real sound, the built server. Each section is the last full run of one part
(`Tests/Converse/converse/parts`), with the figures of the machine it ran on. *Not run* never counts as passed.
"""

ENGINES = """# Engines elsewhere, measured

Written by `make engines`: conversations whose stages, or the whole of which, are at servers elsewhere ([engines.md](engines.md)). Each section is
the last full run of one part (`Tests/Converse/converse/parts`), with the figures of the machine it ran on. *Not run* never counts as passed.
"""


@dataclass
class Row:
    """One thing shown. `passed` is None where it was not run, and `measured` then says why."""

    what: str
    bar: str
    measured: str
    passed: bool | None
    # Markdown shown under the part's table: lists of questions, histograms.
    details: list[str] = field(default_factory=list)

    @property
    def word(self) -> str:
        return {True: "pass", False: "FAIL", None: "not run"}[self.passed]


def not_run(what: str, why: str, bar: str = "") -> Row:
    return Row(what, bar, why, None)


def print_rows(name: str, rows: list[Row]) -> None:
    for row in rows:
        bar = f" (bar: {row.bar})" if row.bar else ""
        print(f"{row.word:<8} {name}: {row.what}: {row.measured}{bar}", flush=True)


def section(name: str, title: str, rows: list[Row]) -> str:
    lines = [f"## {name}: {title}", "", "| what | bar | measured | result |", "| --- | --- | --- | --- |"]
    lines += [f"| {_cell(row.what)} | {_cell(row.bar)} | {_cell(row.measured)} | {row.word} |" for row in rows]
    details = [line for row in rows for line in row.details]
    return "\n".join([*lines, "", _occasion(), *(["", *details] if details else []), ""])


def _occasion() -> str:
    """When and on what a section was measured."""
    found = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    processor = " ".join(found[1].split()) if found else platform.machine()
    return f"{time.strftime('%Y-%m-%d', time.gmtime())}, {os.cpu_count()} cores of {processor}."


def write(document: Path, head: str, order: list[str], sections: dict[str, str]) -> None:
    """Replaces those of the sections that are this document's and keeps its others, in the parts' order."""
    if not any(name in sections for name in order):
        return
    kept = {}
    if document.exists():
        for text in re.split(r"^(?=## )", document.read_text(), flags=re.MULTILINE)[1:]:
            kept[text.removeprefix("## ").split(":")[0]] = text.strip() + "\n"
    kept |= sections
    document.write_text("\n".join([head, *(kept[name] for name in order if name in kept)]))


def _cell(text: str) -> str:
    """Without the folder of the machine's that a run's own files stood in."""
    return text.replace(f"{tempfile.gettempdir()}/", "").replace("|", "\\|").replace("\n", " ")
