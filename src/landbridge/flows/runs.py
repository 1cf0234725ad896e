"""The latest attempt at a phase, as one step reads and changes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from landbridge.flows.models import PhaseRun
from landbridge.flows.states import PhaseStatus

COLUMNS = (
    *(PhaseRun.id, PhaseRun.phase, PhaseRun.attempt, PhaseRun.status, PhaseRun.claim),
    *(PhaseRun.crashes, PhaseRun.claimed_by, PhaseRun.not_before, PhaseRun.queued_at),
    *(PhaseRun.gate_open, PhaseRun.output, PhaseRun.weight, PhaseRun.unit, PhaseRun.position),
    PhaseRun.started_at,
)


@dataclass(slots=True)
class Run:
    """The latest attempt at a phase.

    Attributes:
        is_lost: the worker that ran it is dead. Known once candidates were looked for.
    """

    id: UUID
    phase: str
    attempt: int
    status: PhaseStatus
    claim: int
    crashes: int
    claimed_by: str | None
    not_before: datetime | None
    queued_at: datetime | None
    gate_open: bool
    output: dict[str, Any] | None
    weight: int
    unit: str
    position: int
    started_at: datetime | None
    is_lost: bool = False
