"""Taking over flows of the earlier release, in which the engine interpreted them.

Their state was in the flow's rows already. The engine's rows of that time are cancelled, and a
job of today goes on from what the flow's rows say.
"""

from __future__ import annotations

from typing import Final

import structlog
from sqlalchemy import text

from landbridge.database.session import JobAccess, SessionDoor
from landbridge.errors.common import NotFound
from landbridge.flows.engine import FlowClient
from landbridge.flows.port import Job

log = structlog.get_logger(__name__)

_OPEN: Final = text("""
select client_account_id, flow_id from app_private.open_flows where flow_id = any(:flows)""")


def retire_older_jobs(door: SessionDoor, engine: FlowClient) -> int:
    """Give flows with jobs of the earlier release a job of this one; returns how many.

    A process that ends in between leaves jobs too many, which do nothing.
    """
    older = engine.older_jobs()
    if not older:
        return 0
    with door.anonymous() as connection:
        rows = connection.execute(_OPEN, {"flows": list(set(older.values()))})
        flows = [JobAccess(row.client_account_id, row.flow_id) for row in rows]
    for flow in flows:
        try:
            with door.open(flow) as session:
                engine.enqueue(session, Job(flow.client_account_id, flow.flow_id))
        except NotFound:
            log.info("flow_is_gone", flow_id=str(flow.flow_id))
    engine.cancel(older)
    log.warning("older_jobs_retired", jobs=len(older), flows=len(flows))
    return len(flows)
