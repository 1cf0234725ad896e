"""Where operators ask: with a credential over HTTP, with the owner's connection on the command
line. Both lead to the same functions of the database.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Protocol

from sqlalchemy import Connection, Engine, text

from landbridge.database.errors import catalogued_errors
from landbridge.database.session import SessionDoor
from landbridge.errors.common import NotFound

_IS_OPERATOR: Final = text("select app.is_operator(:credential)")
_ASK: Final = text("select * from app.error_centre(:credential, :what, :code)")
_DECIDE: Final = text("select app.decide_error(:credential, :code, :state, :note, :until)")
_ASK_OWNER: Final = text("select * from app_private.error_centre(:what, :code)")
_DECIDE_OWNER: Final = text(
    "select app_private.decide_error(coalesce(nullif(current_setting('app.operator', true), ''),"
    " session_user), :code, :state, :note, :until)"
)
_HEALED: Final = text("""
select finding, action, sum(times)::bigint as times, max(last_at) as last_at
  from app_private.watchdog_counts where day > current_date - 7
 group by finding, action order by times desc, finding""")


class Desk(Protocol):
    """Answers an operator's questions."""

    def ask(self, what: str, code: str | None = None) -> list[dict[str, Any]]:
        """The rows of an answer: `groups`, `places`, `accounts`, `examples`, `decisions`,
        `dropped`, `healed`, or `trace` with its id as `code`.
        """
        ...

    def decide(self, code: str, state: str, note: str, until: datetime | None) -> bool:
        """Set the state of a code; False when it was never counted."""
        ...


class OperatorDesk:
    """Asks for the holder of a credential."""

    def __init__(self, door: SessionDoor, credential_hash: bytes) -> None:
        """
        Raises:
            NotFound: the holder is no operator.
        """
        self._door, self._credential = door, credential_hash
        if not is_operator(door, credential_hash):
            raise NotFound

    def ask(self, what: str, code: str | None = None) -> list[dict[str, Any]]:
        """See `Desk.ask`."""
        values = {"credential": self._credential, "what": what, "code": code}
        with self._door.anonymous() as connection:
            return _rows(connection, _HEALED if what == "healed" else _ASK, values)

    def decide(self, code: str, state: str, note: str, until: datetime | None) -> bool:
        """See `Desk.decide`."""
        values = {"code": code, "state": state, "note": note, "until": until}
        with self._door.anonymous() as connection:
            found = connection.execute(_DECIDE, {"credential": self._credential, **values})
            return bool(found.scalar_one())


class OwnerDesk:
    """Asks with the owner's rights, on the operator's own machine."""

    def __init__(self, owner: Engine) -> None:
        self._owner = owner

    def ask(self, what: str, code: str | None = None) -> list[dict[str, Any]]:
        """See `Desk.ask`."""
        values = {"what": what, "code": code}
        with catalogued_errors(), self._owner.begin() as connection:
            return _rows(connection, _HEALED if what == "healed" else _ASK_OWNER, values)

    def decide(self, code: str, state: str, note: str, until: datetime | None) -> bool:
        """See `Desk.decide`."""
        values = {"code": code, "state": state, "note": note, "until": until}
        with catalogued_errors(), self._owner.begin() as connection:
            return bool(connection.execute(_DECIDE_OWNER, values).scalar_one())


def is_operator(door: SessionDoor, credential_hash: bytes) -> bool:
    """Whether the holder of a credential operates this installation."""
    with door.anonymous() as connection:
        found = connection.execute(_IS_OPERATOR, {"credential": credential_hash})
        return bool(found.scalar_one())


def _rows(connection: Connection, query: Any, values: dict[str, Any]) -> list[dict[str, Any]]:
    if query is _HEALED:
        return [dict(row) for row in connection.execute(query).mappings()]
    return list(connection.execute(query, values).scalars())
