"""Health and the explanations of errors: open to everybody, without any client's data."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy import text

from landbridge.api.schemas import problems
from landbridge.api.services import Services, services_of
from landbridge.assembly.catalogue import CatalogueEntry, catalogue, entry_of
from landbridge.database import migrate
from landbridge.database.errors import catalogued_errors
from landbridge.errors.catalogue import LandbridgeError
from landbridge.errors.common import NotFound
from landbridge.flows.leases import live_executors

router = APIRouter(tags=["system"])


class Alive(BaseModel):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Check(BaseModel):
    """One condition of being ready."""

    name: str
    passed: bool
    detail: str
    required: bool = True


class Readiness(BaseModel):
    """Whether requests can be served, and why not."""

    status: Literal["ready", "not_ready"]
    checks: list[Check]


@router.get("/livez", summary="Whether the process answers")
def live() -> Alive:
    """Looks at nothing but itself."""
    return Alive()


@router.get(
    "/readyz",
    summary="Whether requests can be served",
    responses={503: {"model": Readiness, "description": "Not ready"}},
)
def ready(request: Request, response: Response) -> Readiness:
    """Checks the database, its schema, and whether a worker runs flows."""
    services = services_of(request)
    database = _database(services)
    checks = [database]
    if database.passed:
        checks += [_schema(services), _worker(services)]
    passed = all(c.passed for c in checks if c.required)
    if not passed:
        response.status_code = 503
    return Readiness(status="ready" if passed else "not_ready", checks=checks)


@router.get(
    "/api/v1/errors/{code}",
    summary="What a code means and what to do",
    responses=problems(),
)
@router.get("/errors/{code}", include_in_schema=False)
def explain(code: str) -> CatalogueEntry:
    """The entry of the catalogue that `type` of a problem points to."""
    entry = entry_of(code.upper())
    if entry is None:
        raise NotFound
    return entry


@router.get("/api/v1/errors", summary="Every code of this version")
def list_codes() -> dict[str, list[CatalogueEntry]]:
    """The whole catalogue, sorted by code."""
    return {"items": list(catalogue().values())}


def _database(services: Services) -> Check:
    try:
        with catalogued_errors(), services.databases.app.anonymous() as connection:
            connection.execute(text("select 1"))
    except LandbridgeError as error:
        return Check(name="database", passed=False, detail=f"{error.title}. {error.advice}")
    return Check(name="database", passed=True, detail="PostgreSQL answers")


def _schema(services: Services) -> Check:
    needed = migrate.release_mark()
    with services.databases.app.anonymous() as connection:
        found: Any = connection.execute(text("select mark from app_private.release")).scalar()
    detail = "The schema is of this release" if found == needed else f"{found} is not {needed}"
    return Check(name="schema", passed=found == needed, detail=detail)


def _worker(services: Services) -> Check:
    alive = bool(live_executors(services.databases.app))
    detail = "A worker runs flows" if alive else "No worker is running: start 'landbridge worker'"
    return Check(name="worker", passed=alive, detail=detail, required=False)
