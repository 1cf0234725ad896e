"""Open the database of these settings: found or started, made ready, and behind its doors."""

from __future__ import annotations

import contextlib
import getpass
import os
import platform
from dataclasses import dataclass

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError

from landbridge.database import answering, migrate, urls, watching
from landbridge.database.bootstrap import MigrateEngine, bootstrap
from landbridge.database.embedded import EmbeddedServer
from landbridge.database.errors import SchemaNotMigrated, catalogued_errors
from landbridge.database.logins import guard
from landbridge.database.session import SessionDoor
from landbridge.kit.settings import Settings

OWNER_SECONDS = 60
POOL_SIZE = 20
POOL_SECONDS = 5
LOCK_TIMEOUT = "10s"
IDLE_TRANSACTION_TIMEOUT = "5min"
IDLE_WORKER_TIMEOUT = "15s"
"""After this a worker is asleep or cut off, and others need what it locked: a worker's
transactions are short, but for those of phases, and these it keeps alive while it lives."""
WORKER_SPARE = 10  # for its lease, the watchdog, webhooks and the ends of jobs


@dataclass(frozen=True, slots=True)
class Databases:
    """Everything that talks to one database.

    Attributes:
        app: the door for people's requests, as `app_rw`.
        worker: the door for flows, as `app_worker`.
        owner: provisioning of accounts, users and credentials, as `app_owner`; None when no
            administrative URL is configured.
        app_url: the URL behind `app`.
        worker_url: the URL behind `worker`.
        admin_url: the administrative URL, if any.
    """

    app: SessionDoor
    worker: SessionDoor
    owner: Engine | None
    app_url: URL
    worker_url: URL
    admin_url: URL | None

    def close(self) -> None:
        """Close every pooled connection."""
        for engine in (self.app.engine, self.worker.engine, self.owner):
            if engine is not None:
                engine.dispose()


def connect(settings: Settings, *, migrate_engine: MigrateEngine | None = None) -> Databases:
    """The database of these settings, ready for this release.

    Without a URL the embedded server is started. With only the two least-privilege URLs
    nothing is created or migrated.

    Raises:
        LandbridgeError: the database cannot be reached, started or migrated.
        LoginTooPowerful: the API's or the worker's login can pass row-level security.
    """
    admin, app, worker = resolve(settings)
    with catalogued_errors():
        if admin is not None and not _is_ready(app):
            configured = settings.app_database_url is not None
            bootstrap(admin, migrate_engine=migrate_engine, derive_logins=not configured)
        elif admin is None:
            _require_release(app)
        databases = assemble(admin, app, worker, settings)
        with contextlib.ExitStack() as stack:
            stack.callback(databases.close)
            for door in (databases.app, databases.worker):
                door.engine.connect().close()
            stack.pop_all()
    return databases


def resolve(settings: Settings) -> tuple[URL | None, URL, URL]:
    """The administrative URL, if any, and the URLs of the API's and the worker's login."""
    admin = _configured(settings, "database_url")
    app = _configured(settings, "app_database_url")
    worker = _configured(settings, "worker_database_url")
    if admin is None and app is not None and worker is not None:
        return None, app, worker
    if admin is None:
        admin = EmbeddedServer(settings.data_dir).start()
    return (
        admin,
        app or urls.login_url(admin, urls.APP_ROLE),
        worker or urls.login_url(admin, urls.WORKER_ROLE),
    )


def is_embedded(settings: Settings) -> bool:
    """Whether these settings mean the embedded server."""
    given = (settings.app_database_url, settings.worker_database_url)
    return settings.database_url is None and None in given


def assemble(admin: URL | None, app: URL, worker: URL, chosen: Settings | None = None) -> Databases:
    """Doors over a database that is ready.

    Args:
        admin: the administrative URL, if any.
        app: the URL of the API's login.
        worker: the URL of the workers' login.
        chosen: limits; the defaults when left out. Each phase that a worker runs has one
            transaction open, and tells its progress through another.
    """
    limits = chosen or Settings()
    slow, seconds = limits.slow_statement_seconds or None, limits.statement_seconds
    flows = pool(
        worker,
        "landbridge worker",
        slow_seconds=slow,
        idle_timeout=IDLE_WORKER_TIMEOUT,
        size=2 * limits.worker_concurrency + WORKER_SPARE,
    )
    return Databases(
        app=SessionDoor(
            guard(pool(app, "landbridge api", statement_seconds=seconds, slow_seconds=slow))
        ),
        worker=SessionDoor(guard(flows)),
        owner=_owner(admin) if admin is not None else None,
        app_url=app,
        worker_url=worker,
        admin_url=admin,
    )


def _owner(admin: URL) -> Engine:
    """The owner's pool, whose transactions say for the audit log who runs this process."""
    engine = pool(urls.owner_url(admin), "landbridge owner", statement_seconds=OWNER_SECONDS)
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        user = f"uid {os.getuid()}"
    operator = f"{user}@{platform.node()}"

    @event.listens_for(engine, "begin")
    def tell(connection: Connection) -> None:
        connection.exec_driver_sql("select set_config('app.operator', %s, true)", (operator,))

    return engine


def pool(
    url: URL,
    name: str,
    *,
    statement_seconds: float = 0,
    slow_seconds: float | None = None,
    idle_timeout: str = IDLE_TRANSACTION_TIMEOUT,
    size: int = POOL_SIZE,
) -> Engine:
    """A pool of connections that are tested before use and never wait for ever.

    Args:
        url: of the login.
        name: what PostgreSQL lists the connections as; its last word names the pool in metrics.
        statement_seconds: the longest that a statement may take; 0 for no limit.
        slow_seconds: statements that take longer are logged; None for none.
        idle_timeout: how long a transaction may stand still.
        size: the most connections it opens; up to half of them are kept.
    """
    engine = create_engine(
        url,
        pool_pre_ping=True,
        hide_parameters=True,
        pool_size=size // 2,
        max_overflow=size - size // 2,
        pool_timeout=POOL_SECONDS,
        connect_args={"application_name": name, **answering.KEEPALIVE},
    )
    wait = statement_seconds + answering.GRACE_SECONDS if statement_seconds else None
    known = name.rpartition(" ")[2]
    slow = None if slow_seconds is None else watching.SlowStatements(known, slow_seconds)
    answering.use_answered_connections(engine, wait, slow.took if slow else None)
    watching.count_connections(engine, known, size)
    limits = (
        f"set statement_timeout = '{int(statement_seconds * 1000)}'; "
        f"set lock_timeout = '{LOCK_TIMEOUT}'; "
        f"set idle_in_transaction_session_timeout = '{idle_timeout}'"
    )

    @event.listens_for(engine, "connect")
    def set_limits(connection: DBAPIConnection, _record: object) -> None:
        """By statement, because poolers refuse options in the opening of a connection."""
        connection.autocommit = True
        connection.cursor().execute(limits)
        connection.autocommit = False

    return engine


def release_of(app: URL) -> str | None:
    """What the database is marked with; None when it was never made ready."""
    engine = create_engine(app, connect_args=answering.KEEPALIVE)
    try:
        with engine.connect() as connection:
            mark = connection.execute(text("select mark from app_private.release"))
            return str(mark.scalar_one_or_none())
    finally:
        engine.dispose()


def _is_ready(app: URL) -> bool:
    try:
        return release_of(app) == migrate.release_mark()
    except DBAPIError:
        return False


def _require_release(app: URL) -> None:
    found = release_of(app)
    if found != migrate.release_mark():
        raise SchemaNotMigrated(found=found or "no release", needed=migrate.release_mark())


def _configured(settings: Settings, name: str) -> URL | None:
    value = getattr(settings, name)
    return urls.parse(value.get_secret_value(), f"LANDBRIDGE_{name.upper()}") if value else None
