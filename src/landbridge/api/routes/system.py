"""Health and the explanations of errors: open to everybody, without any client's data."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from landbridge.api.problems import RETRY_AFTER_SECONDS
from landbridge.api.schemas import problems
from landbridge.api.services import services_of
from landbridge.assembly import health
from landbridge.assembly.catalogue import CatalogueEntry, catalogue, entry_of
from landbridge.errors.common import NotFound

router = APIRouter(tags=["system"])
OPEN: dict[str, Any] = {"security": []}

Verbose = Annotated[str | None, Query(description="Present, with or without a value: all checks.")]


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Check(BaseModel):
    """One condition of being ready."""

    name: str
    passed: bool
    detail: str
    required: bool = True
    code: str | None = None
    remedy: str | None = None


class Readiness(BaseModel):
    """Whether requests can be served, and why not."""

    status: Literal["ready", "not_ready"]
    checks: list[Check]


@router.get("/livez", openapi_extra=OPEN, summary="Whether the process answers")
async def live() -> Alive:
    """Looks at nothing but itself, and needs no thread that others may hold."""
    return Alive()


@router.get(
    "/readyz",
    openapi_extra=OPEN,
    summary="Whether requests can be served",
    responses={
        422: problems()[422],
        503: {"model": Readiness, "description": "Not ready"},
    },
)
def ready(request: Request, response: Response, verbose: Verbose = None) -> Readiness:
    """Checks the database, its schema, and whether a worker runs flows; with `?verbose` also the
    age of the oldest heartbeat and the free space on disk.
    """
    services = services_of(request)
    found = health.examine(services.databases, services.settings.data_dir, full=verbose is not None)
    passed = all(c.passed for c in found if c.required)
    if not passed:
        response.status_code = 503
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    checks = [_told(check) for check in found]
    return Readiness(status="ready" if passed else "not_ready", checks=checks)


@router.get(
    "/api/v1/errors/{code}",
    openapi_extra=OPEN,
    summary="What a code means and what to do",
    responses={status: problems()[status] for status in (404, 422, 500, 503)},
)
@router.get("/errors/{code}", include_in_schema=False)
def explain(code: str) -> CatalogueEntry:
    """The entry of the catalogue that `type` of a problem points to."""
    entry = entry_of(code.upper())
    if entry is None:
        raise NotFound
    return entry


@router.get("/api/v1/errors", openapi_extra=OPEN, summary="Every code of this version")
def list_codes() -> dict[str, list[CatalogueEntry]]:
    """The whole catalogue, sorted by code."""
    return {"items": list(catalogue().values())}


def _told(check: health.Check) -> Check:
    error = check.error
    return Check(
        name=check.name,
        passed=check.passed,
        detail=f"{error.title}. {error.detail}" if error else check.detail,
        required=check.required,
        code=error.code if error else None,
        remedy=error.advice if error else None,
    )
