"""What the outermost layer counts of a request, and how many it lets in at a time."""

from __future__ import annotations

import time
from typing import Any, Final

from starlette.types import Message, Scope

from landbridge.api.errors import ServerBusy
from landbridge.kit import metrics

ALWAYS: Final = frozenset({"/livez", "/readyz", "/metrics"})
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BUSY_SECONDS: Final = 1
STREAM: Final = b"text/event-stream"


class Entrance:
    """Counts who is inside; a stream of events leaves when it begins, for it only waits."""

    def __init__(self, most: int) -> None:
        """
        Args:
            most: requests that are worked on at the same time.
        """
        self._most = most
        self._inside = 0

    def enter(self, scope: Scope) -> Visit:
        """Let a request in.

        Raises:
            ServerBusy: there are enough.
        """
        counted = scope["path"] not in ALWAYS
        if counted and self._inside >= self._most:
            raise ServerBusy(limit=self._most, retry_after=BUSY_SECONDS)
        return Visit(self, scope, counted)

    def change(self, by: int) -> None:
        """Somebody came in or left."""
        self._inside += by
        meters = metrics.meters()
        if meters is not None:
            meters.under_way.inc(by)


class Visit:
    """One request inside."""

    def __init__(self, entrance: Entrance, scope: Scope, counted: bool) -> None:
        self._entrance = entrance
        self._scope = scope
        self._counted = counted
        self._began = time.perf_counter()
        self._status = 0
        self._left = False
        if counted:
            entrance.change(1)

    def saw(self, message: Message) -> None:
        """A part of the answer goes out."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            if any(k == b"content-type" and v.startswith(STREAM) for k, v in message["headers"]):
                self.leave()

    def leave(self) -> None:
        """The answer has been sent, or given up; a second call changes nothing."""
        if self._left:
            return
        self._left = True
        if self._counted:
            self._entrance.change(-1)
        count_request(self._scope, self._status, time.perf_counter() - self._began)


def count_request(scope: Scope, status: int, seconds: float) -> None:
    """Count an answer by the template of its route, so that no id is in a label.

    Args:
        scope: after routing.
        status: 0 where the client went away before there was any.
        seconds: that it took.
    """
    meters = metrics.meters()
    if meters is None:
        return
    method = scope["method"] if scope["method"] in METHODS else "OTHER"
    meters.requests.labels(method, route_of(scope), str(status or 499)).observe(seconds)


def route_of(scope: Scope) -> str:
    """The template of the route that answered."""
    route: Any = scope.get("route")
    path = getattr(route, "path_format", None) or getattr(route, "path", None)
    if path:
        return str(path)
    return "/static" if scope["path"].startswith("/static/") else "unmatched"
