"""What the scripted engine does in the cases, and the server that runs it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from interop.server import Server

STORY = "Once upon a time there was a small house by the sea and in it lived a woman who had never been seen by the people of the village"

DEFAULT = {
    "hears": ["What time is it?"],
    "rules": [
        {"when": {"tool_output": "get_time"}, "reply": [{"say": "I have looked at the clock for you."}]},
        {"when": {"user": "what time"}, "reply": [{"call": "get_time", "arguments": {}}]},
        {"when": {"user": "blue"}, "reply": [{"call": "set_page_colour", "arguments": {"colour": "blue"}}]},
        {"when": {"user": "times"}, "reply": [{"call": "calculate", "arguments": {"expression": "12 * 3"}}]},
        {"when": {"tool_output": "calculate"}, "reply": [{"say": "That gives {tool_output}"}]},
        {"when": {"user": "story"}, "reply": [{"say": STORY}]},
        {"reply": [{"say": "You said: {user}"}]},
    ],
}


@contextmanager
def scripted(script: dict[str, Any] = DEFAULT, **sections: Any) -> Iterator[Server]:
    """A server of the case's own that follows a script."""
    with TemporaryDirectory(prefix="parley-console-") as folder:
        path = Path(folder) / "script.json"
        path.write_text(json.dumps(script))
        addresses = sections.pop("addresses", ["127.0.0.1"])
        with Server(addresses, engine={"embedded": False, "script": str(path)}, **sections) as server:
            yield server
