"""One embedded server per test run, shared by every xdist worker; gone when the run ends."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import psutil
from fasteners import InterProcessLock
from psycopg import sql
from sqlalchemy import URL

from landbridge.database import bootstrap, urls
from landbridge.database.embedded import EmbeddedServer
from landbridge.database.engine import Databases, assemble

RUN_DIRECTORY = "LANDBRIDGE_TEST_RUN_DIRECTORY"
PREFIX = "landbridge-tests-"
TEMPLATE = "landbridge_template"


def begin_run() -> None:
    """In the controlling process: clear up after runs that were killed, and make a directory."""
    if RUN_DIRECTORY in os.environ:
        return
    root = Path(tempfile.gettempdir())
    for left in root.glob(f"{PREFIX}*"):
        pid = left.name.removeprefix(PREFIX).partition("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            remove(left)
    made = tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=root)
    Path(made).chmod(0o711)
    os.environ[RUN_DIRECTORY] = made


def end_run() -> None:
    """In the controlling process: stop the server and remove its files."""
    if directory := os.environ.pop(RUN_DIRECTORY, None):
        remove(Path(directory))


def remove(directory: Path) -> None:
    """Stop the server of a directory, if it runs, and remove the directory."""
    server = EmbeddedServer(directory)
    server.stop()
    shutil.rmtree(server.location.home, ignore_errors=True)
    shutil.rmtree(directory, ignore_errors=True)


def run_directory() -> Path:
    """The directory of this run."""
    return Path(os.environ[RUN_DIRECTORY])


def template() -> URL:
    """The administrative URL of a migrated database, made once per run."""
    server = EmbeddedServer(run_directory())
    admin = server.start().set(database=TEMPLATE)
    with InterProcessLock(run_directory() / "template.lock"):
        done = run_directory() / "template.done"
        if not done.exists():
            bootstrap.bootstrap(admin, migrate_engine=engine_migration())
            done.touch()
    return admin


def create_database(name: str) -> Databases:
    """A fresh migrated database, copied from the template."""
    admin = template()
    target = sql.Identifier(name)
    with (
        InterProcessLock(run_directory() / "template.lock"),
        bootstrap.connect(admin.set(database="postgres")) as connection,
    ):
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(target))
        connection.execute(
            sql.SQL("create database {} template {} strategy file_copy").format(
                target, sql.Identifier(TEMPLATE)
            )
        )
    mine = admin.set(database=name)
    with bootstrap.connect(mine) as connection:
        bootstrap.grant_database(connection, name)
    return assemble(
        mine, urls.login_url(mine, urls.APP_ROLE), urls.login_url(mine, urls.WORKER_ROLE)
    )


def drop_database(databases: Databases) -> None:
    """Close the doors and drop the database."""
    databases.close()
    assert databases.admin_url is not None
    with bootstrap.connect(databases.admin_url.set(database="postgres")) as connection:
        connection.execute(
            sql.SQL("drop database if exists {} with (force)").format(
                sql.Identifier(str(databases.admin_url.database))
            )
        )


def engine_migration() -> bootstrap.MigrateEngine | None:
    """The durable engine's migration, as the assembly passes it in."""
    try:
        from landbridge.flows import engine
    except ImportError:
        return None
    return engine.migrate_engine
