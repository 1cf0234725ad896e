"""Beginning while PostgreSQL is not there yet: wait for it, and say so to people and probes."""

from __future__ import annotations

import html
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

from landbridge.api.readiness import told, unready
from landbridge.assembly import health
from landbridge.assembly.platform import Platform, assemble
from landbridge.cli.output import notices
from landbridge.database.engine import Databases, connect
from landbridge.database.errors import TooManyConnections
from landbridge.errors.catalogue import LandbridgeError
from landbridge.errors.common import DatabaseUnavailable
from landbridge.flows.engine import migrate_engine
from landbridge.kit import jsonio
from landbridge.kit.settings import Settings
from landbridge.kit.tracing import new_trace_id
from landbridge.occurrences import noting

AWAY: Final = (DatabaseUnavailable, TooManyConnections)
PAUSES: Final = (0.5, 0.5, 1.0, 1.0, 2.0)
RETRY_AFTER: Final = 5
BACKLOG: Final = 2048


@contextmanager
def patiently_opened(
    chosen: Settings, stop: threading.Event, listener: socket.socket | None = None
) -> Iterator[Platform]:
    """Open the platform; while PostgreSQL does not answer, wait for it, within the settings' time.

    Args:
        chosen: where the database is, and how long to wait.
        stop: ends the waiting.
        listener: where requests meanwhile get 503; `/livez` answers that the process is there.

    Raises:
        LandbridgeError: the database still does not answer, or waiting will not help.
    """
    databases = _connected(chosen, stop, listener)
    try:
        yield assemble(databases)
    finally:
        databases.close()


def _connected(
    chosen: Settings, stop: threading.Event, listener: socket.socket | None
) -> Databases:
    deadline = time.monotonic() + chosen.database_wait_seconds
    with ExitStack() as waiting:
        tries = 0
        while True:
            try:
                opened = connect(chosen, migrate_engine=migrate_engine)
            except AWAY as error:
                if time.monotonic() >= deadline or stop.is_set():
                    raise
                if not tries and listener is not None:
                    waiting.enter_context(reception(listener, error))
                if not tries:
                    seconds = f"{chosen.database_wait_seconds:g} s"
                    notices().print(f"{error.detail} Waiting for it, up to {seconds} …")
            else:
                if tries:
                    notices().print("PostgreSQL answers.")
                return opened
            stop.wait(PAUSES[min(tries, len(PAUSES) - 1)])
            tries += 1


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens, so that nobody is turned away between two servers at it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family, backlog=BACKLOG) as made:
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # connections inherit it
        yield made


@contextmanager
def reception(listener: socket.socket, error: LandbridgeError) -> Iterator[None]:
    """Answer for a server that cannot serve yet, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            self.close_connection = True
            if self.path.partition("?")[0] == "/livez":
                self._send(200, "application/json", jsonio.dumps({"status": "ok"}), "")
            elif self.path.partition("?")[0] == "/readyz":
                trace_id, failed = new_trace_id(), health.Check("database", "", error)
                body = unready([told(failed)], trace_id)
                self._send(503, "application/problem+json", jsonio.dumps(body), trace_id)
            else:
                trace_id = new_trace_id()
                noting.note(error, "before the start", trace_id=trace_id)
                if "text/html" in self.headers.get("Accept", ""):
                    self._send(503, "text/html; charset=utf-8", _page(error, trace_id), trace_id)
                else:
                    body = error.problem(trace_id=trace_id) | {"retry_after": RETRY_AFTER}
                    kind = "application/problem+json"
                    self._send(503, kind, jsonio.dumps(body), trace_id)

        def _send(self, status: int, kind: str, text: str, trace_id: str) -> None:
            body = text.encode()
            self.send_response_only(status)
            for name, value in (
                ("Content-Type", kind),
                ("Content-Length", str(len(body))),
                ("Connection", "close"),
                ("Cache-Control", "no-store"),
                ("Content-Security-Policy", "default-src 'none'"),
                ("X-Content-Type-Options", "nosniff"),
                ("X-Trace-Id", trace_id or new_trace_id()),
                ("Retry-After", str(RETRY_AFTER)),
            ):
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _answer  # noqa: N815 - the names of http.server

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    host, port = listener.getsockname()[:2]
    server = ThreadingHTTPServer((host, port), Handler, bind_and_activate=False)
    server.socket.close()
    server.socket = listener.dup()
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _page(error: LandbridgeError, trace_id: str) -> str:
    said = html.escape(f"{error.detail} This page tries again by itself.")
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f'<meta http-equiv="refresh" content="{RETRY_AFTER}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(error.title)}</title>"
        f"<h1>{html.escape(error.title)}</h1><p>{said}</p>"
        f"<p>{error.code} · trace {trace_id}</p></html>"
    )
