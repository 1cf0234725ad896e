"""Our logins must not be able to pass row-level security: checked on every new connection."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection

from landbridge.database import urls
from landbridge.errors.catalogue import Category, LandbridgeError

POWERFUL: Final = (
    urls.OWNER_ROLE,
    "pg_read_all_data",
    "pg_write_all_data",
    "pg_read_server_files",
    "pg_write_server_files",
    "pg_execute_server_program",
)
"""Roles that reach rows around the policies, or take them away."""

_REACH: Final = """
  select session_user::text,
         (select string_agg(rolname, ', ' order by rolname) from pg_roles r
           where pg_has_role(session_user, r.oid, 'member')
             and (r.rolsuper or r.rolbypassrls or r.rolname = any(%s)))"""


class LoginTooPowerful(LandbridgeError):
    """The login of the API or of the workers can pass row-level security: it is a superuser, has
    BYPASSRLS, or is a member of a role that has or that owns the schema. Nothing is served with
    it, because then only code would keep client accounts apart.
    """

    code = "LOGIN_TOO_POWERFUL"
    title = "This database login can pass row-level security"
    status = 503
    category = Category.DEPENDENCY
    message = "The login '{login}' is, or may become, {roles}."
    remedy = (
        "Unset LANDBRIDGE_APP_DATABASE_URL and LANDBRIDGE_WORKER_DATABASE_URL so that the logins "
        'of least privilege are used; or, as a superuser: alter role "{login}" nosuperuser '
        "nobypassrls, and revoke the named roles from it."
    )


def refuse_powerful(connection: DBAPIConnection) -> None:
    """Look at who is connected, whatever role was set since.

    Raises:
        LoginTooPowerful: who is connected can pass row-level security.
    """
    cursor: Any = connection.cursor()
    cursor.execute(_REACH, [list(POWERFUL)])
    login, roles = cursor.fetchone()
    cursor.close()
    if roles:
        raise LoginTooPowerful(login=login, roles=roles)


def guard(engine: Engine) -> Engine:
    """The engine, whose every new connection is looked at before it is used."""

    @event.listens_for(engine, "connect")
    def look(connection: DBAPIConnection, _record: object) -> None:
        connection.autocommit = True
        refuse_powerful(connection)
        connection.autocommit = False

    return engine
