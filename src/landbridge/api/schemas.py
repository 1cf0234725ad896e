"""Shapes that several resources share, and how operations document their problems."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Final, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field

from landbridge.database.errors import TextNotStorable
from landbridge.errors.catalogue import LandbridgeError, Retry
from landbridge.errors.common import (
    DatabaseUnavailable,
    InternalError,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    SignInRequired,
)
from landbridge.kit.pagination import DEFAULT_LIMIT, MAX_LIMIT

T = TypeVar("T")

Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT, description="Rows of one page.")]
Cursor = Annotated[
    str | None, Query(max_length=2000, description="`next` of the page before this one.")
]
PAGE: Final = DEFAULT_LIMIT
PREFIX: Final = "/api/v1/client-accounts/{client_account_id}/engagements/{engagement_id}"

RETRY_AFTER: Final = {
    "Retry-After": {
        "description": "Seconds after which the same request may succeed.",
        "schema": {"type": "integer"},
    }
}


def _header(description: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string"}}


HEADERS: Final[dict[int, dict[str, Any]]] = {
    401: {"WWW-Authenticate": _header("How to authenticate.")},
    405: {"Allow": _header("The methods of this address, separated by commas.")},
    429: {
        "RateLimit": _header("Which limit was reached (r=0), and for how many seconds (t)."),
        "RateLimit-Policy": _header("The limits: requests (q) in seconds (w)."),
    },
}
"""Headers of the problems of a status."""


class PageOf(BaseModel, Generic[T]):
    """One page of a list; `next` is null on the last one."""

    items: list[T]
    next: str | None = None


class ProblemItem(BaseModel):
    """One place of the request that is not valid."""

    pointer: str = Field(description="JSON pointer into the request: /body/…, /query/….")
    code: str
    detail: str


class Problem(BaseModel):
    """RFC 9457 problem details: the body of every failure."""

    type: str = Field(description="Address of the explanation of this code.")
    title: str
    status: int
    detail: str
    instance: str | None = None
    code: str
    category: str
    retryable: bool
    retry_after: int | None = Field(default=None, description="Seconds.")
    remedy: str
    errors: list[ProblemItem] | None = None
    fields: dict[str, Any] | None = None
    trace_id: str | None = None


COMMON: tuple[type[LandbridgeError], ...] = (
    SignInRequired,
    PermissionDenied,
    NotFound,
    InvalidRequest,
    TextNotStorable,
    InternalError,
    DatabaseUnavailable,
)


def problems(*more: type[LandbridgeError]) -> dict[int | str, dict[str, Any]]:
    """The documented failures of an operation: the common ones and its own."""
    return documented((*COMMON, *more))


def documented(errors: Iterable[type[LandbridgeError]]) -> dict[int | str, dict[str, Any]]:
    """Responses by status, for these failures."""
    by_status: dict[int, list[type[LandbridgeError]]] = {}
    for error in errors:
        by_status.setdefault(error.status, []).append(error)
    return {status: _response(status, by_status[status]) for status in sorted(by_status)}


def _response(status: int, errors: list[type[LandbridgeError]]) -> dict[str, Any]:
    headers = {
        **(RETRY_AFTER if any(e.retry is Retry.AFTER for e in errors) else {}),
        **HEADERS.get(status, {}),
    }
    return {
        **({"headers": headers} if headers else {}),
        "description": "; ".join(f"{e.title} (`{e.code}`)" for e in errors),
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
