"""A PostgreSQL cluster of one test's or benchmark's own, which it may treat badly."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from landbridge.database import urls
from landbridge.database.bootstrap import bootstrap
from landbridge.database.embedded import EmbeddedServer
from landbridge.database.engine import Databases, assemble
from landbridge.flows.engine import migrate_engine


class Cluster:
    """One embedded server with one migrated database.

    Attributes:
        directory: a directory for whatever belongs to it.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.server = EmbeddedServer(directory / "data")
        admin = self.server.start()
        bootstrap(admin, migrate_engine=migrate_engine)
        self.databases: Databases = assemble(
            admin, urls.login_url(admin, urls.APP_ROLE), urls.login_url(admin, urls.WORKER_ROLE)
        )

    def crash_and_restart(self) -> None:
        """End every session at once, without a checkpoint, and start again on the same port."""
        self.stay_away(0.0)

    def stay_away(self, seconds: float) -> None:
        """End every session at once, and start again on the same port after a while."""
        data = self.server.location.data
        self.server.binaries.run("pg_ctl", "-D", data, "-m", "immediate", "-w", "-t", 60, "stop")
        time.sleep(seconds)
        self.server.start()

    def close(self) -> None:
        """Stop the server and remove its files."""
        self.databases.close()
        self.server.stop()
        shutil.rmtree(self.server.location.home, ignore_errors=True)
        shutil.rmtree(self.directory, ignore_errors=True)


@contextlib.contextmanager
def own_cluster() -> Iterator[Cluster]:
    """A cluster that is gone after the block."""
    directory = Path(tempfile.mkdtemp(prefix="landbridge-cluster-"))
    directory.chmod(0o711)
    cluster = Cluster(directory)
    try:
        yield cluster
    finally:
        cluster.close()
