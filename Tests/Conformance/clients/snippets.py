"""The snippets of docs/clients.md, run as they stand there but for the server's address."""

from __future__ import annotations

import asyncio
import re
import sys

from conformance.lab import Lab
from conformance.paths import ROOT
from conformance.registry import check

DOCUMENT = ROOT / "docs/clients.md"
SNIPPET = re.compile(r"<!-- run: ([a-z-]+) (RT-\d+) prints: (.+?) -->\n```python\n(.*?)```", re.DOTALL)
ADDRESS = "127.0.0.1:8080"
SECURE_ADDRESS = "localhost:8443"
LIMIT_SECONDS = 40


def _register(name: str, row: str, expected: str, code: str) -> None:
    async def run(lab: Lab) -> None:
        server = lab.servers.open()
        text = code.replace(ADDRESS, server.url.split("//")[1]).replace(
            SECURE_ADDRESS, server.secure_url.split("//")[1]
        )
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", text, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        try:
            output, errors = await asyncio.wait_for(process.communicate(), LIMIT_SECONDS)
        except TimeoutError:
            process.kill()
            raise AssertionError(f"not finished within {LIMIT_SECONDS} s") from None
        assert process.returncode == 0, errors.decode()[-800:]
        assert re.search(expected, output.decode()), f"printed {output.decode()!r}"

    run.__doc__ = f"docs/clients.md: the snippet {name} runs as it stands there."
    run.__name__ = name.replace("-", "_")
    check(row)(run)


for _found in SNIPPET.finditer(DOCUMENT.read_text()):
    _register(*_found.groups())
