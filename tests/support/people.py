"""People who sign in with a password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from landbridge.database.engine import Databases
from landbridge.identity import keys, own, sign_in, users
from landbridge.identity.permissions import Role
from landbridge.identity.sign_in import Visit
from landbridge.kit.ids import new_id
from tests.support.accounts import Account

PASSWORD = "correct horse battery staple"
VISIT = Visit("192.0.2.1", "Firefox on Linux", timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a password."""

    id: UUID
    email: str
    password: str


def make_person(
    databases: Databases, account: Account | None = None, role: Role = Role.VIEWER
) -> Person:
    """A user with a password, in an account if one is given."""
    assert databases.owner is not None
    email = f"{new_id().hex[-12:]}@example.com"
    user = users.ensure_user(databases.owner, email, "Ada Lovelace")
    if account is not None:
        users.set_membership(databases.owner, user, account.client_account_id, role)
    link = keys.create_sign_in_link(databases.owner, user)
    session = sign_in.with_credential(databases.app, link.text, VISIT)
    assert session is not None
    own.set_password(databases.app, session.hash, email, "", PASSWORD)
    return Person(user, email, PASSWORD)


def forget_attempts(databases: Databases) -> None:
    """Empty every bucket, so that one test's guesses do not slow the next."""
    assert databases.owner is not None
    with databases.owner.begin() as connection:
        connection.execute(text("delete from app_private.rate_limits"))
