"""The product's statements as they would be without row-level security: every table of the schema
app is narrowed to the account by an explicit WHERE.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from landbridge.database.engine import Databases, pool

_READ = re.compile(
    r"\b(from|join)\s+app\.(\w+)(?:\s+(?:as\s+)?(?!where|on|join|order|group|left)(\w+))?"
)
_UPDATE = re.compile(r"^update app\.(\w+) as (\w+) (.*) where (.*)$", re.DOTALL)


class Unprotected:
    """Sessions of the administrator, whose statements are rewritten on their way."""

    def __init__(self, databases: Databases) -> None:
        assert databases.admin_url is not None
        self.engine = pool(databases.admin_url, "landbridge benchmark")
        event.listen(self.engine, "before_cursor_execute", self._narrow, retval=True)
        self._account: UUID | None = None

    @contextlib.contextmanager
    def open(self, account: UUID) -> Iterator[Session]:
        """One transaction that reads this account alone."""
        self._account = account
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()

    def _narrow(
        self, _c: Connection, _cursor: Any, statement: str, parameters: Any, _x: Any, _m: bool
    ) -> tuple[str, Any]:
        narrowed = narrowed_to_tenant(statement)
        if narrowed != statement:
            parameters = {**parameters, "tenant": self._account}
        return narrowed, parameters


def narrowed_to_tenant(statement: str) -> str:
    """The statement with `client_account_id = %(tenant)s` on every table of the schema app."""
    statement = _UPDATE.sub(
        r"update app.\1 as \2 \3 where \2.client_account_id = %(tenant)s and \4", statement
    )
    return _READ.sub(
        lambda m: (
            f"{m[1]} (select * from app.{m[2]} where client_account_id = %(tenant)s) {m[3] or m[2]}"
        ),
        statement,
    )
