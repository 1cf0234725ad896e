"""A real HTTP server that speaks the interface of OpenAI's chat completions, as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Think = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(slots=True)
class Reply:
    """What the server answers.

    Attributes:
        body: JSON, or bytes as they are.
        pause: seconds before it answers.
    """

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0


@dataclass(slots=True)
class Asked:
    """A question as it arrived."""

    body: dict[str, Any]
    authorization: str

    @property
    def data(self) -> dict[str, Any]:
        """The document in the user's part."""
        return json.loads(self.text("user"))

    def text(self, role: str) -> str:
        """What was said in a role."""
        return "".join(m["content"] for m in self.body["messages"] if m["role"] == role)


def completion(message: dict[str, Any], finish: str = "tool_calls", **usage: int) -> Reply:
    """An answer with a message, and 100 tokens read and 20 written."""
    used = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120, **usage}
    choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", **message}}
    return Reply(body={
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "small",
        "choices": [choice], "usage": used,
    })  # fmt: skip


def calling(arguments: Any, **usage: int) -> Reply:
    """An answer by the tool that takes it; arguments as JSON, or as the text they are."""
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    call = {
        "id": "call-1",
        "type": "function",
        "function": {"name": "final_result", "arguments": text},
    }
    return completion({"content": None, "tool_calls": [call]}, **usage)


class ModelServer:
    """Answers `replies` in order, then what `think` makes of the data it is given."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/v1"
        self.asked: list[Asked] = []
        self.replies: list[Reply] = []
        self.think: Think = lambda _data: {}

    def take(self, question: Asked) -> Reply:
        self.asked.append(question)
        return self.replies.pop(0) if self.replies else calling(self.think(question.data))


@contextmanager
def model_server() -> Iterator[ModelServer]:
    """A server that listens until the block ends."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            reply = known.take(Asked(body, self.headers.get("authorization", "")))
            if reply.pause:
                over.wait(reply.pause)
            data = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            with suppress(ConnectionError):
                self.send_response(reply.status)
                headers = {"content-type": "application/json", **reply.headers}
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:
            """Whoever asks may hang up."""

    with Server(("127.0.0.1", 0), Handler) as server:
        known = ModelServer(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield known
        finally:
            over.set()
            server.shutdown()
            thread.join()
