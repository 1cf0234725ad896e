"""The map of dependencies: drawn where scripts run, and always a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import HTMLResponse

from landbridge.database.listing import Wanted
from landbridge.discovery.dependencies.kinds import DependencyKind
from landbridge.discovery.dependencies.queries import dependency_facets
from landbridge.discovery.dependency_map.drawing import draw
from landbridge.discovery.dependency_map.model import DEPTH, Level, MapWanted
from landbridge.discovery.inventory import queries as inventory
from landbridge.web.context import ROOT, View
from landbridge.web.words import sentence

router = APIRouter(prefix=ROOT, include_in_schema=False)

SURE: Final = (0, 30, 50, 70, 90)
"""Confidences to narrow by, in percent."""
LEVELS: Final = {
    Level.APPLICATION: "Applications",
    Level.GROUP: "Move groups",
    Level.ASSET: "Assets",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; what it does not know is ignored."""

    level: Level
    around: UUID | None
    depth: int
    kind: DependencyKind | None
    environment: str
    sure: int

    def query(self, **other: object) -> str:
        """The address with something else asked for; empty values are left out."""
        asked = {name: getattr(self, name) for name in self.__slots__} | other
        return "?" + urlencode({k: str(v) for k, v in asked.items() if v})


@router.get("/dependencies/map")
def show_map(
    page: View,
    level: str = "",
    around: str = "",
    depth: str = "",
    kind: str = "",
    environment: Annotated[str, Query(max_length=200)] = "",
    sure: str = "",
) -> HTMLResponse:
    """What needs what: the whole by applications, groups or assets, or what surrounds one."""
    asked = Asked(
        Level(level) if level in set(Level) else Level.APPLICATION,
        _id(around),
        _whole(depth, range(1, DEPTH + 1), 1),
        DependencyKind(kind) if kind in set(DependencyKind) else None,
        environment,
        _whole(sure, SURE, 0),
    )
    wanted = MapWanted(
        asked.level, asked.around, asked.depth, asked.kind, asked.environment, 10 * asked.sure
    )
    place = page.session, page.engagement_id
    drawn = draw(*place, wanted)
    kinds = dependency_facets(*place, Wanted())["kind"]
    environments = inventory.asset_facets(*place, Wanted())["environment"]
    return page.show(
        "pages/dependency_map.html",
        ("Dependencies", page.place.url("dependencies")),
        ("Map", page.place.url("dependencies/map")),
        *([(drawn.around, page.request.url.path + asked.query())] if drawn.around else []),
        section="dependencies",
        asked=asked,
        drawn=drawn,
        names={n.id: n.name for n in drawn.nodes},
        levels=[(level.value, title) for level, title in LEVELS.items()],
        kinds=[("", "All kinds"), *((v.value, sentence(v.value)) for v in kinds)],
        environments=[
            ("", "All environments"),
            *((v.value, sentence(v.value)) for v in environments),
        ],
        depths=[(str(n), f"{n} step{'s' if n > 1 else ''}") for n in range(1, DEPTH + 1)],
        surest=[(str(n), f"At least {n} %" if n else "Any confidence") for n in SURE],
    )


def _id(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None


def _whole(value: str, allowed: range | tuple[int, ...], otherwise: int) -> int:
    found = int(value) if value.isdecimal() else otherwise
    return found if found in allowed else otherwise
