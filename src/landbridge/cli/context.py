"""What commands work on: the database of this machine's settings."""

from __future__ import annotations

import atexit
from functools import cache

from sqlalchemy import URL

from landbridge.database import engine
from landbridge.database.embedded import EmbeddedServer
from landbridge.database.engine import Databases
from landbridge.identity.errors import AdministrativeUrlMissing
from landbridge.kit.settings import settings
from landbridge.occurrences.recorder import Recorder


def migrate_engine(url: str) -> None:
    """Migrate the durable engine, which is loaded only when there is something to migrate."""
    from landbridge.flows import engine as flow_engine

    flow_engine.migrate_engine(url)


@cache
def databases() -> Databases:
    """The database, started and migrated when it needs to be; opened once per process.

    Raises:
        LandbridgeError: it cannot be reached, started or migrated.
    """
    opened = engine.connect(settings(), migrate_engine=migrate_engine)
    atexit.register(opened.close)
    recorder = Recorder(opened.app, settings())
    recorder.start()
    atexit.register(recorder.stop)
    return opened


def embedded_server() -> EmbeddedServer | None:
    """The embedded server of this machine's settings; None when a URL names another."""
    return EmbeddedServer(settings().data_dir) if engine.is_embedded(settings()) else None


def admin_url() -> URL:
    """The administrative URL; the embedded server is started for it.

    Raises:
        AdministrativeUrlMissing: only the least-privilege URLs are configured.
    """
    admin, _, _ = engine.resolve(settings())
    if admin is None:
        raise AdministrativeUrlMissing
    return admin
