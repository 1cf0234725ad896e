"""What a caller is told about the queue: how much of the account's own stands before a flow."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession

_AHEAD: Final = text("""
select count(*) from app.flows x, app.flows f
 where f.id = :id and x.status = 'initialized'
   and (x.scheduled_for is null or x.scheduled_for <= now())
   and (x.priority, x.created_at, x.id) < (f.priority, f.created_at, f.id)""")


def ahead(session: TenantSession, flow_id: UUID) -> int:
    """How many flows of the open account have not begun and come before this one: of a higher
    priority, or of the same and created earlier. Those that wait for a time of their own do
    not count, nor do flows of other accounts: workers take up each account's in turn.
    """
    return int(session.execute(_AHEAD, {"id": flow_id}).scalar_one())
