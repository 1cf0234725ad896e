"""What messages are signed with, as the database keeps it: sealed, each for its webhook."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy import Engine, text

from landbridge.database.errors import catalogued_errors
from landbridge.kit.vault import Vault

_SEALS: Final = text("select webhook_id, secret from app_private.webhook_secrets for update")
_RENEW: Final = text(
    "update app_private.webhook_secrets set secret = :renewed"
    " where webhook_id = :webhook and secret = :sealed"
)


def sealed(vault: Vault, webhook_id: UUID, secret: str) -> str:
    """A secret as it is stored."""
    return vault.seal(_purpose(webhook_id), secret.encode()).decode()


def opened(vault: Vault, webhook_id: UUID, stored: str) -> str:
    """A secret as it is used.

    Raises:
        SecretsKeyWrong, SecretsKeyUnavailable, SecretsKeyInvalid: it cannot be opened.
    """
    return vault.open(_purpose(webhook_id), stored.encode()).decode()


def seals(owner: Engine) -> list[tuple[str, bytes]]:
    """Every stored secret, each with its purpose."""
    with catalogued_errors(), owner.begin() as connection:
        rows = connection.execute(_SEALS).all()
    return [(_purpose(webhook), stored.encode()) for webhook, stored in rows]


def renew_seals(owner: Engine, vault: Vault) -> int:
    """Seal every secret with the first key; returns how many there are."""
    with catalogued_errors(), owner.begin() as connection:
        rows = connection.execute(_SEALS).all()
        for webhook, stored in rows:
            renewed = vault.renewed(_purpose(webhook), stored.encode()).decode()
            named = {"webhook": webhook, "sealed": stored, "renewed": renewed}
            connection.execute(_RENEW, named)
    return len(rows)


def _purpose(webhook_id: UUID) -> str:
    return f"webhook {webhook_id}"
