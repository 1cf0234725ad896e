"""Tables of the orchestrator."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from landbridge.database.base import Base, TenantOwned
from landbridge.kit.ids import new_id


class Flow(TenantOwned, Base):
    """One flow: the one row of truth about it."""

    __tablename__ = "flows"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    engagement_id: Mapped[UUID]
    flow_type: Mapped[str]
    definition: Mapped[dict[str, Any]]
    inputs: Mapped[dict[str, Any]]
    status: Mapped[str]
    current_phase: Mapped[str | None]
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    priority: Mapped[int] = mapped_column(default=2)
    scheduled_for: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]
    parent_id: Mapped[UUID | None]
    forked_at: Mapped[str | None]
    last_event_seq: Mapped[int] = mapped_column(default=0)
    trace_id: Mapped[str]
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class PhaseRun(TenantOwned, Base):
    """One attempt at one phase of a flow.

    Attributes:
        claim: counts the times a worker took it up; only the latest may commit.
        crashes: how often the worker that had it died.
    """

    __tablename__ = "phase_runs"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    flow_id: Mapped[UUID]
    phase: Mapped[str]
    position: Mapped[int]
    attempt: Mapped[int] = mapped_column(default=1)
    status: Mapped[str]
    claim: Mapped[int] = mapped_column(default=0)
    crashes: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None]
    not_before: Mapped[datetime | None]
    queued_at: Mapped[datetime | None]
    gate_open: Mapped[bool] = mapped_column(default=False)
    weight: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    unit: Mapped[str]
    output: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    started_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class AccountLimits(TenantOwned, Base):
    """What a client account may use; None means the deployment's default."""

    __tablename__ = "account_limits"

    running_phases: Mapped[int | None]
    open_flows: Mapped[int | None]
    flows_per_minute: Mapped[int | None]


class FlowEvent(TenantOwned, Base):
    """One thing that happened to a flow; `seq` has no gaps.

    Attributes:
        trace_id: of the request that did it; None where it is the flow's own.
    """

    __tablename__ = "flow_events"

    flow_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    phase: Mapped[str | None]
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    trace_id: Mapped[str | None]


class Approval(TenantOwned, Base):
    """A decision a flow waits for, or waited for."""

    __tablename__ = "approvals"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    flow_id: Mapped[UUID]
    phase: Mapped[str]
    gate: Mapped[str]
    kind: Mapped[str] = mapped_column(default="approval")
    summary: Mapped[dict[str, Any]]
    status: Mapped[str]
    requested_at: Mapped[datetime]
    decided_by: Mapped[UUID | None]
    decided_automatically: Mapped[bool] = mapped_column(default=False)
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    answer: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    deadline_at: Mapped[datetime | None]
    assigned_to: Mapped[UUID | None]
