"""Tables of agents: what accounts allow, what they may spend, and what was asked."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue
from sqlalchemy.orm import Mapped, mapped_column

from landbridge.database.base import Base, TenantOwned
from landbridge.kit.ids import new_id


class AgentPolicy(TenantOwned, Base):
    """What a client account allows agents; without a row they are off."""

    __tablename__ = "agent_policies"

    enabled: Mapped[bool] = mapped_column(default=False)
    share: Mapped[str] = mapped_column(default="masked")
    cache_days: Mapped[int] = mapped_column(default=30)


class AgentLimits(TenantOwned, Base):
    """What a client account may spend; None for what the deployment's settings say."""

    __tablename__ = "agent_limits"

    monthly_micros: Mapped[int | None]
    calls_per_minute: Mapped[int | None]


class AgentCall(TenantOwned, Base):
    """One question to an agent, with what it took; costs in millionths of a US dollar."""

    __tablename__ = "agent_calls"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    engagement_id: Mapped[UUID | None]
    flow_id: Mapped[UUID | None]
    phase: Mapped[str | None]
    task: Mapped[str]
    model: Mapped[str]
    content_hash: Mapped[bytes]
    outcome: Mapped[str]
    code: Mapped[str | None]
    requests: Mapped[int] = mapped_column(default=0)
    input_tokens: Mapped[int] = mapped_column(default=0)
    cached_tokens: Mapped[int] = mapped_column(default=0)
    output_tokens: Mapped[int] = mapped_column(default=0)
    cost_micros: Mapped[int] = mapped_column(default=0)
    milliseconds: Mapped[int] = mapped_column(default=0)
    withheld: Mapped[int] = mapped_column(default=0)
    answer: Mapped[dict[str, Any] | None]
    asked_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
