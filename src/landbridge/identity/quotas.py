"""How much a client account may have: its quotas, what is used of them, and setting them.

The database enforces them, in the transaction that would exceed one; see
`landbridge.database.refusals.QuotaExceeded`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from landbridge.database.errors import catalogued_errors
from landbridge.database.session import SessionDoor
from landbridge.errors.common import NotFound
from landbridge.identity.client_accounts import act_in


class Quota(StrEnum):
    """What is limited."""

    STORAGE_BYTES = "storage_bytes"
    ASSETS = "assets"
    IMPORTS_PER_DAY = "imports_per_day"
    MEMBERS = "members"


MEANING: Final[dict[Quota, str]] = {
    Quota.STORAGE_BYTES: "Original files",
    Quota.ASSETS: "Assets",
    Quota.IMPORTS_PER_DAY: "Imports in 24 hours",
    Quota.MEMBERS: "Members",
}

_QUOTAS: Final = text("select quota, most as limit, used from app.quotas()")
_SET: Final = text("select app.set_quota(:credential, :account, :quota, :most)")
_PUT: Final = text(
    "insert into app.account_quotas (client_account_id, quota, most)"
    " values (:account, :quota, :most)"
    " on conflict (client_account_id, quota) do update set most = excluded.most"
)
_REMOVE: Final = text(
    "delete from app.account_quotas where client_account_id = :account and quota = :quota"
)


class QuotaUse(BaseModel):
    """A quota and what is used of it. Without a limit the account may have what it wants.

    Attributes:
        limit: bytes, assets, imports of the last 24 hours, or members; None when there is none.
    """

    quota: Quota
    limit: int | None
    used: int

    @property
    def title(self) -> str:
        """What people call it."""
        return MEANING[self.quota]


def use(account: Session | Connection) -> list[QuotaUse]:
    """Every quota of the open account."""
    return [QuotaUse(**row) for row in account.execute(_QUOTAS).mappings()]


def set_by_operator(
    door: SessionDoor, credential_hash: bytes, account: UUID, quota: Quota, most: int | None
) -> None:
    """Set a quota for a holder of a credential who may create accounts; None takes it away.

    Raises:
        NotFound: the holder may not, or there is no such account.
    """
    named = {"credential": credential_hash, "account": account, "quota": quota.value, "most": most}
    with door.anonymous() as connection:
        if not connection.execute(_SET, named).scalar_one():
            raise NotFound


def set_by_owner(owner: Engine, account: UUID, wanted: dict[Quota, int | None]) -> list[QuotaUse]:
    """Set quotas with the owner's rights; None takes one away. Returns all of the account."""
    with catalogued_errors(), owner.begin() as connection:
        act_in(connection, account)
        for quota, most in wanted.items():
            named = {"account": account, "quota": quota.value, "most": most}
            connection.execute(_REMOVE if most is None else _PUT, named)
        return use(connection)
