"""Entries that no table shows by itself: what left the house, and who came in by the back door.

Everything else is written by triggers on the tables; see `watched`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from landbridge.database.session import Access, SessionDoor, TenantSession
from landbridge.kit import jsonio

_RECORD: Final = text(
    "select app.audit_record(:action, cast(:object as jsonb), :engagement, cast(:more as jsonb))"
)
_APPEND: Final = text(
    "select app_private.audit_append("
    ":account, :action, cast(:object as jsonb), null, cast(:more as jsonb))"
)
BREAK_GLASS_OPENED: Final = "break_glass.opened"
BREAK_GLASS_CLOSED: Final = "break_glass.closed"
EXPORT_READ: Final = "export.read"
AUDIT_EXPORTED: Final = "audit.exported"


def record(
    session: TenantSession,
    action: str,
    object_type: str,
    object_id: str,
    *,
    name: str | None = None,
    engagement_id: UUID | None = None,
    detail: dict[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """Add an entry to the session's transaction. It is marked as stated by the program.

    Args:
        session: the open account; actor and origin are those of its sealed context.
        action: `noun.verb` in lower case, such as `export.read`.
        object_type: what kind of thing it was done to.
        object_id: which one.
        name: how people know it.
        engagement_id: where it belongs, if to an engagement.
        detail: what else matters, JSON of at most 16,000 characters.
        reason: why it was done.
    """
    shown = {"type": object_type, "id": object_id, "name": name}
    session.execute(
        _RECORD,
        {
            "action": action,
            "object": jsonio.dumps(shown),
            "engagement": engagement_id,
            "more": jsonio.dumps({"detail": detail or {}, "reason": reason}),
        },
    )


def record_export(
    door: SessionDoor,
    access: Access,
    what: str,
    *,
    action: str = EXPORT_READ,
    engagement_id: UUID | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Say that data leaves, in a transaction that is over before the first byte does.

    Args:
        door: where `access` opens.
        access: who reads.
        what: the export, such as `exports/inventory.csv`.
        action: the entry's, where it is another.
        engagement_id: whose data it is.
        detail: what else matters.
    """
    with door.open(access) as session:
        record(session, action, "export", what, engagement_id=engagement_id, detail=detail)


def record_break_glass(
    connection: Connection,
    account: UUID,
    user: UUID,
    email: str,
    *,
    reason: str,
    expires_at: datetime | None = None,
    opened: bool = True,
) -> None:
    """Say in the client's own log that an operator came in, or left, and why.

    Args:
        connection: the owner's transaction that grants or ends the access, so that neither is
            without the other.
        account: the client account.
        user: the operator's user.
        email: how the operator is known.
        reason: why it was necessary.
        expires_at: when the access ends by itself.
        opened: False when it ends.
    """
    detail = {"expires_at": expires_at.isoformat() if expires_at else None}
    connection.execute(
        _APPEND,
        {
            "account": account,
            "action": BREAK_GLASS_OPENED if opened else BREAK_GLASS_CLOSED,
            "object": jsonio.dumps({"type": "membership", "id": str(user), "name": email}),
            "more": jsonio.dumps({"detail": detail, "reason": reason}),
        },
    )
