"""The declarative base of all mapped tables, in the schema `app`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import FetchedValue, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Base of all mapped classes. JSON documents are plain Python values."""

    metadata = MetaData(schema="app")
    type_annotation_map = {dict[str, Any]: JSONB, list[Any]: JSONB}  # noqa: RUF012 - the name and shape that SQLAlchemy asks for


class TenantOwned:
    """A table that holds a client's data: the tenant column leads its primary key and is
    filled by the database from the open context.
    """

    client_account_id: Mapped[UUID] = mapped_column(
        primary_key=True, server_default=FetchedValue(), sort_order=-1
    )
