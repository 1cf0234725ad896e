"""Every failure becomes one problem (RFC 9457): the catalogue decides, this file translates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Match

from landbridge.api.addresses import shown_path
from landbridge.api.bodies import NOT_STORABLE
from landbridge.api.errors import PayloadTooLarge, UnreadableBody, UnsupportedMediaType
from landbridge.api.frame import flow_of, place_of
from landbridge.errors.catalogue import Category, LandbridgeError, Retry
from landbridge.errors.common import InternalError, InvalidRequest, MethodNotAllowed, NotFound
from landbridge.errors.foreign import translated
from landbridge.errors.wording import filled, said, spoken
from landbridge.kit import jsonio, metrics
from landbridge.kit.scene import current_scene
from landbridge.occurrences import noting

log = structlog.get_logger(__name__)

MEDIA_TYPE: Final = "application/problem+json"
RETRY_AFTER_SECONDS: Final = 5
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")

Presenter = Callable[[Request, LandbridgeError, dict[str, Any]], Response | None]
"""Shows a problem in another form than JSON; None leaves it to JSON."""

EXPLANATIONS: Final = {
    "missing": "This value is required.",
    "uuid_parsing": "This is not a UUID.",
    "uuid_type": "This is not a UUID.",
    "int_parsing": "This is not a whole number.",
    "int_type": "This is not a whole number.",
    "bool_parsing": "This is neither true nor false.",
    "string_type": "This is not text.",
    "extra_forbidden": "There is no such field.",
    "json_invalid": "This is not valid JSON.",
    NOT_STORABLE: "This holds NUL or half of a surrogate pair, or is nested too deeply.",
    "greater_than_equal": "The smallest value is {ge}.",
    "less_than_equal": "The largest value is {le}.",
    "string_too_short": "At least {min_length} characters are needed.",
    "string_too_long": "At most {max_length} characters are allowed.",
    "too_short": "At least {min_length} items are needed.",
    "too_long": "At most {max_length} items are allowed.",
    "timezone_aware": "This time needs an offset from UTC, as in 2026-12-01T08:00:00Z.",
    "datetime_from_date_parsing": "This is not a time like 2026-12-01T08:00:00Z.",
    "datetime_parsing": "This is not a time like 2026-12-01T08:00:00Z.",
    "literal_error": "One of these is expected: {expected}.",
    "enum": "One of these is expected: {expected}.",
}
NOT_VALID: Final = "This value is not valid here."


def present(request: Request, error: Exception) -> Response:
    """The response for any exception, as JSON or in the form the page layer prefers."""
    known = catalogue(error)
    metrics.count_error(known.code, known.category.value, "http")
    _record(request, known)
    if known.category is Category.BUG:
        log.error("request_failed", path=shown_path(request), code=known.code, exc_info=error)
    elif known.status >= 500:
        log.warning("request_failed", path=shown_path(request), code=known.code)
    else:
        log.info("request_refused", path=shown_path(request), code=known.code)
    trace_id = getattr(request.state, "trace_id", None)
    body = known.problem(instance=shown_path(request), trace_id=trace_id)
    if isinstance(error, RequestValidationError) and isinstance(known, InvalidRequest):
        body["errors"] = [_item(e) for e in error.errors()]
    headers = dict(getattr(error, "headers", None) or {})
    if known.status == 405:
        headers["Allow"] = ", ".join(allowed_methods(request))
    if known.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="landbridge"'
    if known.retry is Retry.AFTER:
        seconds = known.fields.get("retry_after", RETRY_AFTER_SECONDS)
        body["retry_after"] = seconds
        headers["Retry-After"] = str(seconds)
    presenter: Presenter | None = getattr(request.app.state, "presenter", None)
    response = presenter(request, known, body) if presenter else None
    if response is None:
        response = Response(jsonio.dumps(body), known.status, media_type=MEDIA_TYPE)
    response.headers.update(headers)
    response.headers["Content-Language"] = spoken()
    response.headers.add_vary_header("Accept-Language")
    return response


def _record(request: Request, known: LandbridgeError) -> None:
    scene = current_scene()
    if scene is not None:
        scene.recorded = True
    noting.note(known, place_of(request.scope), flow_id=flow_of(request.scope))


def allowed_methods(request: Request) -> list[str]:
    """The methods of this address: routes share an address, and each knows its own only."""
    routes = request.app.router.routes
    return [
        method
        for method in METHODS
        if any(r.matches({**request.scope, "method": method})[0] is Match.FULL for r in routes)
    ]


def catalogue(error: Exception) -> LandbridgeError:
    """The catalogued error that stands for this exception."""
    if isinstance(error, RequestValidationError):
        return _validation(error.errors())
    if isinstance(error, ClientDisconnect):
        return UnreadableBody()
    if isinstance(error, HTTPException):
        if isinstance(error.__cause__, LandbridgeError):
            return error.__cause__
        return _router(error)
    return translated(error)


def _validation(errors: Sequence[Any]) -> LandbridgeError:
    """An id that is not well-formed names nothing, like any unknown id."""
    if any(e["loc"][0] == "path" for e in errors):
        return NotFound()
    return InvalidRequest()


def _router(error: HTTPException) -> LandbridgeError:
    match error.status_code:
        case 404:
            return NotFound()
        case 405:
            return MethodNotAllowed()
        case 413:
            return PayloadTooLarge(limit=0)
        case 415:
            return UnsupportedMediaType(accepted="application/json")
        case 400:
            return UnreadableBody()
        case _:
            return InternalError()


def _item(error: dict[str, Any]) -> dict[str, Any]:
    """One validation error: where and why, never the value that was sent."""
    place = [str(p).replace("~", "~0").replace("/", "~1") for p in error["loc"]]
    context = {k: v for k, v in error.get("ctx", {}).items() if isinstance(v, (str, int, float))}
    try:
        detail = filled(EXPLANATIONS.get(error["type"], NOT_VALID), context)
    except KeyError:
        detail = said(NOT_VALID)
    return {"pointer": "/" + "/".join(place), "code": error["type"].upper(), "detail": detail}


def install(app: FastAPI) -> None:
    """Answer every kind of failure of this application with its problem."""

    async def handler(request: Request, error: Exception) -> Response:
        return present(request, error)

    for kind in (LandbridgeError, RequestValidationError, HTTPException, SQLAlchemyError):
        app.add_exception_handler(kind, handler)
