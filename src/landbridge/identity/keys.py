"""API keys and sign-in links, as the owner of the schema makes, lists and ends them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, text

from landbridge.database.errors import catalogued_errors
from landbridge.identity import credentials, users
from landbridge.identity.credentials import Secret
from landbridge.identity.errors import ApiKeyUnknown
from landbridge.identity.permissions import Role
from landbridge.kit.clock import now

SERVICE_HOST = "api-keys.invalid"
LINK_LIFETIME = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ListedKey:
    """An API key as it is listed: never its secret."""

    id: str
    label: str
    email: str
    role: str
    created_at: datetime
    expires_at: datetime | None


def create_api_key(
    owner: Engine,
    user: UUID,
    *,
    account: UUID | None = None,
    label: str = "",
    expires_at: datetime | None = None,
) -> Secret:
    """A key for `user`; with `account` it opens that account only."""
    secret = credentials.new_api_key()
    register_api_key(owner, user, secret, account=account, label=label, expires_at=expires_at)
    return secret


def register_api_key(
    owner: Engine,
    user: UUID,
    secret: Secret,
    *,
    account: UUID | None = None,
    label: str = "",
    expires_at: datetime | None = None,
) -> None:
    """Store the hash of a key that its holder already has; nothing when it is known."""
    _store(owner, user, secret, kind="api_key", account=account, label=label, expires_at=expires_at)


def create_service_key(
    owner: Engine, account: UUID, role: Role, *, label: str, expires_at: datetime | None = None
) -> Secret:
    """A key for a program, which gets a user of its own with `role` in this account alone."""
    secret = credentials.new_api_key()
    user = users.ensure_user(owner, f"{secret.public_id}@{SERVICE_HOST}", label)
    users.set_membership(owner, user, account, role)
    register_api_key(owner, user, secret, account=account, label=label, expires_at=expires_at)
    return secret


def create_sign_in_link(
    owner: Engine, user: UUID, *, account: UUID | None = None, lifetime: timedelta = LINK_LIFETIME
) -> Secret:
    """The token of a link that signs `user` in until it ends."""
    secret = credentials.new_sign_in_token()
    ends = now() + lifetime
    _store(owner, user, secret, kind="sign_in_link", account=account, expires_at=ends)
    return secret


def list_api_keys(owner: Engine, account: UUID) -> list[ListedKey]:
    """The keys that can open the account, oldest first."""
    with catalogued_errors(), owner.begin() as connection:
        rows = connection.execute(
            text(
                "select c.public_id, c.label, u.email, m.role, c.created_at, "
                "nullif(c.expires_at, 'infinity') as expires_at "
                "from app_private.credentials c "
                "join app_private.users u on u.id = c.user_id "
                "join app_private.memberships m on m.user_id = c.user_id "
                "where c.kind = 'api_key' and m.client_account_id = :account "
                "and coalesce(c.client_account_id, :account) = :account "
                "and c.expires_at > now() order by c.created_at, c.public_id"
            ),
            {"account": account},
        )
        return [ListedKey(*row) for row in rows]


def revoke_api_key(owner: Engine, account: UUID, key_id: str) -> None:
    """End a key of this account at once.

    Raises:
        ApiKeyUnknown: the account has no such key.
    """
    with catalogued_errors(), owner.begin() as connection:
        done = connection.execute(
            text(
                "delete from app_private.credentials where kind = 'api_key' "
                "and public_id = :key_id and client_account_id = :account"
            ),
            {"key_id": key_id, "account": account},
        )
        if done.rowcount == 0:
            raise ApiKeyUnknown(key_id=key_id)


def _store(
    owner: Engine,
    user: UUID,
    secret: Secret,
    *,
    kind: str,
    account: UUID | None,
    label: str = "",
    expires_at: datetime | None,
) -> None:
    with catalogued_errors(), owner.begin() as connection:
        connection.execute(
            text(
                "insert into app_private.credentials "
                "(hash, user_id, kind, client_account_id, public_id, label, expires_at) "
                "values (:hash, :user, :kind, :account, :public_id, :label, "
                "coalesce(cast(:expires_at as timestamptz), 'infinity')) "
                "on conflict (hash) do nothing"
            ),
            {
                "hash": secret.hash,
                "user": user,
                "kind": kind,
                "account": account,
                "public_id": secret.public_id or None,
                "label": label,
                "expires_at": expires_at,
            },
        )
