"""API keys of the open client account, as its admins make, list and end them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.identity import credentials
from landbridge.identity.credentials import Secret
from landbridge.identity.errors import ApiKeyUnknown
from landbridge.identity.names import valid_name
from landbridge.identity.permissions import Action, Role, require
from landbridge.kit.ids import new_id

_CREATE: Final = text("select app.create_key(:user, :hash, :id, :label, :role, :ends)")


@dataclass(frozen=True, slots=True)
class ListedKey:
    """An API key as it is listed: never its secret."""

    id: str
    label: str
    email: str
    role: str
    created_at: datetime
    expires_at: datetime | None


def create(
    session: TenantSession, role: Role, label: str, expires_at: datetime | None = None
) -> Secret:
    """A key for a program, which gets a user of its own with `role` in this account alone.

    Raises:
        PermissionDenied: the role may not manage keys.
        NameInvalid: the label cannot be used.
    """
    require(session, Action.MANAGE_API_KEYS)
    secret = credentials.new_api_key()
    session.execute(
        _CREATE,
        {
            "user": new_id(),
            "hash": secret.hash,
            "id": secret.public_id,
            "label": valid_name(label),
            "role": role.value,
            "ends": expires_at,
        },
    )
    return secret


def keys(session: TenantSession) -> list[ListedKey]:
    """The keys that can open the account, oldest first.

    Raises:
        PermissionDenied: the role may not manage keys.
    """
    require(session, Action.MANAGE_API_KEYS)
    return [ListedKey(*row) for row in session.execute(text("select * from app.key_list()"))]


def revoke(session: TenantSession, key_id: str) -> None:
    """End a key of this account at once.

    Raises:
        PermissionDenied: the role may not manage keys.
        ApiKeyUnknown: the account has no such key.
    """
    require(session, Action.MANAGE_API_KEYS)
    named = {"id": key_id.replace("\0", "")}
    if not session.execute(text("select app.revoke_key(:id)"), named).scalar_one():
        raise ApiKeyUnknown(key_id=key_id)
