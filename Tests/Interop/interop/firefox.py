"""Firefox through WebDriver BiDi. Its fake microphone plays only a tone, so the page decodes the speech file itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

from .page import Page
from .sound_server import SoundServer
from .waiting import until

FIREFOX = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or "firefox"
PREFERENCES = {
    "media.autoplay.default": 0,
    "media.autoplay.blocking_policy": 0,
    "remote.active-protocols": 1,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "browser.shell.checkDefaultBrowser": False,
    "app.update.enabled": False,
}
REPLY_SECONDS = 40


class Firefox(Page):
    """One browser with the console open; closed with the `with` block."""

    def __init__(self, url: str) -> None:
        self._profile = tempfile.TemporaryDirectory(prefix="parley-firefox-", ignore_cleanup_errors=True)
        profile = Path(self._profile.name)
        lines = [f"user_pref({json.dumps(key)}, {json.dumps(value)});" for key, value in PREFERENCES.items()]
        (profile / "user.js").write_text("\n".join(lines))
        self._sound = SoundServer()
        self._process = subprocess.Popen(
            [FIREFOX, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"],
            env=os.environ | {"HOME": str(profile)} | self._sound.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        # The browser writes down the port it has picked.
        note = profile / "WebDriverBiDiServer.json"
        until(lambda: note.exists() and note.read_text().endswith("}"), "Firefox's remote port", 60)
        port = json.loads(note.read_text())["ws_port"]
        self._socket = connect(f"ws://127.0.0.1:{port}/session", max_size=1 << 25, compression=None)
        self._count = 0
        self._command("session.new", capabilities={})
        self._context = self._command("browsingContext.getTree")["contexts"][0]["context"]
        self._command("browsingContext.navigate", context=self._context, url=url, wait="complete")

    def __enter__(self) -> Firefox:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._sound.stop()
        self._profile.cleanup()

    def evaluate(self, expression: str) -> Any:
        result = self._command(
            "script.evaluate",
            expression=f"Promise.resolve({expression}).then((value) => JSON.stringify(value ?? null))",
            target={"context": self._context},
            awaitPromise=True,
            userActivation=True,
        )
        assert result["type"] == "success", result["exceptionDetails"]["text"]
        return json.loads(result["result"]["value"])

    def click(self, selector: str) -> None:
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def _command(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._count += 1
        self._socket.send(json.dumps({"id": self._count, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv(timeout=REPLY_SECONDS))
            if message.get("id") == self._count:
                assert message["type"] == "success", f"{method}: {message.get('message')}"
                return message["result"]
