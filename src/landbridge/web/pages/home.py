"""The engagement's first page: what runs, what waits, what there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter
from sqlalchemy import Row, text
from starlette.responses import HTMLResponse

from landbridge.discovery.imports import queries as imports
from landbridge.flows.states import FlowStatus
from landbridge.web.context import ROOT, View
from landbridge.web.words import sentence, words

router = APIRouter(prefix=ROOT, include_in_schema=False)

RECENT: Final = 5
LOOKED_AT: Final = 20

_COUNTS = text(
    "select (select count(*) from app.assets where engagement_id = :e) as assets,"
    " (select count(*) from app.applications where engagement_id = :e) as applications,"
    " (select count(*) from app.dependencies where engagement_id = :e) as dependencies,"
    " (select count(*) from app.findings where engagement_id = :e and status = 'open') as findings,"
    " (select count(*) from app.findings where engagement_id = :e and status = 'open'"
    "   and severity in ('critical', 'high')) as severe,"
    " (select count(*) from app.asset_conflicts where engagement_id = :e and status = 'open')"
    "   as conflicts"
)
_SPLIT = text(
    "select asset_type, environment, count(*) as n from app.assets"
    " where engagement_id = :e group by 1, 2"
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One value of a split, and the address of the list it counts."""

    label: str
    count: int
    href: str


@router.get("")
def show_home(page: View) -> HTMLResponse:
    """What runs, what waits for a decision, what failed, the latest imports, the inventory."""
    named = {"e": page.engagement_id}
    flows = page.context.services.orchestrator.flows(
        page.session, page.engagement_id, limit=LOOKED_AT
    )
    split = page.session.execute(_SPLIT, named).all()
    inventory = page.place.url("inventory")
    return page.show(
        "pages/home.html",
        section="home",
        counts=page.session.execute(_COUNTS, named).one(),
        by_type=_bars(split, "asset_type", f"{inventory}?asset_type=", words),
        by_environment=_bars(split, "environment", f"{inventory}?environment=", sentence),
        waiting=[f for f in flows if f.status == FlowStatus.WAITING],
        running=[f for f in flows if f.status in {FlowStatus.RUNNING, FlowStatus.INITIALIZED}],
        failed=[f for f in flows[:RECENT] if f.status == FlowStatus.FAILED],
        recent=[f for f in flows if f.status in {FlowStatus.COMPLETED, FlowStatus.CANCELLED}][:3],
        any_flow=bool(flows),
        imports=imports.imports(page.session, page.engagement_id, RECENT),
    )


def _bars(
    split: Sequence[Row[Any]], column: str, href: str, name: Callable[[str], str]
) -> list[Bar]:
    counts: dict[str, int] = {}
    for row in split:
        key = getattr(row, column)
        counts[key] = counts.get(key, 0) + row.n
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [Bar(name(key), n, href + key) for key, n in ordered]
