"""What people do with suggested applications: confirm, reject, and take that back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import select, text

from landbridge.database.session import TenantSession
from landbridge.discovery.inventory.applications_store import write_links
from landbridge.discovery.membership import queries
from landbridge.discovery.membership.models import SuggestedApplication
from landbridge.discovery.membership.queries import SuggestionRow
from landbridge.errors.common import NotFound
from landbridge.kit import clock

Status = Literal["suggested", "confirmed", "rejected"]
SURE: Final = 0.7
"""From this confidence on, all suggestions are offered to be confirmed at once."""


def decide(
    session: TenantSession, engagement_id: UUID, suggestion_id: UUID, status: Status
) -> SuggestionRow:
    """Confirm a suggestion, so that the asset belongs to the application, reject it, or take
    either back. No later run changes a decision.

    Raises:
        NotFound: the engagement has no such suggestion.
    """
    found = session.scalar(
        select(SuggestedApplication)
        .where(
            SuggestedApplication.id == suggestion_id,
            SuggestedApplication.engagement_id == engagement_id,
        )
        .with_for_update()
    )
    if found is None:
        raise NotFound
    _set(session, [found], status)
    return queries.suggestion(session, engagement_id, suggestion_id)


def decide_all(
    session: TenantSession,
    engagement_id: UUID,
    status: Status,
    at_least: float = SURE,
    now: Status = "suggested",
) -> int:
    """Decide all suggestions of at least a confidence (0 to 1) whose status is `now`; returns how
    many there were. The other way round, it takes that back.
    """
    found = session.scalars(
        select(SuggestedApplication)
        .where(
            SuggestedApplication.engagement_id == engagement_id,
            SuggestedApplication.status == now,
            SuggestedApplication.confidence >= round(1000 * at_least),
        )
        .order_by(SuggestedApplication.id)
        .with_for_update()
    ).all()
    _set(session, found, status)
    return len(found)


def _set(session: TenantSession, found: Sequence[SuggestedApplication], status: Status) -> None:
    changed = [s for s in found if s.status != status]
    _unlink(session, [s.id for s in changed if s.status == "confirmed"])
    decided = status != "suggested"
    for s in changed:
        s.status = status
        s.decided_by = session.user_id if decided else None
        s.decided_at = clock.now() if decided else None
    session.flush()
    if status == "confirmed":
        write_links(session, (_link(s) for s in changed))


def _link(s: SuggestedApplication) -> tuple[UUID, UUID, dict[str, str]]:
    told = "; ".join(queries.words(r) for r in s.reasons)
    return s.application_id, s.asset_id, {"suggestion_id": str(s.id), "words": told}


def _unlink(session: TenantSession, confirmed: Sequence[UUID]) -> None:
    """Take the asset out of the application, unless a source says so as well."""
    if confirmed:
        session.execute(
            text(
                "delete from app.application_assets l using app.suggested_applications s"
                " where s.id = any(:ids) and l.asset_id = s.asset_id"
                " and l.application_id = s.application_id"
                " and l.evidence -> 0 ->> 'suggestion_id' = s.id::text"
            ),
            {"ids": list(confirmed)},
        )
