"""Flows in every status, moved there by hand."""

from __future__ import annotations

from landbridge.database.engine import Databases
from landbridge.flows.states import FlowStatus
from tests.support.accounts import Account
from tests.support.flows import HandledFlow

S = FlowStatus
WAYS = {
    S.INITIALIZED: (),
    S.RUNNING: (S.RUNNING,),
    S.WAITING: (S.RUNNING, S.WAITING),
    S.PAUSED: (S.RUNNING, S.PAUSED),
    S.FAILED: (S.RUNNING, S.FAILED),
    S.COMPLETED: (S.RUNNING, S.COMPLETED),
    S.CANCELLED: (S.RUNNING, S.CANCELLED),
}


def flow_in_status(databases: Databases, account: Account, status: FlowStatus) -> HandledFlow:
    """A toy flow that has come to this status along the transition table."""
    flow = HandledFlow(databases, account)
    for step in WAYS[status]:
        flow.move(step)
    return flow
