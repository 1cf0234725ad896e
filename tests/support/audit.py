"""Logs to tamper with, and the tampering hand."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import psycopg
from sqlalchemy import text

from landbridge.audit import listing, service
from landbridge.audit.listing import AuditEntryOut
from landbridge.audit.verify import Verification
from landbridge.database import bootstrap
from landbridge.database.engine import Databases
from landbridge.database.listing import Wanted
from landbridge.identity import engagements
from landbridge.kit.settings import Settings
from tests.support.accounts import Account

Connection = psycopg.Connection[tuple[object, ...]]


def settings_in(directory: Path) -> Settings:
    """Settings whose keys and checkpoints are in this directory."""
    return Settings(data_dir=directory, audit_signing_key=None)


def log_of(databases: Databases, account: Account, **filters: str) -> list[AuditEntryOut]:
    """All entries of an account, oldest first."""
    with databases.app.open(account.access) as session:
        return listing.entries(session, Wanted(filters, limit=500)).items[::-1]


def write_history(
    databases: Databases, account: Account, transactions: int = 12, name: str = "Wave"
) -> None:
    """Transactions of two entries each: an engagement is made and renamed."""
    for number in range(transactions):
        with databases.app.open(account.access) as session:
            made = engagements.ensure_engagement(session, f"{name} {number}")
            session.execute(
                text("update app.engagements set name = name || ' (renamed)' where id = :id"),
                {"id": made},
            )


def verified(databases: Databases, account: Account, settings: Settings) -> Verification:
    """What verifying the account's log finds."""
    with databases.app.open(account.access) as session:
        return service.verify(session, settings)


def signed(databases: Databases, account: Account, settings: Settings) -> str:
    """Have the log signed; returns the note."""
    with databases.app.open(account.access) as session:
        return service.checkpoint(session, settings).note


@contextlib.contextmanager
def superuser(databases: Databases) -> Iterator[Connection]:
    """A PostgreSQL superuser whom no trigger stops."""
    assert databases.admin_url is not None
    with bootstrap.connect(databases.admin_url) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("set row_security = off")
        yield connection
