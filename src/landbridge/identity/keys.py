"""API keys and sign-in links of users, as the owner of the schema makes them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, text

from landbridge.database.errors import catalogued_errors
from landbridge.identity import credentials
from landbridge.identity.credentials import Secret
from landbridge.kit.clock import now

LINK_LIFETIME = timedelta(days=7)


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


def create_sign_in_link(
    owner: Engine, user: UUID, *, account: UUID | None = None, lifetime: timedelta = LINK_LIFETIME
) -> Secret:
    """The token of a link that signs `user` in until it ends."""
    secret = credentials.new_sign_in_token()
    ends = now() + lifetime
    _store(owner, user, secret, kind="sign_in_link", account=account, expires_at=ends)
    return secret


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
