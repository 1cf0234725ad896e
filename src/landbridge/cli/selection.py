"""Which account, engagement and flow a command means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from landbridge.assembly.platform import Platform
from landbridge.database.engine import Databases
from landbridge.database.session import CredentialAccess, TenantSession
from landbridge.discovery.imports.repository import find_import
from landbridge.errors.catalogue import LandbridgeError
from landbridge.errors.common import NotFound
from landbridge.identity.engagements import engagement_names
from landbridge.identity.errors import ClientAccountNotSaid, EngagementNotSaid
from landbridge.identity.local import local_access, local_engagement, local_key, open_accounts
from landbridge.kit.settings import settings

USUAL_ACCOUNT: Final = "Default"
USUAL_ENGAGEMENT: Final = "Discovery"
_SHOWN: Final = 20


def selected_engagement(
    platform: Platform, client_account: str | None, engagement: str | None
) -> tuple[CredentialAccess, UUID]:
    """An existing account and engagement: those of these names, else the usual or the only ones.

    Raises:
        ClientAccountUnknown, EngagementUnknown: the local user can open no such thing.
        ClientAccountNotSaid, EngagementNotSaid: there are several, and no name was given.
    """
    databases = platform.databases
    access = selected_account(databases, client_account)
    name = engagement_name(databases, access, engagement)
    return access, local_engagement(databases, access, name, create=False)


def selected_account(databases: Databases, client_account: str | None) -> CredentialAccess:
    """An existing account: that of this name, else the usual or the only one.

    Raises:
        ClientAccountUnknown: the local user can open no such account.
        ClientAccountNotSaid: there are several, and no name was given.
    """
    name = account_name(databases, client_account)
    return local_access(databases, settings().data_dir, name, create=False)


def account_name(databases: Databases, given: str | None) -> str:
    """The name given; else that of the usual account, or of the only one the local user may open.

    Raises:
        ClientAccountNotSaid: there are several.
    """
    if given is not None:
        return given
    key = local_key(settings().data_dir)
    names = [account.name for account in open_accounts(databases, key.hash)]
    return _usual(names, USUAL_ACCOUNT, ClientAccountNotSaid)


def engagement_name(databases: Databases, access: CredentialAccess, given: str | None) -> str:
    """The name given; else that of the usual engagement, or of the only one in the account.

    Raises:
        EngagementNotSaid: there are several.
    """
    if given is not None:
        return given
    with databases.app.open(access) as session:
        names = engagement_names(session)
    return _usual(names, USUAL_ENGAGEMENT, EngagementNotSaid)


def _usual(names: Sequence[str], usual: str, several: type[LandbridgeError]) -> str:
    if len(names) == 1:
        return names[0]
    if names and usual not in names:
        raise several(names=", ".join(f"'{name}'" for name in names[:_SHOWN]))
    return usual


def accesses(platform: Platform, client_account: str | None) -> dict[str, CredentialAccess]:
    """Access to the named account, or to every account the local user may open, by name."""
    databases = platform.databases
    if client_account is not None:
        directory = settings().data_dir
        return {client_account: local_access(databases, directory, client_account, create=False)}
    key = local_key(settings().data_dir)
    return {
        account.name: CredentialAccess(key.hash, account.id)
        for account in open_accounts(databases, key.hash)
    }


def access_to_flow(
    platform: Platform, flow_id: UUID, client_account: str | None
) -> CredentialAccess:
    """Access to the account in which a flow lives.

    Raises:
        NotFound: no account open to the local user has such a flow.
    """
    return _access_where(
        platform, client_account, lambda session: platform.orchestrator.status(session, flow_id)
    )


def access_to_import(
    platform: Platform, import_id: UUID, client_account: str | None
) -> CredentialAccess:
    """Access to the account in which an import lives.

    Raises:
        NotFound: no account open to the local user has such an import.
    """
    return _access_where(platform, client_account, lambda session: find_import(session, import_id))


def _access_where(
    platform: Platform, client_account: str | None, look: Callable[[TenantSession], object]
) -> CredentialAccess:
    for access in accesses(platform, client_account).values():
        try:
            with platform.databases.app.open(access) as session:
                look(session)
        except NotFound:
            continue
        return access
    raise NotFound
