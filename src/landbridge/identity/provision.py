"""Make client accounts, engagements, users, memberships and credentials.

Accounts, users and credentials are made as the owner of the schema. The owner cannot bypass
row-level security either: it acts inside a context minted for the one account.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, Engine, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from landbridge.database.errors import catalogued_errors
from landbridge.database.session import TenantSession
from landbridge.identity import credentials
from landbridge.identity.credentials import Secret
from landbridge.identity.errors import (
    ApiKeyUnknown,
    ClientAccountNameTaken,
    ClientAccountUnknown,
    EmailInvalid,
    EngagementUnknown,
    NameInvalid,
    UserUnknown,
)
from landbridge.identity.models import Engagement
from landbridge.identity.permissions import Action, Role, require
from landbridge.kit.clock import now
from landbridge.kit.ids import new_id

SYSTEM_USER = UUID(int=0)
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


def create_client_account(owner: Engine, name: str) -> UUID:
    """Create a client account.

    Raises:
        ClientAccountNameTaken: the name is used, in whatever case.
        NameInvalid: the name is empty, too long, or has control characters.
    """
    name = valid_name(name)
    account = new_id()
    with catalogued_errors(), owner.begin() as connection:
        _act_in(connection, account)
        try:
            connection.execute(
                text("insert into app.client_accounts (id, name) values (:id, :name)"),
                {"id": account, "name": name},
            )
        except IntegrityError:
            raise ClientAccountNameTaken(name=name) from None
    return account


def find_client_account(owner: Engine, name: str) -> UUID:
    """The client account of this name, in whatever case.

    Raises:
        ClientAccountUnknown: there is none.
    """
    with catalogued_errors(), owner.begin() as connection:
        found = connection.execute(
            text("select id from app_private.account_names where lower(name) = lower(:name)"),
            {"name": name.strip()},
        ).scalar_one_or_none()
    if found is None:
        raise ClientAccountUnknown(name=name)
    return UUID(str(found))


def list_client_accounts(owner: Engine) -> list[tuple[UUID, str]]:
    """Id and name of every client account, by name."""
    with catalogued_errors(), owner.begin() as connection:
        rows = connection.execute(
            text("select id, name from app_private.account_names order by lower(name)")
        )
        return [(row.id, row.name) for row in rows]


def ensure_user(owner: Engine, email: str, display_name: str | None = None) -> UUID:
    """The user with this e-mail address, created when missing.

    Raises:
        EmailInvalid: it is no e-mail address.
    """
    email = valid_email(email)
    with catalogued_errors(), owner.begin() as connection:
        connection.execute(
            text(
                "insert into app_private.users (id, email, display_name) "
                "values (:id, :email, :name) on conflict (lower(email)) do nothing"
            ),
            {"id": new_id(), "email": email, "name": display_name or email.partition("@")[0]},
        )
        return _user_id(connection, email)


def find_user(owner: Engine, email: str) -> UUID:
    """The user with this e-mail address.

    Raises:
        UserUnknown: there is none.
    """
    with catalogued_errors(), owner.begin() as connection:
        return _user_id(connection, email)


def set_membership(
    owner: Engine, user: UUID, account: UUID, role: Role, *, expires_at: datetime | None = None
) -> None:
    """Make the user a member of the account with `role`, or change the role."""
    with catalogued_errors(), owner.begin() as connection:
        connection.execute(
            text(
                "insert into app_private.memberships "
                "(user_id, client_account_id, role, expires_at) "
                "values (:user, :account, :role, "
                "coalesce(cast(:expires_at as timestamptz), 'infinity')) "
                "on conflict (user_id, client_account_id) do update "
                "set role = excluded.role, expires_at = excluded.expires_at"
            ),
            {"user": user, "account": account, "role": role.value, "expires_at": expires_at},
        )


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
    user = ensure_user(owner, f"{secret.public_id}@{SERVICE_HOST}", label)
    set_membership(owner, user, account, role)
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


def ensure_engagement(session: TenantSession, name: str) -> UUID:
    """The engagement of this name in the open account, created when missing.

    Raises:
        PermissionDenied: it is missing and the role may not create one.
        NameInvalid: the name is empty, too long, or has control characters.
    """
    name = valid_name(name)
    found = session.query(Engagement.id).filter_by(name=name).scalar()
    if found is not None:
        return UUID(str(found))
    require(session, Action.CREATE_ENGAGEMENT)
    session.execute(
        insert(Engagement).values(id=new_id(), name=name, settings={}).on_conflict_do_nothing()
    )
    return find_engagement(session, name)


def find_engagement(session: TenantSession, name: str) -> UUID:
    """The engagement of this name in the open account.

    Raises:
        EngagementUnknown: there is none.
    """
    found = session.query(Engagement.id).filter_by(name=name.strip()).scalar()
    if found is None:
        raise EngagementUnknown(name=name)
    return UUID(str(found))


def valid_name(name: str) -> str:
    """The name without surrounding blanks.

    Raises:
        NameInvalid: it is empty, too long, or has control characters.
    """
    name = name.strip()
    if not 1 <= len(name) <= 200 or not name.isprintable():
        raise NameInvalid
    return name


def valid_email(email: str) -> str:
    """The address without surrounding blanks.

    Raises:
        EmailInvalid: it is not of the form name@host.
    """
    email = email.strip()
    name, _, host = email.rpartition("@")
    if not name or not host or len(email) > 320 or " " in email or not email.isprintable():
        raise EmailInvalid(email=email)
    return email


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


def _user_id(connection: Connection, email: str) -> UUID:
    found = connection.execute(
        text("select id from app_private.users where lower(email) = lower(:email)"),
        {"email": email.strip()},
    ).scalar_one_or_none()
    if found is None:
        raise UserUnknown(email=email)
    return UUID(str(found))


def _act_in(connection: Connection, account: UUID) -> None:
    connection.execute(
        text("select set_config('app.ctx', app_private.mint(:account, :user, 'admin'), true)"),
        {"account": account, "user": SYSTEM_USER},
    )
