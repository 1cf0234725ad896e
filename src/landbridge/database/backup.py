"""Back up and restore a database with PostgreSQL's own programs, and prove the backup."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from psycopg import sql
from sqlalchemy import URL

from landbridge.database import bootstrap, urls
from landbridge.database.backup_errors import (
    BackupDiffers,
    BackupFailed,
    BackupFileUnreadable,
    RestoreFailed,
    RestoreWouldReplace,
)
from landbridge.database.embedded.binaries import clean_environment, installed, program
from landbridge.database.errors import catalogued_errors

TABLES = """
  select format('%I.%I', n.nspname, c.relname) from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
   where c.relkind = 'r' and n.nspname in ('app', 'app_private', 'dbos') order by 1"""


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished backup.

    Attributes:
        file: where it is.
        size_bytes: its size.
        tables: how many tables it holds.
        rows: how many rows, over all tables.
        verified: whether it was restored and its rows counted.
    """

    file: str
    size_bytes: int
    tables: int
    rows: int
    verified: bool

    def as_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Restored:
    """A finished restore.

    Attributes:
        database: the name of the database that now holds the backup.
        kept_as: the name under which the database it replaced is kept; None when there was none.
    """

    database: str
    kept_as: str | None
    tables: int
    rows: int

    def as_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def back_up(admin: URL, file: Path, *, verify: bool = True) -> Backup:
    """Write the database to `file`, which only its owner can read.

    With `verify` the backup is restored into a scratch database and every table's rows are
    counted against the very snapshot that was dumped.

    Raises:
        BackupFailed: pg_dump gave up; nothing is left at `file`.
        BackupDiffers: the restored backup has other rows than the database.
    """
    unfinished = file.with_name(file.name + ".unfinished")
    with catalogued_errors(), bootstrap.connect(admin) as connection, connection.transaction():
        connection.execute("set transaction isolation level repeatable read, read only")
        row = connection.execute("select pg_export_snapshot()").fetchone()
        snapshot = row[0] if row else ""
        counts = _count(connection)
        try:
            _create_private(unfinished)
            done = _run(
                "pg_dump", admin, "--format=custom", f"--snapshot={snapshot}", "--file", unfinished
            )
            if done.returncode:
                raise BackupFailed(reason=_reason(done))
            if verify:
                _verify(admin, unfinished, counts)
            unfinished.replace(file)
        except OSError as e:
            raise BackupFailed(reason=e.strerror or "unknown reason") from e
        finally:
            unfinished.unlink(missing_ok=True)
    rows = sum(counts.values())
    return Backup(str(file), file.stat().st_size, len(counts), rows, verify)


def restore(admin: URL, file: Path, *, replace: bool = False) -> Restored:
    """Put the backup in the place of the URL's database; the replaced one is kept beside it.

    Nothing is touched until the whole backup is restored.

    Raises:
        BackupFileUnreadable: the file is missing or no backup of ours.
        RestoreWouldReplace: the database holds client accounts, and `replace` is not set.
        RestoreFailed: pg_restore gave up.
    """
    if not file.is_file() or _run("pg_restore", None, "--list", file).returncode:
        raise BackupFileUnreadable(file=str(file))
    stamp = datetime.now(UTC).strftime("%Y%m%d_%H%M%S")
    name = str(admin.database)
    fresh, kept = f"{name}_restored_{stamp}", f"{name}_replaced_{stamp}"
    with catalogued_errors():
        bootstrap.create_database(admin)
        inhabited = _has_accounts(admin)
        if inhabited and not replace:
            raise RestoreWouldReplace(database=name)
        bootstrap.prepare_server(admin)
        with _database(admin, fresh, keep=True) as target:
            _restore_into(target, file)
            with bootstrap.connect(target) as connection:
                bootstrap.grant_database(connection, fresh)
                counts = _count(connection)
        _exchange(admin, fresh, kept)
        if not inhabited:
            _drop(admin, kept)
    return Restored(name, kept if inhabited else None, len(counts), sum(counts.values()))


def _exchange(admin: URL, fresh: str, kept: str) -> None:
    """Rename the database in use to `kept` and `fresh` to its name, both or neither."""
    name = str(admin.database)
    with bootstrap.connect(admin.set(database="postgres")) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where datname in (%s, %s) and pid <> pg_backend_pid()",
            [name, fresh],
        )
        with connection.transaction():
            for old, new in ((name, kept), (fresh, name)):
                connection.execute(
                    sql.SQL("alter database {} rename to {}").format(
                        sql.Identifier(old), sql.Identifier(new)
                    )
                )


def _drop(admin: URL, name: str) -> None:
    with bootstrap.connect(admin.set(database="postgres")) as connection:
        connection.execute(
            sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
        )


def _verify(admin: URL, file: Path, counts: dict[str, int]) -> None:
    with _database(admin, f"{admin.database}_verify_{os.getpid()}") as scratch:
        _restore_into(scratch, file)
        with bootstrap.connect(scratch) as connection:
            restored = _count(connection)
    different = sorted(
        t for t in counts.keys() | restored.keys() if counts.get(t) != restored.get(t)
    )
    if different:
        raise BackupDiffers(tables=", ".join(different))


@contextlib.contextmanager
def _database(admin: URL, name: str, *, keep: bool = False) -> Iterator[URL]:
    """An empty database; dropped at the end, or on failure only when it is to be kept."""
    _drop(admin, name)
    with bootstrap.connect(admin.set(database="postgres")) as connection:
        connection.execute(
            sql.SQL("create database {} template template0").format(sql.Identifier(name))
        )
    finished = False
    try:
        yield admin.set(database=name)
        finished = True
    finally:
        if not (keep and finished):
            _drop(admin, name)


def _restore_into(target: URL, file: Path) -> None:
    done = _run("pg_restore", target, "--exit-on-error", "--single-transaction", file)
    if done.returncode:
        raise RestoreFailed(reason=_reason(done))


def _has_accounts(admin: URL) -> bool:
    with bootstrap.connect(admin) as connection:
        row = connection.execute("select to_regclass('app_private.account_names')").fetchone()
        if row is None or row[0] is None:
            return False
        found = connection.execute("select exists (select from app_private.account_names)")
        row = found.fetchone()
        return bool(row and row[0])


def _count(connection: bootstrap.Connection) -> dict[str, int]:
    """Rows by table, as a role that sees all of them."""
    connection.execute("set row_security = off")
    counts = {}
    for (table,) in connection.execute(TABLES).fetchall():
        row = connection.execute(sql.SQL("select count(*) from {}").format(sql.SQL(table)))
        counts[table] = int((row.fetchone() or (0,))[0])
    return counts


def _create_private(file: Path) -> None:
    file.unlink(missing_ok=True)
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def _run(name: str, url: URL | None, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a client program; the password goes by environment, never on the command line."""
    environment = clean_environment()
    connection: list[str] = []
    if url is not None:
        environment["PGPASSWORD"] = str(url.password or "")
        address = urls.text(url.set(drivername="postgresql")._replace(password=None))
        connection = [f"--dbname={address}"]
    return subprocess.run(
        [program(installed(), name), *connection, *map(str, arguments)],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env=environment,
    )


def _reason(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in done.stderr.splitlines() if "error" in line.lower()]
    return (lines or done.stderr.splitlines() or ["it gave no reason"])[0].strip()
