"""Reading suggested applications: the list, and one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text

from landbridge.database.listing import FacetValue, Listing, Wanted
from landbridge.database.session import TenantSession
from landbridge.errors.common import NotFound
from landbridge.kit.pagination import Page

_SURE: Final = (
    "case when x.confidence >= 700 then 'high' when x.confidence >= 500 then 'medium'"
    " else 'low' end"
)
SUGGESTIONS: Final = Listing(
    columns="x.id, x.asset_id, a.name as asset, a.asset_type, x.application_id,"
    " p.name as application, x.confidence / 1000.0 as confidence, x.next_best / 1000.0 as"
    " next_best, x.reasons, x.status, x.suggested_at, x.decided_by, x.decided_at",
    source="app.suggested_applications x join app.assets a on a.id = x.asset_id"
    " join app.applications p on p.id = x.application_id where x.engagement_id = :engagement_id",
    filters={
        "q": "(a.name_key like :q or p.name_key like :q)",
        "status": "x.status = :status",
        "sure": f"{_SURE} = :sure",
        "application": "p.name_key = lower(:application)",
    },
    facets={"status": "x.status", "sure": _SURE, "application": "p.name"},
    sorts={
        "confidence": ("1000 - x.confidence", "bigint"),
        "asset": ("a.name_key", "text"),
        "application": ("p.name_key", "text"),
    },
    order="confidence",
)
_EVIDENCE: Final = {
    "hosting": "what runs on it, or what it runs on, belongs to the application",
    "connections": "it exchanges data with assets of the application",
    "name": "its name contains the application's",
    "like_names": "assets of a like name belong to the application",
}


class SuggestionRow(BaseModel):
    """An application for an asset of which no source says to which it belongs.

    Attributes:
        confidence: 0 to 1.
        next_best: of the application behind it; 0 where there is none.
        reasons: each with its evidence, strength (0 to 1), `of` so many of `all` witnesses, and
            some of these.
        status: suggested, confirmed or rejected.
    """

    id: UUID
    asset_id: UUID
    asset: str
    asset_type: str
    application_id: UUID
    application: str
    confidence: float
    next_best: float
    reasons: list[Any]
    status: str
    suggested_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None


def suggested(session: TenantSession, engagement_id: UUID, wanted: Wanted) -> Page[SuggestionRow]:
    """A page of suggestions, the surest first."""
    page = SUGGESTIONS.page(session, engagement_id, wanted)
    return Page([SuggestionRow(**r) for r in page.items], page.next)


def count(session: TenantSession, engagement_id: UUID, wanted: Wanted) -> int:
    """How many suggestions the filters leave."""
    return SUGGESTIONS.total(session, engagement_id, wanted)


def facets(
    session: TenantSession, engagement_id: UUID, wanted: Wanted
) -> dict[str, Sequence[FacetValue]]:
    """What suggestions can be narrowed by."""
    return SUGGESTIONS.counts(session, engagement_id, wanted)


def suggestion(session: TenantSession, engagement_id: UUID, suggestion_id: UUID) -> SuggestionRow:
    """One suggestion.

    Raises:
        NotFound: the engagement has none of this id.
    """
    listing = SUGGESTIONS
    row = session.execute(
        text(f"select {listing.columns} from {listing.source} and x.id = :id"),
        {"engagement_id": engagement_id, "id": suggestion_id},
    ).one_or_none()
    if row is None:
        raise NotFound
    return SuggestionRow(**row._mapping)


def without(session: TenantSession, engagement_id: UUID) -> int:
    """How many assets belong to no application; hosts and clusters do not count."""
    return int(
        session.execute(
            text(
                "select count(*) from app.assets a where a.engagement_id = :e"
                " and a.asset_type not in ('hypervisor_host', 'cluster') and not exists"
                " (select from app.application_assets l where l.asset_id = a.id)"
            ),
            {"e": engagement_id},
        ).scalar_one()
    )


def words(reason: Mapping[str, Any]) -> str:
    """A reason as a sentence without its full stop."""
    told = _EVIDENCE.get(reason["evidence"], str(reason["evidence"]))
    if reason["evidence"] == "name":
        return told
    names = ", ".join(a["name"] for a in reason["assets"])
    return f"{told}: {reason['of']:,} of {reason['all']:,}" + (f" ({names})" if names else "")
