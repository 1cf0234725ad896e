"""What the API's own document leaves out, for programs that must know every address."""

from __future__ import annotations

import copy
from functools import cache
from importlib.metadata import version
from typing import Any

from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from landbridge.api.app import ROUTERS
from landbridge.web.app import PAGES


@cache
def pages_document() -> dict[str, Any]:
    """Every page with its parameters and forms, and the unlisted addresses of the API."""
    shown: dict[tuple[str, str], APIRoute] = {}
    for router in (*PAGES, *ROUTERS):
        for route in router.routes:
            if isinstance(route, APIRoute) and (router in PAGES or not route.include_in_schema):
                listed = copy.copy(route)
                listed.include_in_schema = True
                shown.setdefault((route.path, str(route.methods)), listed)  # the first one answers
    return get_openapi(
        title="Landbridge pages", version=version("landbridge"), routes=list(shown.values())
    )
