"""From a template and what it shows to a page. Everything is escaped unless a macro made it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from landbridge.api.auth import User
from landbridge.kit.scene import current_scene
from landbridge.web import assets, words

TEMPLATES: Final = Path(__file__).parent / "templates"
THEME_COOKIE: Final = "landbridge_theme"
THEMES: Final = frozenset({"light", "dark"})


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry of an engagement's navigation; `heading` starts a group."""

    key: str
    label: str
    icon: str
    path: str
    heading: str = ""


NAVIGATION: Final = (
    NavigationItem("home", "Overview", "home", ""),
    NavigationItem("discover", "New discovery", "plus", "discover"),
    NavigationItem("flows", "Flows", "flow", "flows", "Work"),
    NavigationItem("imports", "Imports", "upload", "imports"),
    NavigationItem("inventory", "Inventory", "server", "inventory", "Estate"),
    NavigationItem("applications", "Applications", "apps", "applications"),
    NavigationItem("dependencies", "Dependencies", "link", "dependencies"),
    NavigationItem("groups", "Move groups", "apps", "groups"),
    NavigationItem("findings", "Findings", "alert", "findings"),
    NavigationItem("sizes", "Sizes", "server", "sizes"),
    NavigationItem("conflicts", "Conflicts", "merge", "conflicts"),
    NavigationItem("strategies", "Strategies", "flag", "strategies", "Assessment"),
    NavigationItem("waves", "Waves", "flow", "waves"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page is: the client account and, mostly, the engagement; and who looks at it.

    Attributes:
        waiting: flows of the engagement that wait for a decision of the person who looks.
    """

    account_id: UUID
    account_name: str
    role: str
    engagement_id: UUID | None = None
    engagement_name: str | None = None
    waiting: int = 0

    @property
    def root(self) -> str:
        """The address of the engagement, or of the account."""
        base = f"/accounts/{self.account_id}"
        return f"{base}/engagements/{self.engagement_id}" if self.engagement_id else base

    @property
    def api(self) -> str:
        """The address of the engagement in the API."""
        return f"/api/v1/client-accounts/{self.account_id}/engagements/{self.engagement_id}"

    def url(self, path: str = "", **query: object) -> str:
        """An address inside this place."""
        return f"{self.root}/{path}".rstrip("/")


@cache
def environment() -> Environment:
    """The template environment: autoescape on, undefined names are errors."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(words.FILTERS)
    made.globals.update(
        static_url=assets.asset,
        vendored=assets.vendored(),
        drawing=assets.drawing(),
        navigation=NAVIGATION,
        version=version("landbridge"),
    )
    return made


def theme_of(request: Request) -> str | None:
    """The theme this browser chose; None follows the system."""
    chosen = request.cookies.get(THEME_COOKIE)
    return chosen if chosen in THEMES else None


def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    place: Place | None = None,
    user: User | None = None,
    section: str = "",
    trail: tuple[tuple[str, str], ...] = (),
    **shown: Any,
) -> HTMLResponse:
    """Render a whole page.

    Args:
        request: gives the theme and the address.
        template: its path below `templates`.
        status: the HTTP status.
        place: where the page is.
        user: who is signed in.
        section: key of the navigation entry the page belongs to.
        trail: breadcrumbs as (text, address), the page itself last.
        shown: what the template shows.
    """
    query = f"?{request.url.query}" if request.url.query else ""
    html = (
        environment()
        .get_template(template)
        .render(
            {
                "theme": theme_of(request),
                "here": request.url.path + query,
                "place": place,
                "user": user,
                "section": section,
                "trail": trail,
                "beside": _beside(request),
                **shown,
            }
        )
    )
    return HTMLResponse(html, status_code=status, headers={"Vary": "Cookie, HX-Request"})


def _beside(request: Request) -> dict[str, Any] | None:
    """Codes and trace id of the errors that the page tells beside its form."""
    scene = current_scene()
    if scene is None or not scene.beside:
        return None
    codes = list(dict.fromkeys(error.code for error in scene.beside))
    return {"codes": codes, "trace_id": request.state.trace_id}


def fragment(template: str, **shown: Any) -> str:
    """Render a part of a page."""
    return environment().get_template(template).render(shown)
