"""The outermost layer of every request: trace id, security headers, body limit, last resort."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import unquote_to_bytes
from uuid import UUID

import structlog
from anyio import BrokenResourceError
from fastapi.exceptions import RequestValidationError
from opentelemetry import trace
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from landbridge.api.addresses import shown_path
from landbridge.api.bodies import NOT_STORABLE
from landbridge.api.errors import PayloadTooLarge
from landbridge.api.measuring import METHODS, Entrance, Visit, route_of
from landbridge.api.pace import POLICY, Pace
from landbridge.errors.catalogue import LandbridgeError
from landbridge.errors.common import InternalError, InvalidRequest, NotFound, SignInRequired
from landbridge.errors.foreign import translated
from landbridge.errors.wording import speak
from landbridge.kit import metrics
from landbridge.kit.origin import Origin, set_origin
from landbridge.kit.scene import Scene, begin_scene
from landbridge.kit.tracing import new_trace_id, set_trace_id
from landbridge.occurrences import noting

log = structlog.get_logger(__name__)

Present = Callable[[Request, Exception], Response]

SMALL_BODY: Final = 1 << 20
"""Bytes accepted by every address that is not an upload."""

BY_STATUS: Final[dict[int, type[LandbridgeError]]] = {
    401: SignInRequired,
    404: NotFound,
    422: InvalidRequest,
    500: InternalError,
}
TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")

_NOT_NEEDED: Final = (
    *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen"),
    *("geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment"),
    *("picture-in-picture", "publickey-credentials-get", "screen-wake-lock", "usb"),
    "xr-spatial-tracking",
)

SECURITY_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _NOT_NEEDED),
}


class Frame:
    """ASGI middleware around the whole application."""

    def __init__(
        self,
        app: ASGIApp,
        present: Present,
        upload_bytes: int,
        max_requests: int,
        pace: Pace,
    ) -> None:
        """
        Args:
            app: the application inside.
            present: makes the response of an error that nothing inside has handled.
            upload_bytes: bytes accepted by addresses that take uploads.
            max_requests: requests that are worked on at the same time.
            pace: counts requests.
        """
        self.entrance = Entrance(max_requests)
        self.app = app
        self.present = present
        self.upload_bytes = upload_bytes
        self.pace = pace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request inside the frame."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        trace_id = _trace_id(headers)
        set_trace_id(trace_id)
        speak(headers.get("accept-language", ""))
        set_origin(Origin("http", scope["client"][0] if scope.get("client") else ""))
        scope.setdefault("state", {})["trace_id"] = trace_id
        scene = begin_scene(place_of(scope))
        started = False
        visit: Visit | None = None

        async def send_framed(message: Message) -> None:
            nonlocal started
            if visit is not None:
                visit.saw(message)
            if message["type"] == "http.response.start":
                started = True
                scene.place = place_of(scope)
                _record_beside(scene, scope, message["status"])
                self.pace.answered(scope, message["status"])
                _dress(headers_sent := MutableHeaders(scope=message), trace_id, scope)
                if scope["path"].startswith("/api/"):
                    headers_sent.setdefault(POLICY, self.pace.policy)
            await send(message)

        limit = self._limit(scope)
        with structlog.contextvars.bound_contextvars(trace_id=trace_id):
            try:
                visit = self.entrance.enter(scope)
                self.pace.take(scope)
                _check_address(scope)
                _check_declared(headers, limit)
                await self.app(scope, _counted(receive, limit), send_framed)
            except Exception as error:
                if started and _left(error):
                    log.info("client_left", path=shown_path(Request(scope)))
                    return
                if started:
                    log.exception("response_broke_off", path=shown_path(Request(scope)))
                    noting.note(translated(error), place_of(scope))
                    raise
                response = self.present(Request(scope), error)
                await response(scope, receive, send_framed)
            finally:
                if visit is not None:
                    visit.leave()

    def _limit(self, scope: Scope) -> int:
        upload = scope["method"] == "POST" and scope["path"].endswith("/imports")
        return self.upload_bytes + SMALL_BODY if upload else SMALL_BODY


def place_of(scope: Scope) -> str:
    """Where a request went: its method and the template of its address, without any value."""
    method = scope["method"] if scope["method"] in METHODS else "OTHER"
    return f"{method} {route_of(scope)}"


def _record_beside(scene: Scene, scope: Scope, status: int) -> None:
    """Count, log and record the errors that a page tells beside its form, which no handler has
    seen; where a page did not say which, by the status.
    """
    told = list(scene.beside)
    if not told and not scene.recorded and status in BY_STATUS:
        told = [BY_STATUS[status]()]
    for error in told:
        scene.recorded = True
        metrics.count_error(error.code, error.category.value, "http")
        log.info("request_refused", path=shown_path(Request(scope)), code=error.code)
        noting.note(error, flow_id=flow_of(scope))


def flow_of(scope: Scope) -> UUID | None:
    """The flow that the address names, if it names one; nobody has looked whether it is there."""
    try:
        return UUID(str(scope["path_params"]["flow_id"]))
    except (KeyError, ValueError):
        return None


def _left(error: Exception) -> bool:
    """Whether nothing failed but sending to a client that is gone."""
    return isinstance(error, ExceptionGroup) and error.split(BrokenResourceError)[1] is None


def _check_address(scope: Scope) -> None:
    """Refuse NUL, which nothing has in its name and nobody can be looking for."""
    if "\0" in scope["path"]:
        raise NotFound
    if b"\0" in unquote_to_bytes(scope["query_string"]):
        raise RequestValidationError([{"type": NOT_STORABLE, "loc": ("query",), "msg": ""}])


def _check_declared(headers: Headers, limit: int) -> None:
    """Refuse a body by its declared length, before a byte of it is read."""
    declared = headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise PayloadTooLarge(limit=limit)


def _counted(receive: Receive, limit: int) -> Callable[[], Awaitable[Message]]:
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise PayloadTooLarge(limit=limit)
        return message

    return counted


def _trace_id(headers: Headers) -> str:
    """The W3C trace id of this request: of the running span, the caller's, or a fresh one."""
    span = trace.get_current_span().get_span_context()
    if span.is_valid:
        return trace.format_trace_id(span.trace_id)
    given = TRACEPARENT.fullmatch(headers.get("traceparent", ""))
    if given and set(given[1]) != {"0"} and set(given[2]) != {"0"}:
        return given[1]
    return new_trace_id()


def _dress(headers: MutableHeaders, trace_id: str, scope: Scope) -> None:
    headers["X-Trace-Id"] = trace_id
    for name, value in SECURITY_HEADERS.items():
        headers.setdefault(name, value)
    if scope.get("scheme") == "https":
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if scope["path"].startswith("/static/"):
        headers.setdefault("Cache-Control", "no-store")  # what is not there
    else:
        headers["Cache-Control"] = "no-store"
