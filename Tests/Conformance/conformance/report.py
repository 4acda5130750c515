"""docs/conformance.md: per row and transport pass, fail or not run. It holds no date and no time, so that a rerun with
the
same outcome changes nothing."""

from __future__ import annotations

from collections import Counter

from hostile import ATTACKS

from .not_run import NOT_RUN
from .paths import ROOT
from .registry import HTTP, WEBRTC, WEBSOCKET, rows
from .runner import Result

DOCUMENT = ROOT / "docs/conformance.md"
# What issue 3 asks for.
ROWS_THAT_PASS = 188
TRANSPORTS = {HTTP: "HTTP", WEBSOCKET: "WebSocket", WEBRTC: "WebRTC"}

HEAD = """# Conformance

Written by `make conformance`, which drives a live server over both transports with the scripted engine. Each row of
the contract's table is shown by the checks named (`Tests/Conformance/checks`, `Tests/Conformance/clients`); a row passes
when all of them do, over each transport they run over. Every frame of every check is also held against the `openai`
package's own event types in strict mode (an unknown or missing field fails), against the null rule, and against the
rules that hold over a whole session.
*Not run* never counts as passed.
"""


def outcomes(results: list[Result]) -> dict[str, dict[str, bool]]:
    """By row and transport: whether all checks passed."""
    found: dict[str, dict[str, bool]] = {}
    for result in results:
        for row in result.check.rows:
            per = found.setdefault(row, {})
            per[result.transport] = per.get(result.transport, True) and result.failure is None
    return found


def print_summary(results: list[Result]) -> None:
    failed = [result for result in results if result.failure]
    for result in failed:
        print(f"FAILED  {result.transport:<9} {result.check.name}: {result.failure[:300]}")
    print(f"checks: {len(results) - len(failed)} passed, {len(failed)} failed")


def write(results: list[Result], caught: dict[str, bool], withstood: dict[str, bool]) -> int:
    """Writes the document. Returns the number of rows that are a reason not to be content."""
    found = outcomes(results)
    lines, counts, problems = [], Counter(), 0
    for row in rows():
        per = found.get(row.id)
        if per is None:
            word, reason = "not run", NOT_RUN.get(row.id, "no check yet")
            problems += row.id not in NOT_RUN
        else:
            word = "pass" if all(per.values()) else "FAIL"
            names = sorted({result.check.name for result in results if row.id in result.check.rows})
            reason = ", ".join(f"`{name}`" for name in names)
        counts[word] += 1
        cells = " | ".join(_cell(per, transport) for transport in TRANSPORTS)
        lines.append(f"| {row.id} | {row.requirement} | {row.priority} | {word} | {cells} | {reason} |")
    DOCUMENT.write_text(
        "\n".join(
            [
                HEAD,
                f"{counts['pass']} rows pass, {counts['FAIL']} fail, {counts['not run']} are not run, "
                f"of {len(lines)}.\n",
                f"| row | requirement | P | result | {' | '.join(TRANSPORTS.values())} | shown by, or why not run |",
                "| --- | --- | --- | --- | --- | --- | --- | --- |",
                *lines,
                "",
                *_broken_servers(caught),
                *_hostile_clients(withstood),
            ]
        )
    )
    print(
        f"rows: {counts['pass']} pass, {counts['FAIL']} fail, {counts['not run']} not run "
        f"(asked for: {ROWS_THAT_PASS} that pass)"
    )
    return problems + (counts["pass"] < ROWS_THAT_PASS)


def _broken_servers(caught: dict[str, bool]) -> list[str]:
    return [
        "## Broken servers",
        "",
        "The suite is itself proven: a proxy breaks real frames of the server in one way at a time, and",
        f"{sum(caught.values())} of {len(caught)} such servers are caught by a check that passes through the same proxy with nothing changed.",
        "",
        "| broken by | result |",
        "| --- | --- |",
        *(f"| {name} | {'caught' if one else 'MISSED'} |" for name, one in caught.items()),
        "",
    ]


def _hostile_clients(withstood: dict[str, bool]) -> list[str]:
    return [
        "## Hostile clients",
        "",
        "Each runs against a server of its own beside a session that goes on talking; withstood means: answered or closed",
        "as documented, memory within the bound, the other session unharmed, and a clean end of the server afterwards.",
        "",
        "| client | memory may grow by | result |",
        "| --- | --- | --- |",
        *(
            f"| {ATTACKS[name].says} | {ATTACKS[name].memory_mib} MiB | {'withstood' if one else 'SUCCEEDED'} |"
            for name, one in withstood.items()
        ),
        "",
    ]


def _cell(per: dict[str, bool] | None, transport: str) -> str:
    if per is None or transport not in per:
        return ""
    return "pass" if per[transport] else "FAIL"
