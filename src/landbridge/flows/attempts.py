"""Attempts at a phase: a failed one is kept, and the next is a row of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert

from landbridge.flows.locked import LockedFlow
from landbridge.flows.models import PhaseRun
from landbridge.flows.runs import Run
from landbridge.flows.states import PhaseStatus
from landbridge.kit.ids import new_id


def begin_again(flow: LockedFlow, run: Run, **values: Any) -> None:
    """Add the next attempt at a phase that failed."""
    fresh: Mapping[str, Any] = {
        "id": new_id(),
        "flow_id": flow.id,
        "phase": run.phase,
        "position": run.position,
        "attempt": run.attempt + 1,
        "status": PhaseStatus.PENDING.value,
        "weight": run.weight,
        "unit": run.unit,
        **values,
    }
    flow.session.execute(insert(PhaseRun).values(**fresh))
    flow.forget_rows()
