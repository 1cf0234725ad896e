"""The members of a client account, as pages name them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.identity.permissions import Action, allows

FORMER: Final = "a former member"
_MEMBERS: Final = text("select user_id, display_name, role from app.members() order by 2, 1")


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who may act in the client account."""

    id: UUID
    name: str
    role: str

    @property
    def may_decide(self) -> bool:
        """Whether this member may approve and reject."""
        return allows(self.role, Action.DECIDE_APPROVAL)


@dataclass(frozen=True, slots=True)
class People:
    """The members, by id."""

    members: Mapping[UUID, Member]

    @classmethod
    def of(cls, session: TenantSession) -> People:
        """Everybody in the open account, by name."""
        found = [Member(*row) for row in session.execute(_MEMBERS)]
        return cls({member.id: member for member in found})

    def name(self, user_id: UUID | str | None) -> str:
        """How a member is called."""
        if user_id is None:
            return FORMER
        found = self.members.get(UUID(str(user_id)))
        return found.name if found else FORMER

    @property
    def deciders(self) -> list[Member]:
        """Those who may be asked for a decision."""
        return [member for member in self.members.values() if member.may_decide]
