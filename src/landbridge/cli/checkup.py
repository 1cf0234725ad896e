"""The checks of `landbridge doctor`, each with its evidence and remedy."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import Engine, text

from landbridge.cli.context import databases
from landbridge.database.embedded.location import locate, make_private
from landbridge.database.engine import Databases, is_embedded
from landbridge.database.migrate import release_mark
from landbridge.errors.catalogue import LandbridgeError
from landbridge.kit.settings import Settings
from landbridge.kit.vault_errors import SecretsKeyWrong
from landbridge.tenancy.lint import lint_database
from landbridge.tenancy.rules import RULES

NEEDED_PYTHON: Final = (3, 11)
NEEDED_BYTES: Final = 1 << 30

_VERSION = text("select current_setting('server_version')")
_RELEASE = text("select mark from app_private.release")
_BYPASS = text(
    "select current_user::text, rolsuper or rolbypassrls from pg_roles where rolname = current_user"
)


@dataclass(frozen=True, slots=True)
class Check:
    """One check: what was looked at, what was found, and what to do when it is wrong."""

    name: str
    passed: bool
    evidence: str
    remedy: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def examine(settings: Settings) -> list[Check]:
    """Every check that can be made; those of the database end at the first that bars the rest."""
    return [_python(), *_storage(settings), _flow_types(), *_database(settings)]


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    return Check(
        "python",
        sys.version_info >= NEEDED_PYTHON,
        f"Python {found}",
        "Install Python 3.11 or newer.",
    )


def _storage(settings: Settings) -> Iterator[Check]:
    directory = settings.data_dir
    try:
        make_private(directory)
        held = "local keys"
        if is_embedded(settings):
            cluster = locate(directory).home
            held = "local keys and the embedded database"
            directory = cluster if directory not in cluster.parents else directory
    except LandbridgeError as e:
        yield Check("data directory", False, e.detail, e.advice)
        return
    where = str(settings.data_dir) + (f" and {directory}" * (directory != settings.data_dir))
    yield Check("data directory", True, f"{where}: {held}")
    free = shutil.disk_usage(directory).free
    yield Check(
        "disk space",
        free >= NEEDED_BYTES,
        f"{free / (1 << 30):.1f} GiB free",
        "Free at least 1 GiB, or set LANDBRIDGE_DATA_DIR to a larger disk.",
    )


def _flow_types() -> Check:
    from landbridge.assembly.flow_types import flow_types

    listed = flow_types().listed()
    broken = [found.problem for found in listed if found.problem]
    return Check(
        "flow types",
        not broken,
        " ".join(problem.detail for problem in broken)
        or ", ".join(f"{found.name} of {found.package}" for found in listed),
        broken[0].advice if broken else "",
    )


def _database(settings: Settings) -> Iterator[Check]:
    try:
        opened = databases()
        with opened.app.anonymous() as connection:
            version = connection.execute(_VERSION).scalar_one()
            release = connection.execute(_RELEASE).scalar_one_or_none()
    except LandbridgeError as e:
        yield Check("database", False, f"{e.code}: {e.detail}", e.advice)
        return
    yield Check("database", True, f"PostgreSQL {version} at {opened.app_url.host or 'a socket'}")
    yield Check(
        "schema",
        release == release_mark(),
        f"release {release}",
        f"Run 'landbridge db migrate'; this release needs {release_mark()}.",
    )
    yield _logins(opened)
    yield _workers(opened)
    yield _isolation(opened)
    yield _secrets(opened, settings)


def _logins(opened: Databases) -> Check:
    found = dict(map(_bypass, (opened.app.engine, opened.worker.engine)))
    return Check(
        "logins",
        not any(found.values()),
        f"{' and '.join(found)} cannot bypass row-level security"
        if not any(found.values())
        else f"{', '.join(k for k, v in found.items() if v)} can bypass row-level security",
        "Run 'alter role … nosuperuser nobypassrls' for it, or use the derived logins.",
    )


def _bypass(engine: Engine) -> tuple[str, bool]:
    with engine.connect() as connection:
        row = connection.execute(_BYPASS).one()
        return str(row[0]), bool(row[1])


def _workers(opened: Databases) -> Check:
    from landbridge.flows.engine import unfinished
    from landbridge.flows.leases import live_executors

    live, waiting = len(live_executors(opened.worker)), unfinished(opened.worker)
    return Check(
        "workers",
        bool(live or not waiting),
        f"{live} alive, {waiting} flows under way",
        "Run 'landbridge worker' or 'landbridge serve' to go on with the flows.",
    )


def _isolation(opened: Databases) -> Check:
    found = lint_database(opened)
    places = ", ".join(sorted({f"{v.code} {v.object}" for v in found})[:3])
    return Check(
        "isolation",
        not found,
        f"all {len(RULES)} rules hold" if not found else f"{len(found)} violations: {places}",
        "Run 'landbridge tenancy lint' to see each with its remedy.",
    )


def _secrets(opened: Databases, settings: Settings) -> Check:
    from landbridge.identity import second_factor
    from landbridge.kit.vault import Vault
    from landbridge.webhooks import secrets

    if opened.owner is None:
        return Check("secrets", True, "looked at only with the administrative URL")
    vault = Vault(settings)
    try:
        kept = second_factor.seals(opened.owner) + secrets.seals(opened.owner)
        closed = sum(not vault.opens(purpose, sealed) for purpose, sealed in kept)
    except LandbridgeError as e:
        return Check("secrets", False, f"{e.code}: {e.detail}", e.advice)
    return Check(
        "secrets",
        not closed,
        f"{len(kept) - closed} of {len(kept)} open with the key of this machine"
        if kept
        else "none is kept yet",
        SecretsKeyWrong.remedy,
    )
