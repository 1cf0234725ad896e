"""What people do with recommendations: decide a strategy, and take that back."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from landbridge.assessment.sixr.models import Recommendation
from landbridge.assessment.sixr.queries import RecommendationRow, recommendation
from landbridge.assessment.sixr.strategies import Strategy
from landbridge.database.session import TenantSession
from landbridge.errors.common import NotFound
from landbridge.kit import clock


def decide(
    session: TenantSession,
    engagement_id: UUID,
    recommendation_id: UUID,
    strategy: Strategy,
    reason: str,
) -> RecommendationRow:
    """Decide the strategy of an application or asset. No later assessment changes it.

    Raises:
        NotFound: the engagement has no such recommendation.
    """
    found = _locked(session, engagement_id, recommendation_id)
    found.decided_strategy = strategy.value
    found.decision_reason = reason
    found.decided_by = session.user_id
    found.decided_at = clock.now()
    session.flush()
    return recommendation(session, engagement_id, recommendation_id)


def reopen(
    session: TenantSession, engagement_id: UUID, recommendation_id: UUID
) -> RecommendationRow:
    """Take a decision back: what the rules recommend counts again.

    Raises:
        NotFound: the engagement has no such recommendation.
    """
    found = _locked(session, engagement_id, recommendation_id)
    found.decided_strategy = found.decision_reason = None
    found.decided_by = found.decided_at = None
    session.flush()
    return recommendation(session, engagement_id, recommendation_id)


def _locked(session: TenantSession, engagement_id: UUID, recommendation_id: UUID) -> Recommendation:
    found = session.scalar(
        select(Recommendation)
        .where(
            Recommendation.id == recommendation_id,
            Recommendation.engagement_id == engagement_id,
        )
        .with_for_update()
    )
    if found is None:
        raise NotFound
    return found
