"""Rows of the table, and docs/conversation.md, which a full run of a part writes that part's section of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

HEAD = """# Conversations, measured

Written by `make converse`: real models, real sound, the built server. Each section is the last full run of one part
(`Tests/Converse/converse/parts`), with the figures of the machine it ran on. *Not run* never counts as passed.
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
    return "\n".join([*lines, *(["", *details] if details else []), ""])


def write(document: Path, order: list[str], sections: dict[str, str]) -> None:
    """Replaces the sections given and keeps the others, in the parts' order."""
    kept = {}
    if document.exists():
        for text in re.split(r"^(?=## )", document.read_text(), flags=re.MULTILINE)[1:]:
            kept[text.removeprefix("## ").split(":")[0]] = text.strip() + "\n"
    kept |= sections
    document.write_text("\n".join([HEAD, *(kept[name] for name in order if name in kept)]))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
