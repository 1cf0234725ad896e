"""The pages as an OpenAPI document, for programs that must know every address."""

from __future__ import annotations

import copy
from functools import cache
from importlib.metadata import version
from typing import Any

from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from landbridge.web.app import PAGES


@cache
def pages_document() -> dict[str, Any]:
    """Every page with its parameters and forms. The API's own document leaves them out."""
    shown = []
    for router in PAGES:
        for route in router.routes:
            if isinstance(route, APIRoute):
                listed = copy.copy(route)
                listed.include_in_schema = True
                shown.append(listed)
    return get_openapi(title="Landbridge pages", version=version("landbridge"), routes=shown)
