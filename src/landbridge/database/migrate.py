"""Run the migrations that ship inside the package."""

from __future__ import annotations

import importlib.metadata
import re
from functools import cache
from importlib.resources import files
from typing import Any, Final

import psycopg
from sqlalchemy import URL, create_engine, text
from sqlalchemy.pool import NullPool

from landbridge.database.errors import SchemaNewerThanRelease

PRIVATE_SCHEMA: Final = "app_private"
MIGRATIONS: Final = files("landbridge.database") / "migrations"


@cache
def head() -> str:
    """The newest migration of this release, by the number that leads its file's name."""
    names = (entry.name for entry in (MIGRATIONS / "versions").iterdir())
    return max(found[0] for name in names if (found := re.match(r"\d{4}(?=_)", name)))


@cache
def release_mark() -> str:
    """What a database made ready by this release is marked with."""
    return f"{head()} dbos-{importlib.metadata.version('dbos')}"


def upgrade(owner: URL) -> None:
    """Migrate to `head`, each migration in its own transaction.

    `row_security = off` makes a migration that would silently see no rows fail instead.

    Raises:
        SchemaNewerThanRelease: the database was migrated by a newer release.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    engine = create_engine(owner, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("set row_security = off"))
        connection.execute(text("set lock_timeout = '5s'"))
        connection.execute(text(f"create schema if not exists {PRIVATE_SCHEMA}"))
        connection.commit()
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as e:
            if "Can't locate revision" not in str(e):
                raise
            connection.rollback()
            found = connection.execute(
                text(f"select version_num from {PRIVATE_SCHEMA}.alembic_version")
            )
            raise SchemaNewerThanRelease(found=found.scalar_one()) from None


def mark_release(connection: psycopg.Connection[Any]) -> None:
    """Record that this release has made the database ready."""
    connection.execute("delete from app_private.release")
    connection.execute("insert into app_private.release values (%s)", [release_mark()])
