"""What codes mean, and what the API offers: pages for everybody, without any client's data."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from landbridge.api.problems import present
from landbridge.assembly.catalogue import catalogue, entry_of
from landbridge.errors.common import NotFound
from landbridge.web.failures import wants_page
from landbridge.web.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/errors")
def list_codes(request: Request) -> Response:
    """Every code of this version, searchable with the browser."""
    entries = list(catalogue().values())
    trail = (("Error codes", "/errors"),)
    return page(request, "pages/codes.html", trail=trail, entries=entries)


@router.get("/errors/{code}")
def explain(request: Request, code: str) -> Response:
    """One code: for people a page, for programs the entry as JSON."""
    entry = entry_of(code.upper())
    if entry is None:
        return present(request, NotFound())
    if not wants_page(request):
        return JSONResponse(entry.as_json())
    trail = (("Error codes", "/errors"), (entry.code, request.url.path))
    return page(request, "pages/code.html", trail=trail, entry=entry)


@router.get("/api/v1/docs")
def show_api(request: Request) -> Response:
    """The operations of the API, from its OpenAPI document."""
    document: dict[str, Any] = request.app.openapi()
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            tag = (operation.get("tags") or ["system"])[0]
            groups.setdefault(tag, []).append(
                {
                    "method": method.upper(),
                    "path": path,
                    "summary": operation.get("summary", ""),
                    "description": operation.get("description", ""),
                    "parameters": operation.get("parameters", []),
                    "responses": operation.get("responses", {}),
                }
            )
    return page(
        request,
        "pages/api.html",
        trail=(("API", "/api/v1/docs"),),
        about=document["info"]["description"],
        groups=groups,
    )
