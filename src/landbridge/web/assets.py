"""Static files: served from the package, with their content's hash in the address."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

ROOT: Final = Path(__file__).parent / "static"
VENDORED: Final = (
    "vendor/htmx-4.0.1/htmx.min.js",
    "vendor/htmx-4.0.1/hx-sse.min.js",
)
"""Scripts of others that every page loads, in this order."""
DRAWING: Final = "vendor/cytoscape-3.34.4/cytoscape.min.js"
"""Draws graphs; only the page that has one loads it."""


@dataclass(frozen=True, slots=True)
class Script:
    """A vendored script and the hash a browser checks it against."""

    url: str
    integrity: str


@cache
def asset(path: str) -> str:
    """The address of a static file; it changes with the file's content."""
    digest = hashlib.sha256((ROOT / path).read_bytes()).hexdigest()
    return f"/static/{path}?v={digest[:12]}"


@cache
def vendored() -> tuple[Script, ...]:
    """The vendored scripts of every page with their subresource integrity."""
    return tuple(script(path) for path in VENDORED)


@cache
def drawing() -> Script:
    """The vendored script that draws graphs."""
    return script(DRAWING)


def script(path: str) -> Script:
    """A static script as a page loads it."""
    return Script(asset(path), integrity(path))


def integrity(path: str) -> str:
    """The subresource integrity of a static file."""
    digest = hashlib.sha384((ROOT / path).read_bytes()).digest()
    return "sha384-" + base64.b64encode(digest).decode()


class Assets(StaticFiles):
    """Static files that a browser may keep for ever when it asked for one exact content."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with how long it may be kept."""
        response = await super().get_response(path, scope)
        exact = b"v=" in scope["query_string"]
        lifetime = "public, max-age=31536000, immutable" if exact else "no-cache"
        response.headers["Cache-Control"] = lifetime
        return response
