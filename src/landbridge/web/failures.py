"""Problems as pages: what a browser sees where a program sees problem+json."""

from __future__ import annotations

from typing import Any, TypeVar
from urllib.parse import urlencode

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from landbridge.errors.catalogue import LandbridgeError
from landbridge.errors.common import SignInRequired
from landbridge.kit.scene import current_scene
from landbridge.web.rendering import fragment, page

E = TypeVar("E", bound=LandbridgeError)


def beside(error: E) -> E:
    """Have the page that is about to be made tell an error beside its form: it shows code and
    trace id, and the error is counted, logged and recorded as if it had ended the request.
    """
    scene = current_scene()
    if scene is not None:
        scene.beside.append(error)
    return error


def wants_page(request: Request) -> bool:
    """Whether this request came from a page rather than from a program."""
    if request.url.path.startswith("/api/"):
        return False
    return "text/html" in request.headers.get("accept", "")


def present(request: Request, error: LandbridgeError, body: dict[str, Any]) -> Response | None:
    """The page of a problem; None where JSON is wanted."""
    partial = request.headers.get("hx-request") == "true"
    if partial and isinstance(error, SignInRequired):
        return Response(status_code=200, headers={"HX-Redirect": "/sign-in"})
    if partial:
        html = fragment("parts/toast.html", problem=body)
        headers = {"HX-Retarget": "#toasts", "HX-Reswap": "beforeend"}
        return HTMLResponse(html, status_code=error.status, headers=headers)
    if not wants_page(request):
        return None
    if isinstance(error, SignInRequired) and request.method == "GET":
        query = f"?{request.url.query}" if request.url.query else ""
        target = urlencode({"next": request.url.path + query})
        return RedirectResponse(f"/sign-in?{target}", status_code=303)
    return page(request, "pages/error.html", status=error.status, problem=body)
