"""What can go wrong between us and PostgreSQL, and the table that names each foreign failure."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import psycopg
import sqlalchemy.exc
import sqlalchemy.orm.exc

from landbridge.database.refusals import refusal
from landbridge.errors.catalogue import Category, LandbridgeError, Retry
from landbridge.errors.common import DatabaseUnavailable
from landbridge.errors.foreign import also


class DataDirectoryNotWritable(LandbridgeError):
    """The embedded database and local credentials need a directory that we may write to.
    HOME may be unset, read-only, or belong to somebody else.
    """

    code = "DATA_DIRECTORY_NOT_WRITABLE"
    title = "The data directory cannot be written"
    status = 500
    category = Category.DEPENDENCY
    message = "Landbridge cannot write to its data directory {path}: {reason}."
    remedy = "Set LANDBRIDGE_DATA_DIR to a directory you may write to."


class DatabaseVersionTooOld(LandbridgeError):
    """Row-level security of the kind we rely on needs PostgreSQL 15 or newer."""

    code = "DATABASE_VERSION_TOO_OLD"
    title = "PostgreSQL is too old"
    status = 500
    category = Category.DEPENDENCY
    message = "The server runs PostgreSQL {found}; at least {needed} is needed."
    remedy = "Upgrade the server, or unset LANDBRIDGE_DATABASE_URL to use the embedded one."


class DatabaseUrlInvalid(LandbridgeError):
    """A database URL could not be read as postgresql://user:password@host:port/database."""

    code = "DATABASE_URL_INVALID"
    title = "The database URL is not valid"
    status = 500
    message = "{setting} is not a PostgreSQL URL."
    remedy = "Write it as postgresql://user:password@host:5432/database."


class DatabasePasswordMissing(LandbridgeError):
    """The passwords of our logins are derived from the password in LANDBRIDGE_DATABASE_URL, so
    that every machine with the same URL knows them. A URL without one gives nothing to derive
    them from.
    """

    code = "DATABASE_PASSWORD_MISSING"
    title = "The database URL has no password"
    status = 500
    message = "LANDBRIDGE_DATABASE_URL carries no password to derive the logins' passwords from."
    remedy = (
        "Put the password into LANDBRIDGE_DATABASE_URL, or set LANDBRIDGE_APP_DATABASE_URL and "
        "LANDBRIDGE_WORKER_DATABASE_URL too."
    )


class SchemaNotMigrated(LandbridgeError):
    """The tables in the database are not those this release was written for, and no
    administrative URL was given to migrate them with.
    """

    code = "SCHEMA_NOT_MIGRATED"
    title = "The database schema is of another release"
    status = 503
    category = Category.DEPENDENCY
    message = "The schema is at {found}; this release needs {needed}."
    remedy = "Run 'landbridge db migrate' with LANDBRIDGE_DATABASE_URL set."


class SchemaNewerThanRelease(LandbridgeError):
    """A newer release has already migrated this database; migrations only go forward."""

    code = "SCHEMA_NEWER_THAN_RELEASE"
    title = "The database belongs to a newer release"
    status = 503
    category = Category.DEPENDENCY
    message = "The schema is at {found}, which this release does not know."
    remedy = "Upgrade this installation to the release that migrated the database."


class DatabaseAuthenticationFailed(LandbridgeError):
    """PostgreSQL did not accept the user or password of the URL."""

    code = "DATABASE_AUTHENTICATION_FAILED"
    title = "The database refused the login"
    status = 503
    category = Category.DEPENDENCY
    message = "PostgreSQL refused the user name or password."
    remedy = "Correct the user and password in LANDBRIDGE_DATABASE_URL."


class DatabaseNotFound(LandbridgeError):
    """The server answers, but has no database of this name."""

    code = "DATABASE_NOT_FOUND"
    title = "The database does not exist"
    status = 503
    category = Category.DEPENDENCY
    message = "The server has no database of the name in the URL."
    remedy = "Create it with 'createdb', or correct the name in LANDBRIDGE_DATABASE_URL."


class TooManyConnections(LandbridgeError):
    """PostgreSQL has as many clients as it allows."""

    code = "DATABASE_TOO_MANY_CONNECTIONS"
    title = "The database has no connection left"
    status = 503
    category = Category.CAPACITY
    retry = Retry.AFTER
    message = "PostgreSQL accepts no further connection."
    remedy = "Try again shortly. If it stays, raise max_connections or run fewer processes."


class DatabaseDiskFull(LandbridgeError):
    """The disk that holds the database is full. Nothing of this action was kept."""

    code = "DATABASE_DISK_FULL"
    title = "The database's disk is full"
    status = 507
    category = Category.CAPACITY
    retry = Retry.AFTER
    message = "The disk that holds the database is full; nothing of this action was kept."
    remedy = "Free space on that disk and repeat the action; 'landbridge doctor' shows how much."


class DatabaseOverloaded(LandbridgeError):
    """PostgreSQL has no memory, or another resource of its own, left for this."""

    code = "DATABASE_OVERLOADED"
    title = "The database has no resources left"
    status = 503
    category = Category.CAPACITY
    retry = Retry.AFTER
    message = "PostgreSQL has not enough memory or another resource for this at the moment."
    remedy = "Repeat the action shortly. If it stays, look at the database's log and memory."


class DatabaseCorrupted(LandbridgeError):
    """PostgreSQL found one of its own files unreadable or inconsistent."""

    code = "DATABASE_CORRUPTED"
    title = "The database found damage in its files"
    status = 500
    category = Category.DEPENDENCY
    message = "PostgreSQL reported that one of its files is damaged or cannot be read."
    remedy = "Look at the database's log and disk at once; restore from a backup where needed."


class ConcurrentChange(LandbridgeError):
    """Two actions wanted to change the same rows at once, and PostgreSQL let one of them win.
    Nothing of the other was kept.
    """

    code = "CONCURRENT_CHANGE"
    title = "Somebody changed the same thing at the same moment"
    status = 409
    category = Category.CONFLICT
    retry = Retry.SAFE
    message = "Another action changed the same rows at the same moment."
    remedy = "Repeat the action."


class DatabaseBusy(LandbridgeError):
    """A lock or a statement took longer than its limit and was given up. Nothing was kept."""

    code = "DATABASE_BUSY"
    title = "The database is busy"
    status = 503
    category = Category.CAPACITY
    retry = Retry.AFTER
    message = "The action waited too long for the database and was given up."
    remedy = "Repeat the action shortly."


class DatabaseReadOnly(LandbridgeError):
    """The server accepts no writes: it is a standby, or was set to read-only."""

    code = "DATABASE_READ_ONLY"
    title = "The database is read-only"
    status = 503
    category = Category.DEPENDENCY
    retry = Retry.AFTER
    message = "PostgreSQL accepts no writes at the moment."
    remedy = "Point LANDBRIDGE_DATABASE_URL at the primary server."


class DatabasePermissionMissing(LandbridgeError):
    """The login may not do what was asked of it. Either the administrative role is too weak to
    create roles and schemas, or grants were changed by hand.
    """

    code = "DATABASE_PERMISSION_MISSING"
    title = "The database login lacks a permission"
    status = 500
    category = Category.DEPENDENCY
    message = "The database login is not allowed to do this."
    remedy = "Run 'landbridge db migrate' as a role that may create roles and schemas."


class TextNotStorable(LandbridgeError):
    """PostgreSQL stores every character but one: the character with the number zero. Text that
    holds it, or halves of characters, cannot be kept or searched for.
    """

    code = "TEXT_NOT_STORABLE"
    title = "A text holds a character that cannot be stored"
    status = 422
    message = "A text of this request holds a character that cannot be stored."
    remedy = "Remove characters with the number zero (NUL) from the text and send it again."


class ValueNotStorable(LandbridgeError):
    """A value is beyond what PostgreSQL has room for: a number outside the range of its type, or
    a moment outside the years 1 to 9999.
    """

    code = "VALUE_NOT_STORABLE"
    title = "This cannot be stored"
    status = 422
    message = "One of the values is beyond what can be stored."
    remedy = "Look for numbers and dates that are out of range."


BY_SQLSTATE: dict[str, type[LandbridgeError]] = {
    "08000": DatabaseUnavailable,
    "08001": DatabaseUnavailable,
    "08003": DatabaseUnavailable,
    "08004": DatabaseUnavailable,
    "08006": DatabaseUnavailable,
    "57P01": DatabaseUnavailable,
    "57P02": DatabaseUnavailable,
    "57P03": DatabaseUnavailable,
    "57P04": DatabaseNotFound,
    "57P05": DatabaseUnavailable,
    "28000": DatabaseAuthenticationFailed,
    "28P01": DatabaseAuthenticationFailed,
    "3D000": DatabaseNotFound,
    "53300": TooManyConnections,
    "53100": DatabaseDiskFull,
    "53000": DatabaseOverloaded,
    "53200": DatabaseOverloaded,
    "53400": DatabaseOverloaded,
    "58000": DatabaseCorrupted,
    "58030": DatabaseCorrupted,
    "XX001": DatabaseCorrupted,
    "XX002": DatabaseCorrupted,
    "40001": ConcurrentChange,
    "40P01": ConcurrentChange,
    "55P03": DatabaseBusy,
    "57014": DatabaseBusy,
    "25P03": DatabaseBusy,
    "25006": DatabaseReadOnly,
    "42501": DatabasePermissionMissing,
    "22003": ValueNotStorable,
    "22008": ValueNotStorable,
    "22021": TextNotStorable,
    "22P05": TextNotStorable,
}
"""The SQLSTATE of PostgreSQL's answer → what we call it."""

BY_TEXT: dict[str, type[LandbridgeError]] = {
    "password authentication failed": DatabaseAuthenticationFailed,
    "is not permitted to log in": DatabaseAuthenticationFailed,
    "no pg_hba.conf entry": DatabaseAuthenticationFailed,
    "no password supplied": DatabaseAuthenticationFailed,
    "does not exist": DatabaseNotFound,
    "too many clients": TooManyConnections,
    "too many connections": TooManyConnections,
    "remaining connection slots": TooManyConnections,
    "no space left on device": DatabaseDiskFull,
}
"""A refused connection carries no SQLSTATE; its text is all there is to go by."""


def catalogued(error: BaseException) -> LandbridgeError | None:
    """The catalogued error for a failure of the driver or the pool; None when it is a defect."""
    if isinstance(error, sqlalchemy.orm.exc.StaleDataError):
        return ConcurrentChange()
    if isinstance(error, sqlalchemy.exc.TimeoutError):
        return TooManyConnections()
    cause = error.orig if isinstance(error, sqlalchemy.exc.DBAPIError) else error
    if not isinstance(cause, psycopg.Error):
        return None
    refused = refusal(cause)
    if refused is not None:
        return refused
    if cause.sqlstate in BY_SQLSTATE:
        return BY_SQLSTATE[cause.sqlstate]()
    if isinstance(cause, psycopg.DataError) and "NUL (0x00)" in str(cause):
        return TextNotStorable()

    if isinstance(cause, psycopg.DataError) and cause.sqlstate is None:
        return ValueNotStorable()  # the driver itself refused to send it
    if isinstance(cause, psycopg.OperationalError) and cause.sqlstate is None:
        text = str(cause).lower()
        return next((kind() for part, kind in BY_TEXT.items() if part in text), None) or (
            DatabaseUnavailable()
        )
    return None


also({"sqlalchemy.exc.SQLAlchemyError": catalogued, "psycopg.Error": catalogued})


@contextlib.contextmanager
def catalogued_errors() -> Iterator[None]:
    """Failures of the driver inside this block leave it as catalogued errors."""
    try:
        yield
    except (sqlalchemy.exc.SQLAlchemyError, psycopg.Error) as e:
        named = catalogued(e)
        if named is None:
            raise
        raise named from e
