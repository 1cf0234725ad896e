"""The command line's own user: known by a key in the data directory.

It becomes admin of the client accounts it creates, and member of no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine, text

from landbridge.database.engine import Databases
from landbridge.database.errors import DataDirectoryNotWritable, catalogued_errors
from landbridge.database.session import CredentialAccess
from landbridge.identity import client_accounts, credentials, engagements, keys, names, users
from landbridge.identity.credentials import Secret
from landbridge.identity.errors import (
    AdministrativeUrlMissing,
    ClientAccountNameTaken,
    ClientAccountUnknown,
)
from landbridge.kit.files import write_once

EMAIL = "local@localhost"
KEY_FILE = "local-api-key"


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """A client account that a credential may open."""

    id: UUID
    name: str
    role: str


def local_access(
    databases: Databases, data_dir: Path, client_account: str, *, create: bool = True
) -> CredentialAccess:
    """Access of the local user to the client account of this name.

    Raises:
        ClientAccountUnknown: it is not open to the local user, and was not to be created or
            belongs to others.
        AdministrativeUrlMissing: the user or the account is missing and cannot be made.
    """
    secret = local_key(data_dir)
    user = _ensure_local_user(databases, secret)
    name = names.valid_name(client_account)
    found = _find(databases, secret, name)
    if found is None and create:
        try:
            owner = administrative(databases)
            found = client_accounts.create_client_account(owner, name, admin=user)
        except ClientAccountNameTaken:
            found = _find(databases, secret, name)
    if found is None:
        raise ClientAccountUnknown(name=name)
    return CredentialAccess(secret.hash, found)


def local_engagement(
    databases: Databases, access: CredentialAccess, name: str, *, create: bool = True
) -> UUID:
    """The engagement of this name in the account, created when missing and wanted.

    Raises:
        EngagementUnknown: it is missing and was not to be created.
    """
    with databases.app.open(access) as session:
        if create:
            return engagements.ensure_engagement(session, name)
        return engagements.find_engagement(session, name)


def open_accounts(databases: Databases, credential_hash: bytes) -> list[OpenAccount]:
    """The client accounts that a credential may open, by name."""
    with databases.app.anonymous() as connection:
        rows = connection.execute(
            text(
                "select client_account_id, name, role from app.accounts(:hash) order by lower(name)"
            ),
            {"hash": credential_hash},
        )
        return [OpenAccount(*row) for row in rows]


def local_user(databases: Databases, data_dir: Path) -> UUID:
    """The local user's id; the user is created on first use."""
    return _ensure_local_user(databases, local_key(data_dir))


def local_key(data_dir: Path) -> Secret:
    """The local user's key, made on first use and readable by its owner only.

    Raises:
        DataDirectoryNotWritable: the key cannot be written or read.
    """
    path = data_dir / KEY_FILE
    try:
        if not path.exists():
            write_once(path, credentials.new_api_key().text + "\n")
        text_of_key = path.read_text(encoding="ascii").strip()
    except OSError as e:
        raise DataDirectoryNotWritable(
            path=str(path), reason=(e.strerror or "unknown reason").lower()
        ) from e
    return Secret(text_of_key, text_of_key.split("_")[1])


def administrative(databases: Databases) -> Engine:
    """The owner's connections.

    Raises:
        AdministrativeUrlMissing: this process has no administrative URL.
    """
    if databases.owner is None:
        raise AdministrativeUrlMissing
    return databases.owner


def _find(databases: Databases, secret: Secret, name: str) -> UUID | None:
    accounts = open_accounts(databases, secret.hash)
    return next((a.id for a in accounts if a.name.lower() == name.lower()), None)


def _ensure_local_user(databases: Databases, secret: Secret) -> UUID:
    with catalogued_errors(), databases.app.anonymous() as connection:
        known = connection.execute(
            text("select user_id from app.who(:hash)"), {"hash": secret.hash}
        ).scalar_one_or_none()
    if known is not None:
        return UUID(str(known))
    owner = administrative(databases)
    user = users.ensure_user(owner, EMAIL, "Local user")
    keys.register_api_key(owner, user, secret, label="command line")
    return user
