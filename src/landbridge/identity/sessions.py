"""Where somebody is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import text

from landbridge.database.session import SessionDoor
from landbridge.identity.sign_in_errors import SessionUnknown

_SESSIONS: Final = text(
    "select id, label, method, created_at, expires_at, is_this from app.sessions(:session)"
)
_END: Final = text("select app.end_sessions(:session, :id)")


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """A browser in which somebody is signed in.

    Attributes:
        id: names it; it signs nobody in.
        method: how it began: password, oidc, sign_in_link or api_key; None for older ones.
    """

    id: str
    label: str
    method: str | None
    created_at: datetime
    expires_at: datetime
    is_this: bool


def sessions(door: SessionDoor, session: bytes) -> list[BrowserSession]:
    """Every browser in which this user is signed in, newest first."""
    with door.anonymous() as connection:
        rows = connection.execute(_SESSIONS, {"session": session})
        return [BrowserSession(*row) for row in rows]


def end_session(door: SessionDoor, session: bytes, session_id: str) -> None:
    """Sign one browser out.

    Raises:
        SessionUnknown: this user has no such session.
    """
    with door.anonymous() as connection:
        named = {"session": session, "id": session_id.replace("\0", "")}
        if not connection.execute(_END, named).scalar_one():
            raise SessionUnknown(session_id=session_id)


def end_all_sessions(door: SessionDoor, session: bytes) -> int:
    """Sign out everywhere; how many sessions ended."""
    with door.anonymous() as connection:
        return int(connection.execute(_END, {"session": session, "id": None}).scalar_one())
