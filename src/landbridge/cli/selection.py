"""Which account, engagement and flow a command means."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from landbridge.assembly.platform import Platform
from landbridge.database.session import CredentialAccess, TenantSession
from landbridge.discovery.imports.repository import find_import
from landbridge.errors.common import NotFound
from landbridge.identity.local import local_access, local_engagement, local_key, open_accounts
from landbridge.kit.settings import settings


def selected_engagement(
    platform: Platform, client_account: str, engagement: str
) -> tuple[CredentialAccess, UUID]:
    """An existing account and engagement, by name.

    Raises:
        ClientAccountUnknown, EngagementUnknown: the local user can open no such thing.
    """
    databases = platform.databases
    access = local_access(databases, settings().data_dir, client_account, create=False)
    return access, local_engagement(databases, access, engagement, create=False)


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
