"""A running worker: its lease, the engine, the sweep for work of dead workers, the sender."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from landbridge.database.session import SessionDoor
from landbridge.flows.definitions import FlowTypes
from landbridge.flows.engine import running_engine
from landbridge.flows.execution import FlowExecution
from landbridge.flows.leases import LeaseKeeper, new_executor_id
from landbridge.webhooks.sending.sender import running_sender


@contextmanager
def running_worker(door: SessionDoor, types: FlowTypes) -> Iterator[str]:
    """Execute flows in this process until the block ends; yields the executor's id.

    The lease is taken before the engine starts and given back after it has stopped, so no
    other worker takes over work that this one still does.
    """
    executor_id = new_executor_id()
    with (
        LeaseKeeper(door, executor_id) as keeper,
        running_engine(FlowExecution(types, door), door, executor_id),
        running_sender(door),
    ):
        keeper.sweeping.set()
        try:
            yield executor_id
        finally:
            keeper.sweeping.clear()
