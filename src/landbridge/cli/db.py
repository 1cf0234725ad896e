"""`landbridge db`: the database behind everything."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from landbridge.cli.context import admin_url, databases, embedded_server, migrate_engine
from landbridge.cli.options import Json
from landbridge.cli.output import OK, console, print_json
from landbridge.database import backup as backups
from landbridge.database import bootstrap, engine, migrate, urls
from landbridge.database.backup_errors import DatabaseNotEmbedded
from landbridge.database.embedded import EmbeddedServer
from landbridge.kit.settings import settings


def start(*, json: Json = False) -> int:
    """Start the embedded server and make its database ready.

    Example: landbridge db start
    """
    server = _embedded()
    databases()
    return _say(_server(server), json=json)


def stop(*, json: Json = False) -> int:
    """Stop the embedded server; flows go on when it is started again.

    Example: landbridge db stop
    """
    stopped = _embedded().stop()
    if json:
        print_json({"stopped": stopped})
    else:
        console().print("Stopped." if stopped else "It was not running.")
    return OK


def status(*, json: Json = False) -> int:
    """Show where the database is and whether it is up to date. Starts nothing.

    Example: landbridge db status --json
    """
    server = embedded_server()
    found: dict[str, Any] = {"embedded": server is not None}
    reachable = True
    if server is not None:
        found |= _server(server)
        reachable = server.running is not None
    if reachable:
        _, app, _ = engine.resolve(settings())
        found |= {
            "url": app.render_as_string(hide_password=True),
            "release": engine.release_of(app),
            "release_needed": migrate.release_mark(),
        }
    return _say(found, json=json)


def migrate_command(*, json: Json = False) -> int:
    """Create roles and schemas and bring them up to date. May be repeated.

    Example: landbridge db migrate
    """
    configured = settings().app_database_url is not None
    bootstrap.bootstrap(admin_url(), migrate_engine=migrate_engine, derive_logins=not configured)
    return _say({"release": migrate.release_mark()}, json=json)


def backup(file: Path | None = None, /, *, verify: bool = True, json: Json = False) -> int:
    """Write a backup file and prove it by restoring it into a scratch database.

    Example: landbridge db backup before-upgrade.backup

    Parameters
    ----------
    file
        Where to write; a name with today's date in this directory when left out.
    verify
        Restore the backup for a test and count its rows.
    """
    name = f"landbridge-{datetime.now(UTC):%Y%m%d-%H%M%S}.backup"
    made = backups.back_up(admin_url(), (file or Path(name)).absolute(), verify=verify)
    return _say(made.as_json(), json=json)


def restore(file: Path, /, *, replace: bool = False, json: Json = False) -> int:
    """Put a backup in the place of the database. The old database is kept beside it.

    Example: landbridge db restore before-upgrade.backup --replace

    Parameters
    ----------
    file
        A file that 'landbridge db backup' has written.
    replace
        Go on even though the database holds client accounts.
    """
    return _say(backups.restore(admin_url(), file, replace=replace).as_json(), json=json)


def url(role: Literal["admin", "app", "worker"] = "app", /, *, json: Json = False) -> int:
    """Print a connection URL with its password, for psql and other tools.

    Example: psql "$(landbridge db url admin)"

    Parameters
    ----------
    role
        admin sees everything; app and worker see rows only inside a client's context.
    """
    admin, app, worker = engine.resolve(settings())
    chosen = {"admin": admin or admin_url(), "app": app, "worker": worker}[role]
    plain = urls.text(chosen.set(drivername="postgresql"))
    if json:
        print_json({"role": role, "url": plain})
    else:
        sys.stdout.write(plain + "\n")
    return OK


def _embedded() -> EmbeddedServer:
    server = embedded_server()
    if server is None:
        raise DatabaseNotEmbedded
    return server


def _server(server: EmbeddedServer) -> dict[str, Any]:
    alive = server.running
    return {
        "running": alive is not None and alive.ready,
        "directory": str(server.location.home),
        "pid": alive.pid if alive else None,
        "port": alive.port if alive else None,
        "free_bytes": server.free_bytes(),
    }


def _say(result: dict[str, Any], *, json: bool) -> int:
    if json:
        print_json(result)
        return OK
    width = max(len(key) for key in result)
    for key, value in result.items():
        shown = (
            {True: "yes", False: "no", None: "–"}.get(value, value) if _is_flag(value) else value
        )
        console().print(f"{key.replace('_', ' '):<{width}}  {shown}", soft_wrap=True)
    return OK


def _is_flag(value: Any) -> bool:
    return value is None or isinstance(value, bool)
