"""What the flow engine remembers of a client account: references in rows of its own tables."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from landbridge.flows.engine import SCHEMA
from landbridge.offboarding.catalog import engine_tables

_UUID: Final = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_NAMES_ONE: Final = (
    f"exists (select from regexp_matches(t::text, '{_UUID}', 'g') m"
    " where m[1]::uuid = any(cast(:ids as uuid[])))"
)
_ACTIVE: Final = text(
    f"select count(*) from {SCHEMA}.workflow_status t"
    " where t.status in ('ENQUEUED', 'PENDING', 'DELAYED')"
    " and left(t.workflow_uuid, 36) = any(cast(:ids as text[]))"
)


def delete(connection: Connection, ids: Collection[UUID]) -> dict[str, int]:
    """Delete every row that names one of `ids`, wherever in the row; the count by table."""
    return {
        table: connection.execute(
            text(f"delete from {table} t where {_NAMES_ONE}"), {"ids": list(ids)}
        ).rowcount
        for table in engine_tables(connection, SCHEMA)
    }


def left(connection: Connection, ids: Collection[UUID]) -> list[str]:
    """The tables that still name one of `ids`."""
    return [
        table
        for table in engine_tables(connection, SCHEMA)
        if connection.execute(
            text(f"select exists (select from {table} t where {_NAMES_ONE})"), {"ids": list(ids)}
        ).scalar_one()
    ]


def active(connection: Connection, flow_ids: Collection[UUID]) -> int:
    """How many of these flows the engine has not done with."""
    found: int = connection.execute(_ACTIVE, {"ids": [str(i) for i in flow_ids]}).scalar_one()
    return found
