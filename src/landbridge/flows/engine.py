"""The one file that knows the durable engine (DBOS).

The engine's tables hold references only: account, flow, phase and gate names. Steps run
through a datasource bound to our session door, so a step's checkpoint and our rows commit
in one transaction under row-level security.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from typing import Any, Final, TypeVar
from uuid import UUID

from dbos import (
    DBOS,
    DBOSClient,
    DBOSConfig,
    EnqueueOptions,
    Serializer,
    SetEnqueueOptions,
    SetWorkflowID,
    SQLAlchemyDatasource,
)
from sqlalchemy import text

from landbridge.database import urls
from landbridge.database.session import JobAccess, SessionDoor, TenantSession, acting_for
from landbridge.flows.execution import FlowExecution
from landbridge.flows.states import ApprovalStatus, PhaseStatus
from landbridge.kit import jsonio

APPLICATION: Final = "landbridge"
SCHEMA: Final = "dbos"
VERSION: Final = "1"  # raised only when flows in flight cannot go on under new code
FLOWS_QUEUE: Final = "flows"
WORK_QUEUE: Final = "work"
RESULT_POLL_SECONDS: Final = 0.2
SETTLE_SECONDS: Final = 1.0
GATE_CHECK_SECONDS: Final = 30.0  # how often a waiting flow looks again by itself

T = TypeVar("T")


class StepFailedError(Exception):
    """What the engine stores of an exception: its type, never its text."""


class ReferenceSerializer(Serializer):
    """JSON, so that who can write engine rows cannot run code; exceptions keep no text."""

    def serialize(self, data: Any) -> str:
        """To JSON text."""
        if isinstance(data, BaseException):
            data = {"__error__": type(data).__name__}
        return jsonio.dumps(data)

    def deserialize(self, serialized_data: str) -> Any:
        """From JSON text."""
        value = jsonio.loads(serialized_data)
        if isinstance(value, dict) and "__error__" in value:
            return StepFailedError(value["__error__"])
        return value

    def name(self) -> str:
        """The name stored beside each value."""
        return "landbridge_json"


def migrate_engine(url: str) -> None:
    """Create or migrate the engine's schema, as the role that `url` acts as."""
    DBOS.migrate(url, schema=SCHEMA)
    SQLAlchemyDatasource.migrate(url, schema=SCHEMA)


class FlowClient:
    """The engine as the orchestrator sees it: enqueue and signal inside the caller's
    transaction.
    """

    def __init__(self, door: SessionDoor) -> None:
        self._client = DBOSClient(
            system_database_engine=door.engine,
            dbos_system_schema=SCHEMA,
            serializer=ReferenceSerializer(),
            application_name=APPLICATION,
            lazy=True,
        )

    def enqueue(self, session: TenantSession, flow_id: UUID) -> None:
        """Have a worker run this flow; the flow's id is the workflow's id."""
        options: EnqueueOptions = {
            "workflow_name": "interpret_flow",
            "queue_name": FLOWS_QUEUE,
            "workflow_id": str(flow_id),
            "app_version": VERSION,
        }
        self._client.enqueue_in_transaction(
            session, options, str(session.client_account_id), str(flow_id)
        )

    def signal(self, session: TenantSession, flow_id: UUID, gate: str) -> None:
        """Wake a flow that waits at `gate`."""
        self._client.send_in_transaction(
            session, str(flow_id), gate, topic=gate, idempotency_key=f"{flow_id}:{gate}"
        )


@dataclass(frozen=True, slots=True)
class _Runtime:
    execution: FlowExecution
    datasource: SQLAlchemyDatasource


_runtime: _Runtime | None = None


def _step(name: str, client: str, flow: str, work: Callable[[TenantSession, UUID], T]) -> T:
    """One step: `work` in a transaction that also holds the engine's checkpoint."""
    if _runtime is None:
        raise RuntimeError("the worker is not running")
    source = _runtime.datasource

    def body() -> T:
        session = source.sql_session()
        if not isinstance(session, TenantSession):
            raise TypeError("the engine's session must come through the door")
        return work(session, UUID(flow))

    with acting_for(JobAccess(UUID(client), UUID(flow))):
        return source.run_tx_step({"name": name, "isolation_level": "READ COMMITTED"}, body)


def _execution() -> FlowExecution:
    if _runtime is None:
        raise RuntimeError("the worker is not running")
    return _runtime.execution


@DBOS.workflow(name="interpret_flow")
async def interpret_flow(client: str, flow: str) -> str:
    """Run a flow from its stored definition: phases in order, stopping at gates."""
    run = _execution()
    steps = await asyncio.to_thread(_step, "begin", client, flow, run.begin)
    for number, step in enumerate(steps):
        phase, gate = step["phase"], step["gate"]
        with SetWorkflowID(f"{flow}:{number}"), SetEnqueueOptions(queue_partition_key=client):
            handle = await DBOS.enqueue_workflow_async(WORK_QUEUE, run_phase, client, flow, phase)
        if (
            await handle.get_result(polling_interval_sec=RESULT_POLL_SECONDS)
            != PhaseStatus.COMPLETED.value
        ):
            return PhaseStatus.FAILED.value
        if gate and not await _pass(client, flow, phase, gate):
            return ApprovalStatus.REJECTED.value
    await asyncio.to_thread(_step, "finish", client, flow, run.finish)
    return PhaseStatus.COMPLETED.value


async def _pass(client: str, flow: str, phase: str, gate: str) -> bool:
    run = _execution()
    decision = await asyncio.to_thread(
        _step, "open_gate", client, flow, lambda s, f: run.open_gate(s, f, phase, gate)
    )
    while decision == ApprovalStatus.PENDING.value:
        await DBOS.recv_async(topic=gate, timeout_seconds=GATE_CHECK_SECONDS)
        decision = await asyncio.to_thread(
            _step, "pass_gate", client, flow, lambda s, f: run.pass_gate(s, f, gate)
        )
    return decision == ApprovalStatus.APPROVED.value


@DBOS.workflow(name="run_phase")
async def run_phase(client: str, flow: str, phase: str) -> str:
    """Run one phase: announce it, then do it in one transaction."""
    run = _execution()
    await asyncio.to_thread(
        _step, "start_phase", client, flow, lambda s, f: run.start_phase(s, f, phase)
    )
    return await asyncio.to_thread(
        _step, "run_phase", client, flow, lambda s, f: run.run_phase(s, f, phase)
    )


@contextmanager
def running_engine(execution: FlowExecution, door: SessionDoor, executor_id: str) -> Iterator[None]:
    """Execute flows in this process until the block ends.

    One engine per process. `door` must be a worker's; its login also holds the engine's
    rights. On leaving, flows in flight stay where their last step committed them, and any
    other worker goes on from there.
    """
    global _runtime  # noqa: PLW0603 - the engine itself is one per process
    logging.getLogger("dbos").setLevel(logging.WARNING)
    url = urls.text(door.engine.url.set(drivername="postgresql"))
    config: DBOSConfig = {
        "name": APPLICATION,
        "system_database_url": url,
        "dbos_system_schema": SCHEMA,
        "application_version": VERSION,
        "executor_id": executor_id,
        "serializer": ReferenceSerializer(),
        "run_migrations": False,
        "sys_db_pool_size": 10,
        "console_log_level": "WARNING",
        "log_level": "WARNING",
        "notification_listener_polling_interval_sec": 0.1,
    }
    DBOS(config=config)
    _runtime = _Runtime(
        execution,
        SQLAlchemyDatasource.create(
            url,
            engine=door.engine,
            schema=SCHEMA,
            serializer=ReferenceSerializer(),
            sessionmaker=door.sessionmaker,
            run_migrations=False,
        ),
    )
    try:
        DBOS.launch()
        DBOS.register_queue(FLOWS_QUEUE, worker_concurrency=1000, polling_interval_sec=0.2)
        DBOS.register_queue(
            WORK_QUEUE, worker_concurrency=4, partition_concurrency=2, polling_interval_sec=0.2
        )
        try:
            yield
        finally:
            _settle(executor_id)
    finally:
        # Cancelling what is in flight is the intended end: the engine need not warn of it.
        logging.getLogger("dbos").setLevel(logging.CRITICAL)
        DBOS.destroy(workflow_completion_timeout_sec=0)
        _runtime = None


def _settle(executor_id: str) -> None:
    """Give workflows whose last step has committed the moment they need to end."""
    waiting = Event()
    deadline = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < deadline and DBOS.list_workflows(
        status="PENDING", executor_id=executor_id, load_input=False, load_output=False
    ):
        waiting.wait(0.05)


def pending_by_executor() -> dict[str, dict[str, list[str]]]:
    """Workflows started and not ended: executor → queue → workflow ids."""
    found: dict[str, dict[str, list[str]]] = {}
    for w in DBOS.list_workflows(status="PENDING", load_input=False, load_output=False):
        queues = found.setdefault(w.executor_id or "", {})
        queues.setdefault(w.queue_name or FLOWS_QUEUE, []).append(w.workflow_id)
    return found


def unfinished(door: SessionDoor) -> int:
    """How many workflows have not ended, as the worker's login counts them."""
    statement = text(
        f"select count(*) from {SCHEMA}.workflow_status "
        "where status in ('ENQUEUED', 'PENDING', 'DELAYED')"
    )
    with door.anonymous() as connection:
        return int(connection.execute(statement).scalar_one())


def take_over(workflow_ids: list[str], queue: str) -> None:
    """Put workflows of a dead executor back on their queue; only one runner gets each."""
    DBOS.resume_workflows(workflow_ids, queue_name=queue)
