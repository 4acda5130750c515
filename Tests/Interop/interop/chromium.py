"""Chromium through Playwright's driver, its fake microphone fed from the speech file."""

from __future__ import annotations

import os
import signal
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from .namespace import settle
from .page import Page
from .speech import SPEECH

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MICROPHONE = [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    f"--use-file-for-fake-audio-capture={SPEECH}",
]
LOOPBACK = ["--allow-loopback-in-peer-connection"]


class Chromium(Page):
    """One browser with the console open; closed with the `with` block."""

    def __init__(self, url: str, extra_flags: list[str] | None = None, microphone: bool = True) -> None:
        self._profile = tempfile.TemporaryDirectory(prefix="parley-chromium-", ignore_cleanup_errors=True)
        self._killed = False
        self._driver = sync_playwright().start()
        self._context = self._driver.chromium.launch_persistent_context(
            self._profile.name,
            executable_path=CHROMIUM,
            headless=True,
            args=[*FLAGS, *(MICROPHONE if microphone else []), *(extra_flags or [])],
        )
        self.page = self._context.new_page()
        self.page.set_default_timeout(40_000)
        self.page.on("console", lambda message: print("console:", message.text))
        self.page.on("pageerror", lambda error: print("page error:", error))
        settle()
        self.page.goto(url)
        # The fake microphone's speech is to arrive as it is.
        for processing in ("#echo", "#noise-browser", "#gain"):
            self.page.uncheck(processing)

    def __enter__(self) -> Chromium:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._killed:
            self._context.close()
        self._driver.stop()
        self._profile.cleanup()

    def evaluate(self, expression: str) -> Any:
        return self.page.evaluate(expression)

    def click(self, selector: str) -> None:
        self.page.click(selector)

    def close_page(self) -> None:
        """As a user closes a tab: the page's own goodbye runs."""
        self.page.close(run_before_unload=True)

    def kill(self) -> None:
        """Every process of this browser at once, so that nothing can say goodbye."""
        self._killed = True
        for process in Path("/proc").iterdir():
            if process.name.isdigit() and self._is_ours(process):
                os.kill(int(process.name), signal.SIGKILL)

    def _is_ours(self, process: Path) -> bool:
        """The browser carries its profile on its command line; its helpers are killed by losing it."""
        try:
            arguments = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return f"--user-data-dir={self._profile.name}".encode() in arguments
