"""Attempts that failed: why, and when, for every phase of a flow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from landbridge.database.session import TenantSession
from landbridge.flows.models import PhaseRun


@dataclass(frozen=True, slots=True)
class FailedAttempt:
    """An attempt at a phase that failed, with the problem it failed with."""

    attempt: int
    error: dict[str, Any]
    finished_at: datetime | None


def failed_attempts(session: TenantSession, flow_id: UUID) -> dict[str, list[FailedAttempt]]:
    """The failed attempts of a flow by phase, the latest first."""
    rows = session.execute(
        select(PhaseRun.phase, PhaseRun.attempt, PhaseRun.error, PhaseRun.finished_at)
        .where(PhaseRun.flow_id == flow_id, PhaseRun.error.is_not(None))
        .order_by(PhaseRun.attempt.desc())
    )
    found: dict[str, list[FailedAttempt]] = {}
    for row in rows:
        found.setdefault(row.phase, []).append(
            FailedAttempt(row.attempt, row.error, row.finished_at)
        )
    return found
