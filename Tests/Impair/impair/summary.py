"""The rows of docs/networks.md that bars are held against, side by side in docs/performance.md."""

from __future__ import annotations

import re

from . import paths

PERFORMANCE = paths.ROOT / "docs/performance.md"
BEGIN, END = "<!-- make impair writes from here -->", "<!-- to here -->"
ROWS = ("clean", "20 % lost", "10 % lost in bursts")
COLUMNS = (
    "| who calls | word errors, clean | 20 % lost: more, points | concealed | 10 % lost in bursts: more, points | concealed "
    "| held on the clean path, 95 %, ms |")
# Fields of a row there, from 0: network, word errors, more, STOI twice, held, concealed.
WORDS, MORE, HELD, CONCEALED = 1, 2, 5, 6


def write(sections: dict[str, str]) -> None:
    """`sections`: text by title. A section without the two barred rows, or of another kind, is left out."""
    lines = [line for title, text in sections.items() if (line := row(title, text))]
    table = "\n".join([COLUMNS, re.sub(r"[^|]+", " --- ", COLUMNS), *lines])
    before, rest = PERFORMANCE.read_text().split(BEGIN)
    after = rest.split(END, 1)[1]
    PERFORMANCE.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{after}")


def row(title: str, section: str) -> str | None:
    fields = {parts[0].split(";")[0]: parts for line in section.splitlines() if len(parts := cells(line)) > CONCEALED}
    if any(name not in fields for name in ROWS):
        return None
    clean, lost, bursts = (fields[name] for name in ROWS)
    return (
        f"| {title} | {clean[WORDS]} | {lost[MORE]} | {lost[CONCEALED]} | {bursts[MORE]} | {bursts[CONCEALED]} "
        f"| {clean[HELD].split(', ')[-1]} |")


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
