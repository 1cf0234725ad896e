"""Whether this installation can do its work: each check with what it found, or the error."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import text

from landbridge.assembly.errors import DiskSpaceLow, NoWorkerRuns, WorkerSilent
from landbridge.database import migrate
from landbridge.database.engine import Databases
from landbridge.database.errors import SchemaNotMigrated
from landbridge.errors.catalogue import LandbridgeError
from landbridge.flows.leases import LEASE_SECONDS

NEEDED_BYTES: Final = 1 << 30
_RELEASE: Final = text("select mark from app_private.release")
_LEASES: Final = text("""
select count(*) filter (where lease_until >= clock_timestamp()) as alive,
       count(*) filter (where lease_until < clock_timestamp()) as silent,
       coalesce(max(extract(epoch from clock_timestamp() - lease_until)), 0)::float8 as late
  from app_private.executor_leases""")


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    Attributes:
        detail: what was found when it passed.
        error: what is wrong, if anything.
        required: whether requests cannot be served without it.
    """

    name: str
    detail: str
    error: LandbridgeError | None = None
    required: bool = True

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return self.error is None


def examine(databases: Databases, directory: Path, *, full: bool) -> list[Check]:
    """Every check that can be made while the database answers, or the one that it does not.

    Args:
        databases: of this process.
        directory: where data is kept.
        full: also what does not decide about readiness.
    """
    checks = list(_database(databases, full=full))
    if full:
        checks.append(disk(directory))
    return checks


def _database(databases: Databases, *, full: bool) -> Iterator[Check]:
    try:
        with databases.app.anonymous() as connection:
            mark = connection.execute(_RELEASE).scalar_one_or_none()
            leases = connection.execute(_LEASES).one()
    except LandbridgeError as error:
        yield Check("database", "", error)
        return
    yield Check("database", "PostgreSQL answers")
    needed = migrate.release_mark()
    wrong = SchemaNotMigrated(found=mark or "no release", needed=needed) if mark != needed else None
    yield Check("schema", "The schema is of this release", wrong)
    none = None if leases.alive else NoWorkerRuns()
    yield Check("worker", f"{leases.alive} workers run flows", none, required=False)
    if full:
        seconds = round(leases.late + LEASE_SECONDS)
        late = WorkerSilent(silent=leases.silent, seconds=seconds) if leases.silent else None
        yield Check("heartbeat", "Every worker gives signs of life", late, required=False)


def disk(directory: Path) -> Check:
    """Whether there is space where data is kept; what is not there yet is judged by its parent."""
    place = next(p for p in (directory, *directory.parents) if p.exists())
    free = shutil.disk_usage(place).free
    mib = 1 << 20
    low = DiskSpaceLow(free_mib=free // mib, needed_mib=NEEDED_BYTES // mib)
    return Check(
        "disk", f"{free // mib} MiB are free", low if free < NEEDED_BYTES else None, required=False
    )
