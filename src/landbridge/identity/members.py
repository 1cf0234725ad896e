"""Members of the open client account, as its admins see and change them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.identity.member_errors import LastAdmin, MemberUnknown
from landbridge.identity.permissions import Action, Role, require


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who may open the account.

    Attributes:
        until: when the membership ends by itself; None for a standing one.
    """

    user_id: UUID
    email: str
    display_name: str
    role: str
    since: datetime
    until: datetime | None
    has_second_factor: bool


def members(session: TenantSession) -> list[Member]:
    """Every member, by name.

    Raises:
        PermissionDenied: the role may not manage members.
    """
    require(session, Action.MANAGE_MEMBERS)
    return [Member(*row) for row in session.execute(text("select * from app.member_list()"))]


def member(session: TenantSession, user: UUID) -> Member:
    """One member.

    Raises:
        PermissionDenied: the role may not manage members.
        MemberUnknown: they are no member.
    """
    found = next((m for m in members(session) if m.user_id == user), None)
    if found is None:
        raise MemberUnknown(member=str(user))
    return found


def change_role(session: TenantSession, user: UUID, role: Role) -> None:
    """Give a member another role, from their next request on.

    Raises:
        PermissionDenied: the role may not manage members.
        MemberUnknown: they are no member.
        LastAdmin: nobody else could manage members.
    """
    require(session, Action.MANAGE_MEMBERS)
    done = session.execute(
        text("select app.set_member_role(:user, :role)"), {"user": user, "role": role.value}
    ).scalar_one()
    _require_done(done, user)


def remove(session: TenantSession, user: UUID) -> None:
    """Take a member's access away, from their next request on.

    Raises:
        PermissionDenied: the role may not manage members.
        MemberUnknown: they are no member.
        LastAdmin: nobody else could manage members.
    """
    require(session, Action.MANAGE_MEMBERS)
    done = session.execute(text("select app.remove_member(:user)"), {"user": user}).scalar_one()
    _require_done(done, user)


def member_of(session: TenantSession, email: str) -> Member:
    """The member of this address.

    Raises:
        PermissionDenied: the role may not manage members.
        MemberUnknown: there is none.
    """
    wanted = email.strip().casefold()
    found = next((m for m in members(session) if m.email.casefold() == wanted), None)
    if found is None:
        raise MemberUnknown(member=email)
    return found


def _require_done(done: str, user: UUID) -> None:
    if done == "last_admin":
        raise LastAdmin
    if done == "unknown":
        raise MemberUnknown(member=str(user))
