"""Users and their memberships, as the owner of the schema makes them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Engine, text

from landbridge.database.errors import catalogued_errors
from landbridge.identity.errors import UserUnknown
from landbridge.identity.names import valid_email
from landbridge.identity.permissions import Role
from landbridge.kit.ids import new_id


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
        write_membership(connection, user, account, role, expires_at=expires_at)


def allow_accounts(owner: Engine, user: UUID) -> None:
    """Let the user make client accounts."""
    with catalogued_errors(), owner.begin() as connection:
        connection.execute(
            text("update app_private.users set may_create_accounts = true where id = :user"),
            {"user": user},
        )


def reset(owner: Engine, user: UUID) -> None:
    """Take every way to sign in from the user; keys of programs stay."""
    with catalogued_errors(), owner.begin() as connection:
        for table in ("passwords", "second_factors", "sign_in_steps", "identities"):
            connection.execute(
                text(f"delete from app_private.{table} where user_id = :user"), {"user": user}
            )
        connection.execute(
            text(
                "delete from app_private.credentials "
                "where user_id = :user and kind in ('session', 'sign_in_link')"
            ),
            {"user": user},
        )


def write_membership(
    connection: Connection,
    user: UUID,
    account: UUID,
    role: Role,
    *,
    expires_at: datetime | None = None,
) -> None:
    """The same, inside the caller's transaction."""
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


def _user_id(connection: Connection, email: str) -> UUID:
    found = connection.execute(
        text("select id from app_private.users where lower(email) = lower(:email)"),
        {"email": email.strip()},
    ).scalar_one_or_none()
    if found is None:
        raise UserUnknown(email=email)
    return UUID(str(found))
