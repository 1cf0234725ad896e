"""The one file that knows the durable engine (DBOS).

The engine's tables hold references only: account, flow and queue names. A flow's state is
in our own rows; the engine keeps the queues, gives each job to one worker, and again to
another when that one dies.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions, Serializer
from sqlalchemy import text

from landbridge.database import urls
from landbridge.database.session import SessionDoor, TenantSession
from landbridge.errors.foreign import also
from landbridge.errors.service_errors import EngineFailed
from landbridge.flows.port import PROVIDER_PREFIX, WORK, Job
from landbridge.kit import jsonio
from landbridge.kit.clock import now
from landbridge.kit.ids import new_id
from landbridge.kit.settings import ProviderLimit

APPLICATION: Final = "landbridge"
SCHEMA: Final = "dbos"
VERSION: Final = "2"  # raised only when the workers of the release before cannot run our jobs
POLL_SECONDS: Final = 0.1
OLDER: Final = ["interpret_flow", "run_phase"]  # when the engine interpreted flows
LIVE: Final = ["ENQUEUED", "DELAYED", "PENDING"]
ENDED: Final = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]

Perform = Callable[[Job], None]

also({"dbos._error.DBOSException": lambda _: EngineFailed()})


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


class FlowClient:
    """The engine behind the port: jobs are enqueued inside the caller's transaction."""

    def __init__(self, door: SessionDoor) -> None:
        self._client = DBOSClient(
            system_database_engine=door.engine,
            dbos_system_schema=SCHEMA,
            serializer=ReferenceSerializer(),
            application_name=APPLICATION,
            lazy=True,
            retry_connection_errors=False,  # who calls us decides whether to try again
        )

    def enqueue(self, session: TenantSession, job: Job) -> None:
        """Have a worker run this job, once the caller commits."""
        options: EnqueueOptions = {
            "workflow_name": "run_job",
            "queue_name": job.queue,
            "queue_partition_key": str(job.client_account_id),
            "workflow_id": f"{job.flow_id}:{new_id().hex[-12:]}",
            "app_version": VERSION,
            "priority": int(job.priority),
        }
        if job.delay_seconds > 0:
            options["delay_seconds"] = job.delay_seconds
        self._client.enqueue_in_transaction(
            session, options, str(job.client_account_id), str(job.flow_id), job.queue
        )

    def with_jobs(self, flow_ids: Iterable[UUID]) -> set[UUID]:
        """Which of these flows have a job that has not ended."""
        prefixes = [f"{flow_id}:" for flow_id in flow_ids]
        if not prefixes:
            return set()
        found = self._client.list_workflows(
            workflow_id_prefix=prefixes, status=LIVE, load_input=False, load_output=False
        )
        return {UUID(w.workflow_id[:36]) for w in found}

    def take_over(self, alive: Iterable[str]) -> dict[str, int]:
        """Put jobs of executors that are not alive back on their queues."""
        living = set(alive)
        lost: dict[str, dict[str, list[str]]] = {}
        for w in self._client.list_workflows(status="PENDING", load_input=False, load_output=False):
            if (w.executor_id or "") not in living:
                queues = lost.setdefault(w.executor_id or "", {})
                queues.setdefault(w.queue_name or WORK, []).append(w.workflow_id)
        for queues in lost.values():
            for queue, ids in queues.items():
                self._client.resume_workflows(ids, queue_name=queue)
        return {executor: sum(map(len, queues.values())) for executor, queues in lost.items()}

    def forget(self, older_than: timedelta, limit: int = 5000) -> int:
        """Delete records of jobs that ended before."""
        before = (now() - older_than).isoformat()
        found = self._client.list_workflows(
            status=ENDED, completed_before=before, limit=limit, load_input=False, load_output=False
        )
        ids = [w.workflow_id for w in found]
        if ids:
            self._client.delete_workflows(ids)
        return len(ids)

    def unheard(self, executor_id: str) -> dict[str, str]:
        """Jobs given to this process that it does not run, each with its queue: the database
        went away between the two.
        """
        given = self._client.list_workflows(
            status="PENDING", executor_id=executor_id, load_input=False, load_output=False
        )
        return {w.workflow_id: w.queue_name or WORK for w in given if w.workflow_id not in _running}

    def put_back(self, jobs: Mapping[str, str]) -> None:
        """Put jobs back on their queues."""
        for workflow_id, queue in jobs.items():
            self._client.resume_workflows([workflow_id], queue_name=queue)

    def older_jobs(self) -> dict[str, UUID]:
        """Jobs of the earlier release that have not ended, each with its flow."""
        found = self._client.list_workflows(
            status=LIVE, name=OLDER, load_input=False, load_output=False
        )
        return {w.workflow_id: UUID(w.workflow_id[:36]) for w in found}

    def cancel(self, jobs: Iterable[str]) -> None:
        """Have nobody run these jobs."""
        self._client.cancel_workflows(list(jobs))


_perform: Perform | None = None
_running: set[str] = set()


@DBOS.workflow(name="run_job")
def run_job(client: str, flow: str, queue: str) -> None:
    """Run one job. It has no steps of the engine's own: the flow's rows are its checkpoint."""
    if _perform is None:
        raise RuntimeError("the worker is not running")
    name = str(DBOS.workflow_id)
    _running.add(name)
    try:
        _perform(Job(UUID(client), UUID(flow), queue))
    finally:
        _running.discard(name)


@contextmanager
def running_engine(
    perform: Perform,
    door: SessionDoor,
    executor_id: str,
    *,
    concurrency: int,
    per_account: int,
    providers: dict[str, ProviderLimit],
    drain_seconds: Callable[[], float],
) -> Iterator[None]:
    """Run jobs in this process until the block ends.

    One engine per process. `door` must be a worker's; its login also holds the engine's
    rights. On leaving, no further job is taken from the queues, what runs has
    `drain_seconds()` to end, and what is left goes to other workers.
    """
    global _perform  # noqa: PLW0603 - the engine itself is one per process
    _log_as_we_do()
    config: DBOSConfig = {
        "name": APPLICATION,
        "system_database_url": urls.text(door.engine.url.set(drivername="postgresql")),
        "dbos_system_schema": SCHEMA,
        "application_version": VERSION,
        "executor_id": executor_id,
        "serializer": ReferenceSerializer(),
        "run_migrations": False,
        "sys_db_pool_size": 10,
        "console_log_level": "WARNING",
        "log_level": "WARNING",
    }
    DBOS(config=config)
    _perform = perform
    try:
        DBOS.launch()
        DBOS.register_queue(
            WORK,
            worker_concurrency=concurrency,
            partition_worker_concurrency=min(per_account, concurrency),
            polling_interval_sec=POLL_SECONDS,
            on_conflict="always_update",
        )
        for name, limit in providers.items():
            _register_provider(name, limit, per_account)
        yield
    finally:
        # Leaving what is in flight to others is intended: the engine need not warn of it.
        logging.getLogger("dbos").setLevel(logging.CRITICAL)
        DBOS.destroy(workflow_completion_timeout_sec=int(drain_seconds()))
        logging.getLogger("dbos").setLevel(logging.NOTSET)
        _perform = None


def _log_as_we_do() -> None:
    """Let the engine's records pass through our formatter, which hides secrets.

    The engine writes to the console by itself unless its logger has a handler already.
    """
    logger = logging.getLogger("dbos")
    logger.setLevel(logging.WARNING)
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())


def _register_provider(name: str, limit: ProviderLimit, per_account: int) -> None:
    """A queue for phases that use an outside service: its limits hold over all workers."""
    DBOS.register_queue(
        PROVIDER_PREFIX + name,
        global_concurrency=limit.concurrency,
        partition_worker_concurrency=min(per_account, limit.concurrency or per_account),
        limiter={"limit": limit.per_minute, "period": 60.0} if limit.per_minute else None,
        polling_interval_sec=POLL_SECONDS * 2,
        on_conflict="always_update",
    )


def unfinished(door: SessionDoor) -> int:
    """How many jobs have not ended, as the worker's login counts them."""
    statement = text(
        f"select count(*) from {SCHEMA}.workflow_status "
        "where status in ('ENQUEUED', 'PENDING', 'DELAYED')"
    )
    with door.anonymous() as connection:
        return int(connection.execute(statement).scalar_one())


def queues(door: SessionDoor) -> list[tuple[str, str, int, float]]:
    """How many jobs that have not ended are in each queue, by the engine's status in lower case,
    and for how many seconds the oldest of them has been there.
    """
    statement = text(
        "select queue_name, lower(status), count(*),"
        " greatest(0, extract(epoch from clock_timestamp()) - min(created_at) / 1000.0)::float8"
        f" from {SCHEMA}.workflow_status where status in ('ENQUEUED', 'PENDING', 'DELAYED')"
        " and queue_name is not null group by 1, 2"
    )
    with door.anonymous() as connection:
        return [(q, status, n, oldest) for q, status, n, oldest in connection.execute(statement)]
