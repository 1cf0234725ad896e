"""The log as people read it: narrowed, newest first, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, Field

from landbridge.audit.errors import AuditFilterInvalid
from landbridge.database.listing import Listing, Wanted
from landbridge.database.session import TenantSession
from landbridge.kit.pagination import Page

ENTRIES: Final = Listing(
    columns="x.id, x.seq, x.n, x.at, x.entry",
    source="(select e.*, l.seq,"
    " (lpad(to_hex(e.xid), 16, '0') || lpad(to_hex(e.n), 16, '0'))::uuid as id"
    " from app.audit_entries e left join app.audit_links l"
    " on l.client_account_id = e.client_account_id and l.began = e.began and l.xid = e.xid) x"
    " where (cast(:engagement_id as uuid) is null or x.engagement_id = :engagement_id)",
    filters={
        "q": "lower(x.entry::text) like :q",
        "action": "x.action = :action",
        "type": "x.object_type = :type",
        "object": "x.object_id = :object",
        "actor": "x.entry #>> '{actor,email}' = :actor",
        "since": "x.at >= cast(:since as timestamptz)",
        "until": "x.at < cast(:until as timestamptz)",
    },
    sorts={"at": ("x.at", "timestamptz")},
    order="at",
)
MOMENTS: Final = ("since", "until")


class AuditEntryOut(BaseModel):
    """One thing that somebody did."""

    seq: int | None = Field(description="The link that seals it.")
    n: int = Field(description="Its place among the entries of that link, from 1.")
    at: datetime
    action: str
    actor: dict[str, Any] = Field(description="kind (user, worker, operator, system), and who.")
    origin: dict[str, Any] | None = Field(
        default=None,
        description="Where from: address, via, trace_id, credential. `verified: false` where it"
        " was not sealed.",
    )
    object: dict[str, Any] = Field(description="type, id and name of what it was done to.")
    engagement_id: UUID | None = None
    reason: str | None = None
    changes: dict[str, Any] | None = Field(
        default=None, description="Field → its value before and after."
    )
    detail: dict[str, Any] | None = None
    stated: bool = Field(
        default=False, description="The program said so; otherwise a trigger saw it happen."
    )


def entries(
    session: TenantSession, wanted: Wanted, engagement_id: UUID | None = None
) -> Page[AuditEntryOut]:
    """One page, newest first.

    Raises:
        AuditFilterInvalid: a moment is none.
        InvalidCursor: the cursor was made for another list.
    """
    asked = Wanted(_moments(wanted.filters), "at", True, wanted.limit, wanted.cursor)
    found = ENTRIES.page(session, engagement_id, asked)
    return Page([_shown(row) for row in found.items], found.next)


def _shown(row: Mapping[str, Any]) -> AuditEntryOut:
    return AuditEntryOut.model_validate({**row["entry"], **{k: row[k] for k in ("seq", "n", "at")}})


def _moments(filters: Mapping[str, str]) -> dict[str, str]:
    """The filters with dates as moments in UTC; a last day is meant to its end."""
    given = dict(filters)
    for name in MOMENTS:
        if value := given.get(name):
            try:
                moment = datetime.fromisoformat(value)
                if name == "until" and len(value) == len("2026-11-22"):
                    moment += timedelta(days=1)
                moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
            except (ValueError, OverflowError):
                raise AuditFilterInvalid(name=name) from None
            given[name] = moment.isoformat()
    return given
