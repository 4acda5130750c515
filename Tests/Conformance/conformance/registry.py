"""The checks and what they show: rows of the contract's table, by transport."""

from __future__ import annotations

import csv
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from .paths import FOLDER

WEBSOCKET = "websocket"
WEBRTC = "webrtc"
HTTP = "http"
BOTH = (WEBSOCKET, WEBRTC)


@dataclass(frozen=True)
class Row:
    id: str
    area: str
    requirement: str
    priority: str


@dataclass(frozen=True)
class Check:
    """One way to show some rows; it has to succeed over each of its transports."""

    name: str
    says: str
    rows: tuple[str, ...]
    over: tuple[str, ...]
    run: Callable[..., Awaitable[None]]
    limit_seconds: float


CHECKS: dict[str, Check] = {}


def check(
    *rows: str, over: tuple[str, ...] | str = WEBSOCKET, limit: float = 60
) -> Callable[[Callable[..., Awaitable[None]]], Callable[..., Awaitable[None]]]:
    """Registers a check of the rows named, like "RT-040"; its first docstring line says what it shows."""

    def register(function: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        name = f"{function.__module__.rsplit('.', 1)[-1]}.{function.__name__}"
        assert name not in CHECKS, name
        says = (function.__doc__ or "").strip().splitlines()[0] if function.__doc__ else function.__name__
        CHECKS[name] = Check(name, says, rows, (over,) if isinstance(over, str) else over, function, limit)
        return function

    return register


def rows() -> list[Row]:
    """All rows, as the contract's section 10 lists them."""
    with open(FOLDER / "rows.tsv") as file:
        return [Row(*fields) for fields in list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]]
