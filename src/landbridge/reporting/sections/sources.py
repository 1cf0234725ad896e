"""What everything was read from."""

from __future__ import annotations

from uuid import UUID

from landbridge.database.session import TenantSession
from landbridge.discovery.imports.queries import imports
from landbridge.reporting.model import Column, Section, Table

_SHOWN = 1_000


def section(session: TenantSession, engagement_id: UUID) -> Section | None:
    """The imports, newest first; None without any."""
    found = imports(session, engagement_id, _SHOWN)
    if not found:
        return None
    rows = [
        (
            ", ".join(i.files),
            f"{i.created_at:%Y-%m-%d}",
            i.rows_in,
            i.rows_stored,
            i.issues,
            "taken back" if i.withdrawn_at else "",
        )
        for i in found
    ]
    head = (
        Column("Files", 60),
        Column("Received", 12),
        Column("Rows", 12, number=True),
        Column("Rows kept", 12, number=True),
        Column("Rows with issues", 16, number=True),
        Column("", 12),
    )
    words = "Every row of every file is kept; rows with issues are kept with their issues."
    return Section("Sources", (words,), (Table("Imports", head, rows),))
