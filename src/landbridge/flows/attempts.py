"""Attempts at a phase: a failed one is kept, and the next is a row of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import insert

from landbridge.database.session import once_committed
from landbridge.errors.catalogue import LandbridgeError, Retry
from landbridge.flows.locked import LockedFlow
from landbridge.flows.models import PhaseRun
from landbridge.flows.runs import Run
from landbridge.flows.states import PhaseStatus
from landbridge.kit import metrics
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


def end_completed(flow: LockedFlow, run: Run, output: dict[str, Any], done: int) -> None:
    """End an attempt that gave its output."""
    _end(flow, run, PhaseStatus.COMPLETED, output=output, done=done, total=done)
    flow.say("phase.completed", phase=run.phase, data=output)


def end_failed(flow: LockedFlow, run: Run, error: LandbridgeError) -> None:
    """End an attempt that failed, and plan the next one where that can help."""
    problem = error.problem(trace_id=flow.trace_id)
    problem |= {"phase": run.phase, "attempt": run.attempt}
    policy = flow.definition.phase(run.phase).retry
    again = error.retry is not Retry.NEVER and run.attempt < policy.attempts
    if again:
        wait = max(policy.delay(run.attempt), error.fields.get("retry_after", 0))
        at = flow.now + timedelta(seconds=wait)
        problem["next_retry_at"] = at.isoformat()
    _end(flow, run, PhaseStatus.FAILED, error=problem)
    flow.say("phase.failed", phase=run.phase, data=problem)
    told = partial(metrics.count_error, error.code, error.category.value, "flow")
    once_committed(flow.session, told)
    flow.record(error, f"phase {run.phase}", run, "to be tried again" if again else None)
    if again:
        begin_again(flow, run, not_before=at)


def _end(flow: LockedFlow, run: Run, status: PhaseStatus, **values: Any) -> None:
    moment = flow.now
    flow.update_run(run, status=status.value, finished_at=moment, heartbeat_at=moment, **values)
    seconds = (moment - (run.started_at or moment)).total_seconds()
    told = partial(metrics.time_phase, flow.row.flow_type, run.phase, status.value, seconds)
    once_committed(flow.session, told)
