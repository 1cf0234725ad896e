"""Why an application is suggested for an asset."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from landbridge.database.session import TenantSession
from landbridge.discovery.grounds import (
    AppliedRule,
    Explainer,
    Given,
    Grounds,
    decided,
    engagement_in,
)
from landbridge.discovery.membership import queries
from landbridge.discovery.membership.suggesting import AHEAD, LEAST
from landbridge.errors.common import NotFound

RULE: Final = AppliedRule(
    id="application.suggested",
    title="Neighbours and names speak for it",
    words="What an asset carries or runs on, what it connects to (shared services apart) and how "
    "it is called speak for the applications of others. Strengths for the same application add up "
    f"as 1 - (1 - a)(1 - b). It is suggested from {LEAST:.0%} on, when it is at least "
    f"{100 * AHEAD:.0f} points ahead of the next one.",
)


def _suggestion(
    session: TenantSession, engagement_id: UUID, suggestion_id: UUID, of: str | None
) -> Grounds:
    if of is not None:
        raise NotFound
    found = queries.suggestion(session, engagement_id, suggestion_id)
    against = " × ".join(f"(1 - {r['strength']:.3f})" for r in found.reasons)
    told = found.decided_by, found.decided_at, found.status, None
    return Grounds(
        id=suggestion_id,
        kind="suggestion",
        engagement_id=engagement_id,
        title=f"{found.application} for {found.asset}",
        says=f"{found.status.capitalize()}; {found.confidence:.0%} sure.",
        rule=RULE,
        arithmetic=f"1 - {against} = {found.confidence:.3f}" if against else None,
        confidence=found.confidence,
        inputs=[
            *(
                Given(name=r["evidence"], value=r["strength"], words=f"{queries.words(r)}.")
                for r in found.reasons
            ),
            Given(name="next_best", value=found.next_best, words="The application behind it."),
        ],
        date=found.decided_at or found.suggested_at,
        dated="Decided" if found.decided_at else "Worked out",
        decision=decided(session, *told) if found.decided_at else None,
    )


EXPLAINER: Final = Explainer("suggestion", engagement_in("suggested_applications"), _suggestion)
