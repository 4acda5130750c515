"""A `parley serve` of the test's own, on ports the system picks."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from .speech import SPEECH
from .waiting import until

ROOT = Path(__file__).resolve().parents[3]
COMMAND = shlex.split(os.environ.get("PARLEY", str(ROOT / ".build/release/parley")))
# The engine that sends back what it hears, and where calls to it are placed.
MODEL = "parley-loopback"
CALLS = f"/v1/realtime/calls?model={MODEL}"
# Above the server's own deadline for a stop.
STOP_SECONDS = 15
ADDRESS = re.compile(r"\b(https?)://(?:localhost|127\.0\.0\.1)(?::(\d+))")


class Server:
    """Starts with the settings given, stops with the `with` block, and keeps its output for a failure's report."""

    def __init__(self, ice_addresses: list[str], start_seconds: float = 20, **sections: Any) -> None:
        """`start_seconds` bounds the start; `sections` are added to the configuration file; no ICE address means every interface."""
        self._folder = tempfile.TemporaryDirectory(prefix="parley-interop-")
        folder = Path(self._folder.name)
        # The page with the speech beside it, so that a browser without a fake microphone can fetch the file.
        shutil.copytree(ROOT / "Web", folder / "web")
        shutil.copy(SPEECH, folder / "web" / "speech.wav")
        settings = {
            "http": {"hosts": ["127.0.0.1"], "port": 0},
            "https": {"hosts": ["127.0.0.1"], "port": 0},
            "web": {"directory": str(folder / "web")},
            "ice": {"addresses": ice_addresses},
            # A machine that tests is busy, which is no reason to refuse its calls.
            "media": {"max-late-percent": 100, "max-busy-percent": 100},
            # Models take seconds to load and are what other tests are for.
            "engine": {"embedded": False},
            "log": {"level": "debug"},
        }
        for name, section in sections.items():
            settings[name] = settings.get(name, {}) | section if isinstance(section, dict) else section
        # JSON is YAML.
        (folder / "parley.yaml").write_text(json.dumps(settings))
        # Browsers and certificates know loopback by its name, which stands for IPv4 on every machine.
        self._host = "[::1]" if settings["http"]["hosts"] == ["::1"] else "localhost"
        self._key = next(iter(settings.get("auth", {}).get("keys", [])), None)
        self._stopped_early = False
        self._start_seconds = start_seconds
        self._ports: dict[str, int] = {}
        self.output: list[str] = []
        self._process = subprocess.Popen(
            [*COMMAND, "serve", "--config", str(folder / "parley.yaml")],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Server:
        until(lambda: "http" in self._ports or self._process.poll() is not None, "the server's address", self._start_seconds)
        until(self._is_ready, "the server being ready", self._start_seconds)
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        running = self._process.poll() is None
        status = self.stop()
        self._folder.cleanup()
        if kind is not None:
            print("the server's last words:", *self.output[-60:], sep="\n    ")
        elif not self._stopped_early:
            assert running, f"the server had ended by itself with status {status}"
            assert status == 0, f"the server ended with status {status} when asked to stop"

    def ask_to_stop(self) -> None:
        self._stopped_early = True
        self._process.terminate()

    def kill(self) -> None:
        """Ends it as a crash would: without a word to anybody."""
        self._stopped_early = True
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """Asks the server to stop and returns its exit status; one that does not stop in time is killed."""
        self._process.terminate()
        try:
            status = self._process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        self._reader.join(timeout=5)
        return status

    @property
    def url(self) -> str:
        return f"http://{self._host}:{self._ports['http']}"

    @property
    def port(self) -> int:
        return self._ports["http"]

    def page(self, **query: str) -> str:
        """The console's address, set to call `MODEL`."""
        return f"{self.url}/console/?{urlencode({'model': MODEL} | query, safe='/')}"

    @property
    def secure_url(self) -> str:
        until(lambda: "https" in self._ports, "the server's HTTPS address", 5)
        return f"https://{self._host}:{self._ports['https']}"

    def calls(self) -> int:
        """The number of calls the server holds now, by its own metrics."""
        with urllib.request.urlopen(self._request("/metrics"), timeout=5) as response:
            text = response.read().decode()
        found = re.search(r"^gateway_calls(?:\{[^}]*\})? ([0-9.e+]+)$", text, re.MULTILINE)
        assert found, f"no gauge of open calls in the metrics:\n{text}"
        return int(float(found[1]))

    @property
    def web(self) -> Path:
        """The directory of the static files: the test's own copy."""
        return Path(self._folder.name) / "web"

    @property
    def process_id(self) -> int:
        return self._process.pid

    def resident_kib(self) -> int:
        """Memory of the process, as the kernel counts it."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return int(re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)[1])

    def place(self, offer: str, path: str = CALLS) -> tuple[str, str]:
        """Posts an offer. Returns the call's path and the answer."""
        request = self._request(path, offer.encode(), {"Content-Type": "application/sdp"})
        with urllib.request.urlopen(request, timeout=10) as response:
            assert response.status == 201, response.status
            return response.headers["Location"], response.read().decode()

    def restart(self, path: str, offer: str) -> tuple[int, dict[str, Any]]:
        """Sends an offer to a call that runs, one that is refused. Returns the status and the error."""
        request = self._request(path, offer.encode(), {"Content-Type": "application/sdp"})
        request.method = "PATCH"
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                raise AssertionError(f"an offer that is none was answered with {response.status}")
        except urllib.error.HTTPError as refusal:
            return refusal.code, json.load(refusal)["error"]

    def hang_up(self, path: str) -> None:
        with urllib.request.urlopen(self._request(f"{path}/hangup", b""), timeout=10) as response:
            assert response.status == 200, response.status

    def _request(
        self, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> urllib.request.Request:
        authorization = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        return urllib.request.Request(self.url + path, body, (headers or {}) | authorization)

    def _read(self) -> None:
        for line in self._process.stdout:
            self.output.append(line.rstrip())
            for scheme, port in ADDRESS.findall(line):
                self._ports.setdefault(scheme, int(port))

    def _is_ready(self) -> bool:
        assert self._process.poll() is None, "the server did not start"
        try:
            with urllib.request.urlopen(f"{self.url}/ready", timeout=5) as response:
                return response.status == 200
        except OSError:
            return False
