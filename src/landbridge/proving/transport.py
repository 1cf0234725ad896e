"""HTTP as bytes: what was answered, whole, with nothing interpreted away."""

from __future__ import annotations

import gzip
import http.client
import io
import re
import threading
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from landbridge.proving.errors import DeploymentUnreachable

MOST_BYTES: Final = 4 << 20
STREAM_SECONDS: Final = 0.5
ANSWER_SECONDS: Final = 60.0
PATIENCE: Final = 2
PATIENCE_SECONDS: Final = 5
SHORTEST_ID: Final = 6
"""Shorter values, and words, are parts of other words."""
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_DURATION: Final = re.compile(
    r"\bjust now\b|\b\d+ (s|min|h|d|seconds?|minutes?|hours?|days?)( ago)?\b"
)
VOLATILE_HEADERS: Final = frozenset({"x-trace-id", "date", "server-timing"})


@dataclass(frozen=True, slots=True)
class Request:
    """One request: `values` are the ids in it, so that answers can be compared without them."""

    method: str
    target: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    values: tuple[str, ...] = ()
    streams: bool = False

    def __str__(self) -> str:
        """How evidence names it."""
        return f"{self.method} {self.target}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """The first header of this name, or nothing."""
        return next((v for k, v in self.headers if k == name), "")

    @property
    def text(self) -> str:
        """Headers and body to search in, archives unpacked."""
        told = "\n".join(f"{k}: {v}" for k, v in self.headers)
        return told + "\n\n" + unpacked(self.body)

    def comparable(self, values: tuple[str, ...]) -> tuple[int, tuple[str, ...], str]:
        """The answer without its trace id and without the ids that were asked with."""
        volatile = VOLATILE_HEADERS
        if self.body[:2] == b"PK":  # a workbook says when it was made
            body = _MOMENT.sub("<moment>", unpacked(self.body))
            volatile |= {"content-length"}
        else:
            body = _DURATION.sub("<time>", whole := self.body.decode("utf-8", "replace"))
            volatile |= {"content-length"} if body != whole else set()
        headers = sorted(f"{k}: {v}" for k, v in self.headers if k not in volatile)
        trace = self.header("x-trace-id")
        ordered = sorted(values, key=len, reverse=True)
        named = [v for v in ordered if len(v) >= SHORTEST_ID and any(c.isdigit() for c in v)]
        for value in filter(None, (trace, *named)):
            body = body.replace(value, "<id>")
            headers = [h.replace(value, "<id>") for h in headers]
        return self.status, tuple(headers), body


def unpacked(body: bytes) -> str:
    """The text of a body; of every member when it is an archive."""
    if body[:2] == b"PK":
        try:
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                return "\n".join(
                    archive.read(i).decode("utf-8", "replace")
                    for i in archive.infolist()
                    if i.file_size < MOST_BYTES
                )
        except (zipfile.BadZipFile, zlib.error):
            return body.decode("utf-8", "replace")
    if body[:2] == b"\x1f\x8b":
        try:
            return gzip.decompress(body).decode("utf-8", "replace")
        except (OSError, EOFError, zlib.error):
            return body.decode("utf-8", "replace")
    return body.decode("utf-8", "replace")


class Client:
    """Kept-alive connections to a deployment, one for each thread; counts what it sends."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url if "//" in url else f"http://{url}")
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        self.url = f"{parts.scheme}://{parts.netloc}"
        self._prefix = parts.path.rstrip("/")
        self._host, self._port, self._kind = parts.hostname or "", parts.port, kind
        self._mine = threading.local()
        self._opened: list[http.client.HTTPConnection] = []
        self._pause = threading.Event()
        self._lock = threading.Lock()
        self.sent = 0

    def __enter__(self) -> Client:
        """The client itself."""
        return self

    def __exit__(self, *_exc: object) -> None:
        """Close the connections."""
        for connection in self._opened:
            connection.close()

    def send(self, request: Request) -> Answer:
        """Send a request and read the answer; waits when the deployment asks for patience.

        Raises:
            DeploymentUnreachable: nothing answers.
        """
        for _ in range(PATIENCE):
            answer = self._once(request)
            wait = answer.header("retry-after")
            if answer.status != 429 or not wait.isdecimal():
                break
            self._pause.wait(min(int(wait), PATIENCE_SECONDS))
        return answer

    def _once(self, request: Request) -> Answer:
        with self._lock:
            self.sent += 1
        for attempt in (1, 2):
            connection = self._line()
            try:
                headers = {"Accept": "text/html, application/json", **request.headers}
                connection.request(
                    request.method,
                    self._prefix + request.target,
                    body=request.body,
                    headers=headers,
                )
                response = connection.getresponse()
                return self._read(connection, response)
            except (http.client.HTTPException, OSError) as error:
                self._drop()
                if attempt == 2:
                    raise DeploymentUnreachable(
                        url=self.url, reason=str(error) or type(error).__name__
                    ) from error
        raise DeploymentUnreachable(url=self.url, reason="no answer")

    def _read(
        self, connection: http.client.HTTPConnection, response: http.client.HTTPResponse
    ) -> Answer:
        headers = tuple((k.lower(), v) for k, v in response.getheaders())
        if response.headers.get_content_type() == "text/event-stream":
            body = self._stream(connection, response)
            self._drop()
        else:
            body = response.read(MOST_BYTES)
            if response.read(1):
                self._drop()
        return Answer(response.status, headers, body)

    @staticmethod
    def _stream(
        connection: http.client.HTTPConnection, response: http.client.HTTPResponse
    ) -> bytes:
        """What a stream says until it is silent for a moment."""
        if connection.sock is not None:
            connection.sock.settimeout(STREAM_SECONDS)
        said = b""
        try:
            while (part := response.read1(1 << 16)) and len(said) < MOST_BYTES:
                said += part
        except TimeoutError:
            return said
        return said

    def _line(self) -> http.client.HTTPConnection:
        """The connection of this thread."""
        kept: http.client.HTTPConnection | None = getattr(self._mine, "connection", None)
        if kept is None:
            kept = self._kind(self._host, self._port, timeout=ANSWER_SECONDS)
            self._mine.connection = kept
            self._opened.append(kept)
        return kept

    def _drop(self) -> None:
        self._line().close()
        self._opened.remove(self._mine.connection)
        self._mine.connection = None
