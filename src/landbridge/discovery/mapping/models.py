"""Tables of mapping: what each column is mapped to, and what people decided before."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue
from sqlalchemy.orm import Mapped, mapped_column

from landbridge.database.base import Base, TenantOwned
from landbridge.kit.ids import new_id


class ColumnMapping(TenantOwned, Base):
    """One column of an imported table and what it is mapped to.

    `target` is attribute, custom or ignore; `confidence` is in per mille; `status` is suggested
    or approved. Only approved mappings take effect.
    """

    __tablename__ = "column_mappings"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    import_table_id: Mapped[UUID]
    ordinal: Mapped[int]
    column_name: Mapped[str]
    target: Mapped[str]
    attribute: Mapped[str | None]
    confidence: Mapped[int]
    evidence: Mapped[list[Any]]
    alternatives: Mapped[list[Any]]
    samples: Mapped[list[Any]]
    status: Mapped[str] = mapped_column(default="suggested")
    decided_by: Mapped[UUID | None]
    decided_automatically: Mapped[bool] = mapped_column(default=False)
    decided_at: Mapped[datetime | None]


class LearnedMapping(TenantOwned, Base):
    """What people decided for columns of one name; `source` is empty where no known source was
    recognised.
    """

    __tablename__ = "learned_mappings"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    column_key: Mapped[str]
    source: Mapped[str] = mapped_column(default="")
    target: Mapped[str]
    attribute: Mapped[str | None]
    decided_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
