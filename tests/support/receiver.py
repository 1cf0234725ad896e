"""A real receiver of webhooks on the loopback interface, which answers as it is told."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(slots=True)
class Received:
    """One message as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


@dataclass(slots=True)
class Answer:
    """What the receiver says back.

    Attributes:
        pause: seconds before it says anything.
        drip: seconds between the single bytes of its body.
    """

    status: int = 204
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    drip: float = 0.0


class Receiver:
    """Keeps what arrived; `answers` are given in order, then `otherwise` for ever."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/hook"
        self.received: list[Received] = []
        self.answers: list[Answer] = []
        self.otherwise = Answer()
        self._arrived = threading.Condition()

    def take(self, message: Received) -> Answer:
        with self._arrived:
            self.received.append(message)
            self._arrived.notify_all()
            return self.answers.pop(0) if self.answers else self.otherwise

    def wait(self, count: int, seconds: float = 20.0) -> list[Received]:
        """The messages, once there are `count`."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.received) >= count, seconds), (
                f"{len(self.received)} of {count} messages arrived"
            )
            return list(self.received)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that listens until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            headers = {k.lower(): v for k, v in self.headers.items()}
            answer = receiver.take(Received(self.path, headers, self.rfile.read(length)))
            time.sleep(answer.pause)
            try:
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(answer.body)))
                self.end_headers()
                for n in range(len(answer.body)) if answer.drip else ():
                    self.wfile.write(answer.body[n : n + 1])
                    time.sleep(answer.drip)
                if not answer.drip:
                    self.wfile.write(answer.body)
            except OSError:
                self.close_connection = True

        def do_GET(self) -> None:
            receiver.take(Received(self.path, dict(self.headers), b"GET"))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        receiver = Receiver(server.server_port)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join(5)


@contextmanager
def speaking(say: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that is no HTTP server: `say` gets each connection. What the other side still
    sends is read, so that closing does not take back what was said.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection, suppress(OSError):
                    say(connection)
                    connection.shutdown(socket.SHUT_WR)
                    while connection.recv(4096):
                        pass

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        listener.shutdown(socket.SHUT_RDWR)
