"""Client accounts, as the owner of the schema makes and lists them.

The owner cannot bypass row-level security either: it acts inside a context minted for the one
account.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from landbridge.database.errors import catalogued_errors
from landbridge.database.session import SessionDoor
from landbridge.identity import users
from landbridge.identity.errors import ClientAccountNameTaken, ClientAccountUnknown
from landbridge.identity.names import valid_name
from landbridge.identity.permissions import Role
from landbridge.identity.sign_in_errors import AccountsNotYours
from landbridge.kit.ids import new_id

SYSTEM_USER = UUID(int=0)


def create_client_account(owner: Engine, name: str, *, admin: UUID | None = None) -> UUID:
    """Create a client account, with this user as its admin, both or neither.

    Raises:
        ClientAccountNameTaken: the name is used, in whatever case.
        NameInvalid: the name is empty, too long, or has control characters.
    """
    name = valid_name(name)
    account = new_id()
    with catalogued_errors(), owner.begin() as connection:
        act_in(connection, account)
        try:
            connection.execute(
                text("insert into app.client_accounts (id, name) values (:id, :name)"),
                {"id": account, "name": name},
            )
        except IntegrityError:
            raise ClientAccountNameTaken(name=name) from None
        if admin is not None:
            users.write_membership(connection, admin, account, Role.ADMIN)
    return account


def create_own_account(door: SessionDoor, credential_hash: bytes, name: str) -> UUID:
    """Create a client account for the holder of a credential, who becomes its admin.

    Raises:
        AccountsNotYours: the holder may not create any.
        ClientAccountNameTaken, NameInvalid: the name cannot be used.
    """
    name, account = valid_name(name), new_id()
    with unique_names(name), door.anonymous() as connection:
        insert_own_account(connection, credential_hash, account, name)
    return account


def insert_own_account(
    connection: Connection, credential_hash: bytes, account: UUID, name: str
) -> None:
    """Create a client account with this id for the holder of a credential, in their transaction.

    Raises:
        AccountsNotYours: the holder may not create any.
    """
    values = {"credential": credential_hash, "account": account, "name": name}
    made = text("select app.create_account(:credential, :account, :name)")
    if not connection.execute(made, values).scalar_one():
        raise AccountsNotYours


@contextmanager
def unique_names(name: str) -> Iterator[None]:
    """Say of a name that is taken that it is.

    Raises:
        ClientAccountNameTaken: it is used, in whatever case.
    """
    try:
        yield
    except IntegrityError:
        raise ClientAccountNameTaken(name=name) from None


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


def act_in(connection: Connection, account: UUID) -> None:
    """Let the owner's transaction see and write the rows of this one account."""
    connection.execute(
        text("select set_config('app.ctx', app_private.mint(:account, :user, 'admin'), true)"),
        {"account": account, "user": SYSTEM_USER},
    )
