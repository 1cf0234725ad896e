"""Break-glass: operators are members of no account. When one has to look, it is for a reason and
for a time, and the client sees both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, Engine, select, text

from landbridge.audit.recording import record_break_glass
from landbridge.database.errors import catalogued_errors
from landbridge.database.session import TenantSession
from landbridge.identity.client_accounts import act_in
from landbridge.identity.member_errors import (
    AccessNotOpen,
    AccessTooLong,
    ReasonMissing,
    StandingMember,
)
from landbridge.identity.models import BreakGlass
from landbridge.identity.permissions import Role
from landbridge.identity.users import write_membership
from landbridge.kit.clock import now
from landbridge.kit.ids import new_id

LONGEST_MINUTES: Final = 480
SHORTEST_REASON: Final = 10
LONGEST_REASON: Final = 2000


@dataclass(frozen=True, slots=True)
class OpenAccess:
    """An operator's access that has not ended."""

    account_name: str
    email: str
    role: str
    reason: str
    ends_at: datetime


def break_glass(
    owner: Engine, account: UUID, user: UUID, role: Role, reason: str, minutes: int
) -> datetime:
    """Make the user a member until the returned moment, and tell the client why.

    Raises:
        ReasonMissing: the reason has fewer than 10 characters.
        AccessTooLong: it is not between a minute and eight hours.
        StandingMember: the user is a member for good.
    """
    reason = " ".join(reason.split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON or not reason.isprintable():
        raise ReasonMissing
    if not 1 <= minutes <= LONGEST_MINUTES:
        raise AccessTooLong(most=LONGEST_MINUTES)
    begins = now()
    ends = begins + timedelta(minutes=minutes)
    with catalogued_errors(), owner.begin() as connection:
        email = _email_unless_standing(connection, account, user)
        write_membership(connection, user, account, role, expires_at=ends)
        act_in(connection, account)
        connection.execute(
            text(
                "insert into app.break_glass"
                " (client_account_id, id, user_id, email, role, reason, started_at, ends_at)"
                " values (:account, :id, :user, :email, :role, :reason, :begins, :ends)"
            ),
            {
                "account": account,
                "id": new_id(),
                "user": user,
                "email": email,
                "role": role.value,
                "reason": reason,
                "begins": begins,
                "ends": ends,
            },
        )
        record_break_glass(connection, account, user, email, reason=reason, expires_at=ends)
    return ends


def end_access(owner: Engine, account: UUID, user: UUID, email: str) -> None:
    """End an operator's access now.

    Raises:
        AccessNotOpen: there is none.
    """
    with catalogued_errors(), owner.begin() as connection:
        ended = connection.execute(
            text(
                "update app_private.memberships set expires_at = now()"
                " where user_id = :user and client_account_id = :account"
                " and expires_at > now() and expires_at <> 'infinity'"
            ),
            {"user": user, "account": account},
        )
        if ended.rowcount == 0:
            raise AccessNotOpen(email=email)
        record_break_glass(connection, account, user, email, reason="", opened=False)


def open_accesses(owner: Engine) -> list[OpenAccess]:
    """Every operator's access that has not ended, of all accounts."""
    with catalogued_errors(), owner.begin() as connection:
        found = connection.execute(
            text(
                "select m.client_account_id, n.name, m.user_id"
                " from app_private.memberships m"
                " join app_private.account_names n on n.id = m.client_account_id"
                " where m.expires_at > now() and m.expires_at <> 'infinity' order by n.name"
            )
        ).all()
        opened = []
        for account, name, user in found:
            act_in(connection, account)
            row = connection.execute(
                text(
                    "select email, role, reason, ends_at from app.break_glass"
                    " where user_id = :user order by started_at desc limit 1"
                ),
                {"user": user},
            ).one_or_none()
            if row is not None:
                opened.append(OpenAccess(name, *row))
    return opened


def accesses(session: TenantSession) -> list[BreakGlass]:
    """Who came into the open account by break-glass, newest first."""
    return list(session.scalars(select(BreakGlass).order_by(BreakGlass.started_at.desc())))


def _email_unless_standing(connection: Connection, account: UUID, user: UUID) -> str:
    email, standing = connection.execute(
        text(
            "select u.email, exists (select from app_private.memberships m where m.user_id = u.id"
            " and m.client_account_id = :account and m.expires_at = 'infinity')"
            " from app_private.users u where u.id = :user"
        ),
        {"account": account, "user": user},
    ).one()
    if standing:
        raise StandingMember(email=email)
    return str(email)
