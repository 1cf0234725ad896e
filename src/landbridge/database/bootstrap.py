"""Make a PostgreSQL ready for us: database, roles, least privileges, schemas.

Everything here may be repeated and may run on several machines at once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import LiteralString

import psycopg
import stamina
from psycopg import sql
from psycopg.rows import TupleRow
from sqlalchemy import URL

from landbridge.database import migrate, urls
from landbridge.database.errors import (
    DatabaseBusy,
    DatabaseVersionTooOld,
    catalogued_errors,
)
from landbridge.database.hardening import harden
from landbridge.database.logins import LoginTooPowerful

MINIMUM_VERSION = 150000
LOCK = 7_021_951
MigrateEngine = Callable[[str], None]
"""Creates or migrates the durable engine's schema, given a URL that acts as `app_owner`."""

Connection = psycopg.Connection[TupleRow]

MEMBERSHIPS = ((urls.APP_ROLE, urls.OWNER_ROLE), (urls.APP_ROLE, urls.WORKER_ROLE))

DATABASE_GRANTS: tuple[LiteralString, ...] = (
    "revoke all on database {database} from public",
    "grant connect, create on database {database} to app_owner",
    "grant connect, temporary on database {database} to app_rw",
    "grant connect on database {database} to app_worker",
    "revoke all on schema public from public",
)

# The worker runs the engine. The API only enqueues jobs inside its own transactions: these are
# the columns that those statements touch.
ENGINE_GRANTS: tuple[LiteralString, ...] = (
    "revoke execute on all functions in schema dbos from public",
    "grant usage on schema dbos to app_rw",
    "grant select, insert, update, delete on all tables in schema dbos to app_worker",
    "grant usage on all sequences in schema dbos to app_worker",
    "grant execute on all functions in schema dbos to app_worker",
    "grant insert, select (workflow_uuid, status, name, class_name, config_name, queue_name,"
    " created_at, creator_xid, serialization), update (creator_xid)"
    " on dbos.workflow_status to app_rw",
    "grant insert, select (workflow_uuid) on dbos.workflow_input to app_rw",
    "revoke all on dbos.notifications from app_rw",
)


def bootstrap(
    admin: URL,
    *,
    migrate_engine: MigrateEngine | None = None,
    derive_logins: bool = True,
) -> None:
    """Create what is missing and migrate to this release.

    Args:
        admin: a role that may create roles and schemas.
        migrate_engine: migrates the durable engine's schema, as `app_owner`.
        derive_logins: give our logins their derived passwords; False when their URLs are
            configured, and their passwords kept by whoever configured them.

    Raises:
        DatabaseVersionTooOld: the server is older than PostgreSQL 15.
        LandbridgeError: the server cannot be reached or refuses.
    """
    with catalogued_errors():
        create_database(admin)
        with connect(admin) as connection:
            _require_version(connection)
            with _one_at_a_time(connection):
                _create_roles(connection, admin, derive_logins=derive_logins)
                grant_database(connection, str(admin.database))
                harden(connection)
                owner = urls.owner_url(admin)
                migrate.upgrade(owner)
                if migrate_engine:
                    migrate_engine(urls.text(owner))
                    with connect(owner) as as_owner:
                        _execute(as_owner, ENGINE_GRANTS)
                        migrate.mark_release(as_owner)


def prepare_server(admin: URL, *, derive_logins: bool = True) -> None:
    """Create our roles, without touching any schema."""
    with connect(admin) as connection, _one_at_a_time(connection):
        _require_version(connection)
        _create_roles(connection, admin, derive_logins=derive_logins)


def grant_database(connection: Connection, name: str) -> None:
    """Give our roles, and nobody else, what they need on a database as such."""
    _execute(connection, DATABASE_GRANTS, database=name)


@contextlib.contextmanager
def connect(url: URL) -> Iterator[Connection]:
    """A connection outside any pool; every statement is its own transaction."""
    plain = urls.text(url.set(drivername="postgresql"))
    with psycopg.connect(
        plain, autocommit=True, application_name="landbridge bootstrap", connect_timeout=10
    ) as connection:
        yield connection


def create_database(admin: URL) -> None:
    """Create the database of the URL when the server lacks it."""
    name = str(admin.database)
    try:
        with connect(admin):
            return
    except psycopg.OperationalError as e:
        if f'database "{name}" does not exist' not in str(e):
            raise
    with (
        connect(admin.set(database="postgres")) as connection,
        contextlib.suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation),
    ):
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))


def _require_version(connection: Connection) -> None:
    version = connection.info.server_version
    if version < MINIMUM_VERSION:
        raise DatabaseVersionTooOld(found=version // 10000, needed=MINIMUM_VERSION // 10000)


@contextlib.contextmanager
def _one_at_a_time(connection: Connection) -> Iterator[None]:
    """Hold the lock of this database's bootstrap.

    Asks again and again instead of waiting in one statement: the engine builds indexes
    concurrently, and that waits for every statement that has begun.
    """
    try:
        _take_lock(connection)
    except _LockTaken:
        raise DatabaseBusy from None
    try:
        yield
    finally:
        connection.execute("select pg_advisory_unlock(%s)", [LOCK])


class _LockTaken(Exception):
    """Another process is making this database ready."""


@stamina.retry(on=_LockTaken, attempts=None, timeout=300, wait_initial=0.05, wait_max=0.5)
def _take_lock(connection: Connection) -> None:
    row = connection.execute("select pg_try_advisory_lock(%s)", [LOCK]).fetchone()
    if not (row and row[0]):
        raise _LockTaken


@stamina.retry(on=psycopg.errors.InternalError_, attempts=10, wait_initial=0.05, wait_max=0.5)
def _create_roles(connection: Connection, admin: URL, *, derive_logins: bool) -> None:
    """Roles belong to the whole server: another database's bootstrap may be changing them at
    this moment, which PostgreSQL reports as 'tuple concurrently updated'.
    """
    _create_role(connection, urls.OWNER_ROLE, "nologin")
    for role in (urls.APP_ROLE, urls.WORKER_ROLE):
        _create_role(connection, role, "login")
        if derive_logins and not _can_log_in(urls.login_url(admin, role)):
            connection.execute(
                sql.SQL("alter role {} login password {}").format(
                    sql.Identifier(role), sql.Literal(urls.derived_password(admin, role))
                )
            )
    for group, member in MEMBERSHIPS:
        if not _has_role(connection, member, group, "member"):
            _execute(connection, ("grant {group} to {member}",), group=group, member=member)
    may_act = "set" if connection.info.server_version >= 160000 else "member"
    user = connection.info.user
    if not _has_role(connection, user, urls.OWNER_ROLE, may_act):
        _execute(connection, ("grant app_owner to {user}",), user=user)


def _create_role(connection: Connection, role: str, login: LiteralString) -> None:
    attributes = connection.execute(
        "select rolsuper or rolbypassrls from pg_roles where rolname = %s", [role]
    ).fetchone()
    if attributes is None:
        with contextlib.suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            _execute(connection, ("create role {role} " + login,), role=role)
    elif attributes[0]:
        raise LoginTooPowerful(login=role, roles="a superuser, or exempt from row-level security")


def _can_log_in(url: URL) -> bool:
    try:
        with connect(url):
            return True
    except psycopg.OperationalError:
        return False


def _has_role(connection: Connection, member: str, group: str, how: str) -> bool:
    row = connection.execute("select pg_has_role(%s, %s, %s)", [member, group, how]).fetchone()
    return bool(row and row[0])


def _execute(
    connection: Connection, statements: tuple[LiteralString, ...], **identifiers: str
) -> None:
    names = {key: sql.Identifier(value) for key, value in identifiers.items()}
    for statement in statements:
        connection.execute(sql.SQL(statement).format(**names))
