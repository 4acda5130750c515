"""What a part works with: the built server with the embedded engine, and how much time it may take."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from . import paths
from interop.server import Server

# Opening every model takes some seconds alone, and more beside other work.
LOAD_SECONDS = 120


@dataclass(frozen=True)
class Lab:
    """`short`: the form of .ci/run, in which all parts together take at most four minutes."""

    short: bool

    @contextmanager
    def gateway(self, **sections: Any) -> Iterator[Server]:
        """A server of the part's own, ready, with its HTTP address in `.url`; sections and keys are added to its configuration."""
        settings = {"engine": {"embedded": True}, "models": {"directory": str(paths.MODELS)}}
        for name, section in sections.items():
            settings[name] = settings.get(name, {}) | section if isinstance(section, dict) else section
        with Server(["127.0.0.1"], start_seconds=LOAD_SECONDS, **settings) as server:
            yield server


def what_is_missing() -> str | None:
    """Why nothing can be shown on this machine, or None."""
    if not paths.SPEECH.is_dir():
        return f"no recordings in {paths.SPEECH}"
    if not paths.MODELS.is_dir():
        return f"no models in {paths.MODELS} (make models)"
    return None
