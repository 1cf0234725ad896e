"""Health and the explanations of errors: open to everybody, without any client's data."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from landbridge.api.problems import MEDIA_TYPE
from landbridge.api.readiness import RETRY_SECONDS, UNREADY, Readiness, told, unready
from landbridge.api.schemas import problems
from landbridge.api.services import services_of
from landbridge.assembly import health
from landbridge.assembly.catalogue import CatalogueEntry, catalogue, entry_of
from landbridge.errors.common import NotFound
from landbridge.kit import jsonio

router = APIRouter(tags=["system"])
OPEN: dict[str, Any] = {"security": []}

Verbose = Annotated[str | None, Query(description="Present, with or without a value: all checks.")]


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


@router.get("/livez", openapi_extra=OPEN, summary="Whether the process answers")
async def live() -> Alive:
    """Looks at nothing but itself, and needs no thread that others may hold."""
    return Alive()


@router.get(
    "/readyz",
    openapi_extra=OPEN,
    response_model=Readiness,
    summary="Whether requests can be served",
    responses={
        422: problems()[422],
        503: UNREADY,
    },
)
def ready(request: Request, verbose: Verbose = None) -> Response:
    """Checks the database, its schema, and whether a worker runs flows; with `?verbose` also the
    age of the oldest heartbeat and the free space on disk. Probes that fail are not recorded.
    """
    services = services_of(request)
    found = health.examine(services.databases, services.settings.data_dir, full=verbose is not None)
    checks = [told(check) for check in found]
    if all(c.passed for c in checks if c.required):
        ready = Readiness(checks=checks)
        return Response(ready.model_dump_json(), media_type="application/json")
    body = unready(checks, request.state.trace_id)
    seconds = {"Retry-After": str(RETRY_SECONDS)}
    return Response(jsonio.dumps(body), 503, seconds, MEDIA_TYPE)


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
