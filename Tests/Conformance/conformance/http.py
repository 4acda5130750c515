"""Plain HTTP requests, written out, so that nothing a client library adds or leaves out stands between
test and server."""

from __future__ import annotations

import asyncio
import http.client
import json
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

LIMIT_SECONDS = 15


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> dict[str, Any]:
        """The error of a JSON error body, all four keys checked (RT-026)."""
        error = self.json["error"]
        assert set(error) >= {"message", "type", "param", "code"}, error
        assert isinstance(error["message"], str) and error["message"] and isinstance(error["type"], str), error
        return error


async def request(
    url: str,
    method: str = "GET",
    body: bytes | str | dict | None = None,
    key: str | None = None,
    headers: dict[str, str] | None = None,
    ca: str | None = None,
) -> Reply:
    """`body` as a dictionary is sent as JSON. `ca`: file of the authority that HTTPS is checked against."""
    return await asyncio.to_thread(_request, url, method, body, key, headers or {}, ca)


def _request(
    url: str, method: str, body: bytes | str | dict | None, key: str | None, headers: dict[str, str], ca: str | None
) -> Reply:
    parts = urlsplit(url)
    if parts.scheme == "https":
        context = ssl.create_default_context(cafile=ca)
        connection = http.client.HTTPSConnection(parts.netloc, timeout=LIMIT_SECONDS, context=context)
    else:
        connection = http.client.HTTPConnection(parts.netloc, timeout=LIMIT_SECONDS)
    sent = dict(headers)
    if isinstance(body, dict):
        body = json.dumps(body)
        sent.setdefault("Content-Type", "application/json")
    if key:
        sent["Authorization"] = f"Bearer {key}"
    data = body.encode() if isinstance(body, str) else body
    try:
        connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), data, sent)
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, found, response.read())
    finally:
        connection.close()


def multipart(*parts: tuple[str, str, str]) -> tuple[bytes, dict[str, str]]:
    """A form of (name, content type, content) as the `openai` package writes it: no file names (RT-002)."""
    boundary = "parley-conformance-boundary"
    lines = []
    for name, kind, content in parts:
        lines.append(
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n'
            f"Content-Type: {kind}\r\n\r\n{content}\r\n"
        )
    body = "".join(lines) + f"--{boundary}--\r\n"
    return body.encode(), {"Content-Type": f"multipart/form-data; boundary={boundary}"}
