"""The console in Chromium, with a microphone that plays a file, and what a page must not do, watched."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Error, sync_playwright

from interop.chromium import CHROMIUM, FLAGS, LOOPBACK
from interop.page import Page

# Runs before the page's own scripts: what the policy refuses, and a mark that no markup may leave.
WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => violations.push(`${event.violatedDirective}: ${event.blockedURI}`));
window.marked = false;
"""


class Chromium(Page):
    """One browser and one page; at the end it has asked no other host, set no cookie and broken no policy."""

    def __init__(
        self, url: str, microphone: Path, *, allowed: bool = True, scheme: str = "light",
        size: tuple[int, int] = (1280, 800),
    ) -> None:
        self._folder = TemporaryDirectory(prefix="parley-console-", ignore_cleanup_errors=True)
        self._driver = sync_playwright().start()
        permission = "--use-fake-ui-for-media-stream" if allowed else "--deny-permission-prompts"
        self._browser = self._driver.chromium.launch(
            executable_path=CHROMIUM, headless=True,
            args=[
                *FLAGS, *LOOPBACK, permission, "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-audio-capture={microphone}", "--autoplay-policy=no-user-gesture-required",
            ],
        )
        self.context = self._browser.new_context(
            color_scheme=scheme, viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
        self.errors: list[str] = []
        self._hosts: set[str] = set()
        self._host = urlsplit(url).netloc
        self._open(url)

    def _open(self, url: str, storage: str | None = None) -> None:
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.page.add_init_script(WATCH)
        if storage:
            self.page.add_init_script(f"Object.assign(sessionStorage, {storage})")
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self._hosts.add(urlsplit(request.url).netloc))
        self.page.goto(url)

    def crash(self, url: str) -> None:
        """The tab's process dies without a word to anybody. Its reload is a new tab with what a tab keeps over one: the driver
        has no way to reload a tab that has crashed."""
        storage = self.evaluate("JSON.stringify({ ...sessionStorage })")
        try:
            self.page.goto("chrome://crash", timeout=2_000)
        except Error:
            self._open(url, storage)
        else:
            raise AssertionError("the tab did not crash")

    def __enter__(self) -> Chromium:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                self.check_manners()
        finally:
            self._browser.close()
            self._driver.stop()
            self._folder.cleanup()

    def check_manners(self) -> None:
        # A blob of the page's own (a file it saves) has no host.
        assert self._hosts <= {self._host, ""}, f"other hosts were asked: {self._hosts}"
        assert not self.context.cookies(), "a cookie was set"
        assert not self.evaluate("violations"), f"the policy was broken: {self.evaluate('violations')}"
        assert not self.errors, f"the page failed: {self.errors}"

    def evaluate(self, expression: str) -> Any:
        return self.page.evaluate(expression)

    def click(self, selector: str) -> None:
        self.page.click(selector)
