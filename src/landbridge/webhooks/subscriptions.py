"""Subscriptions of the open client account: made, changed, switched off and removed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import func, select, text, update

from landbridge.audit.recording import record
from landbridge.database.session import TenantSession
from landbridge.errors.common import NotFound
from landbridge.kit.clock import now
from landbridge.kit.ids import new_id
from landbridge.kit.vault import Vault
from landbridge.webhooks import secrets, signing
from landbridge.webhooks.addresses import Network
from landbridge.webhooks.errors import WebhookEventUnknown, WebhookLimitReached
from landbridge.webhooks.models import Delivery, Webhook
from landbridge.webhooks.targets import target_of
from landbridge.webhooks.vocabulary import (
    DISABLED,
    EVERYTHING,
    KINDS,
    DeliveryStatus,
    DisabledReason,
)

MOST: Final = 20
LONGEST_DESCRIPTION: Final = 200
ROTATED: Final = "webhook.secret_rotated"

_ADD_SECRET = text("select app.add_webhook_secret(:webhook_id, :secret, :overlap)")


def add(
    session: TenantSession,
    url: str,
    kinds: Sequence[str],
    description: str = "",
    *,
    vault: Vault,
    allowed: Sequence[Network] = (),
) -> tuple[Webhook, str]:
    """A new subscription and its secret, which is never shown again.

    Args:
        session: of somebody who may manage webhooks.
        url: where messages go.
        kinds: of events; `*` for all.
        description: what it is for.
        vault: seals the secret.
        allowed: networks that the operator allows.

    Raises:
        WebhookUrlInvalid, WebhookAddressRefused, WebhookEventUnknown, WebhookLimitReached:
            nothing is made.
    """
    target_of(url, allowed)
    chosen = valid_kinds(kinds)
    if (session.scalar(select(func.count()).select_from(Webhook)) or 0) >= MOST:
        raise WebhookLimitReached(limit=MOST)
    webhook = Webhook(
        id=new_id(),
        url=url,
        kinds=chosen,
        description=description.strip()[:LONGEST_DESCRIPTION],
        created_by=session.user_id,
    )
    session.add(webhook)
    session.flush()
    session.refresh(webhook)
    return webhook, _new_secret(session, vault, webhook.id, timedelta())


def listed(session: TenantSession) -> list[Webhook]:
    """All subscriptions, oldest first."""
    return list(session.scalars(select(Webhook).order_by(Webhook.created_at, Webhook.id)))


def get(session: TenantSession, webhook_id: UUID) -> Webhook:
    """One subscription.

    Raises:
        NotFound: the open account has none of this id.
    """
    found = session.get(Webhook, (session.client_account_id, webhook_id))
    if found is None:
        raise NotFound
    return found


def locked(session: TenantSession, webhook_id: UUID) -> Webhook:
    """One subscription, its row locked until the transaction ends.

    Raises:
        NotFound: the open account has none of this id.
    """
    query = select(Webhook).where(Webhook.id == webhook_id).with_for_update()
    found = session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def change(
    session: TenantSession,
    webhook_id: UUID,
    *,
    url: str | None = None,
    kinds: Sequence[str] | None = None,
    description: str | None = None,
    enabled: bool | None = None,
    allowed: Sequence[Network] = (),
) -> Webhook:
    """Change what is given and leave the rest.

    Raises:
        NotFound: the open account has none of this id.
        WebhookUrlInvalid, WebhookAddressRefused, WebhookEventUnknown: nothing is changed.
    """
    webhook = locked(session, webhook_id)
    if url is not None:
        target_of(url, allowed)
        webhook.url = url
    if kinds is not None:
        webhook.kinds = valid_kinds(kinds)
    if description is not None:
        webhook.description = description.strip()[:LONGEST_DESCRIPTION]
    if enabled and not webhook.enabled:
        webhook.enabled = True
        webhook.disabled_reason = webhook.disabled_at = webhook.failing_since = None
    elif enabled is False and webhook.enabled:
        disable(session, webhook, DisabledReason.SWITCHED_OFF)
    session.flush()
    return webhook


def remove(session: TenantSession, webhook_id: UUID) -> None:
    """Remove a subscription with its secrets and deliveries.

    Raises:
        NotFound: the open account has none of this id.
    """
    session.delete(locked(session, webhook_id))
    session.flush()


def rotate(session: TenantSession, webhook_id: UUID, overlap: timedelta, *, vault: Vault) -> str:
    """A new secret. Messages are signed with both until `overlap` has passed.

    Raises:
        NotFound: the open account has none of this id.
    """
    webhook = locked(session, webhook_id)
    detail = {"overlap_hours": overlap.total_seconds() / 3600}
    record(session, ROTATED, "webhook", str(webhook_id), name=webhook.shown_as, detail=detail)
    return _new_secret(session, vault, webhook_id, overlap)


def disable(session: TenantSession, webhook: Webhook, reason: DisabledReason) -> None:
    """Switch a subscription off: what was still to be sent is dropped, and when nobody asked
    for it, the account's other webhooks are told.
    """
    webhook.enabled = False
    webhook.disabled_reason = reason.value
    webhook.disabled_at = now()
    session.flush()
    session.execute(
        update(Delivery)
        .where(Delivery.webhook_id == webhook.id, Delivery.status == DeliveryStatus.PENDING.value)
        .values(status=DeliveryStatus.DROPPED.value, next_attempt_at=None, finished_at=now())
        .execution_options(synchronize_session=False)
    )
    if reason is DisabledReason.SWITCHED_OFF:
        return
    said = {"webhook_id": str(webhook.id), "reason": reason.value}
    others = select(Webhook.id).where(
        Webhook.enabled, Webhook.kinds.overlap([EVERYTHING, DISABLED])
    )
    for other in session.scalars(others).all():
        session.add(Delivery(webhook_id=other, kind=DISABLED, data=said))
    session.flush()


def valid_kinds(kinds: Sequence[str]) -> list[str]:
    """The kinds, each once, in the order of the vocabulary; `*` stands alone.

    Raises:
        WebhookEventUnknown: one of them is none, or there is none.
    """
    known = ", ".join(KINDS)
    for kind in kinds or [""]:
        if kind != EVERYTHING and kind not in KINDS:
            raise WebhookEventUnknown(kind=kind[:60], known=known)
    return [EVERYTHING] if EVERYTHING in kinds else [k for k in KINDS if k in kinds]


def _new_secret(session: TenantSession, vault: Vault, webhook_id: UUID, overlap: timedelta) -> str:
    secret = signing.new_secret()
    sealed = secrets.sealed(vault, webhook_id, secret)
    values = {"webhook_id": webhook_id, "secret": sealed, "overlap": overlap}
    session.execute(_ADD_SECRET, values)
    return secret
