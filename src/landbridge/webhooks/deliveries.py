"""Deliveries of the open client account, with their attempts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, tuple_

from landbridge.database.session import TenantSession
from landbridge.errors.common import NotFound
from landbridge.kit.pagination import (
    DEFAULT_LIMIT,
    InvalidCursor,
    Page,
    decode_cursor,
    encode_cursor,
)
from landbridge.webhooks import subscriptions
from landbridge.webhooks.models import Attempt, Delivery
from landbridge.webhooks.vocabulary import DeliveryStatus


@dataclass(frozen=True, slots=True)
class Told:
    """A delivery with its attempts, in order."""

    delivery: Delivery
    attempts: Sequence[Attempt]


def listed(
    session: TenantSession,
    webhook_id: UUID,
    *,
    status: DeliveryStatus | None = None,
    limit: int = DEFAULT_LIMIT,
    cursor: str | None = None,
) -> Page[Told]:
    """The deliveries of a subscription, newest first.

    Raises:
        NotFound: the open account has no such subscription.
        InvalidCursor: the cursor was made for another list.
    """
    subscriptions.get(session, webhook_id)
    query = select(Delivery).where(Delivery.webhook_id == webhook_id)
    if status is not None:
        query = query.where(Delivery.status == status.value)
    if cursor is not None:
        before = session.get(Delivery, (session.client_account_id, _id_in(cursor)))
        if before is None or before.webhook_id != webhook_id:
            raise InvalidCursor
        query = query.where(
            tuple_(Delivery.created_at, Delivery.id) < (before.created_at, before.id)
        )
    query = query.order_by(Delivery.created_at.desc(), Delivery.id.desc()).limit(limit + 1)
    found = list(session.scalars(query))
    following = encode_cursor([str(found[limit - 1].id)]) if len(found) > limit else None
    shown = found[:limit]
    attempts = _attempts(session, [d.id for d in shown])
    return Page([Told(d, attempts.get(d.id, ())) for d in shown], following)


def get(session: TenantSession, delivery_id: UUID) -> Told:
    """One delivery.

    Raises:
        NotFound: the open account has none of this id.
    """
    found = session.get(Delivery, (session.client_account_id, delivery_id), populate_existing=True)
    if found is None:
        raise NotFound
    return Told(found, _attempts(session, [delivery_id]).get(delivery_id, ()))


def counts(session: TenantSession) -> Mapping[UUID, Mapping[str, int]]:
    """Subscription → status → how many deliveries are kept."""
    query = select(Delivery.webhook_id, Delivery.status, func.count()).group_by(
        Delivery.webhook_id, Delivery.status
    )
    found: dict[UUID, dict[str, int]] = {}
    for webhook_id, status, count in session.execute(query):
        found.setdefault(webhook_id, {})[status] = count
    return found


def _attempts(session: TenantSession, ids: Sequence[UUID]) -> dict[UUID, list[Attempt]]:
    query = select(Attempt).where(Attempt.delivery_id.in_(ids)).order_by(Attempt.number)
    found: dict[UUID, list[Attempt]] = {}
    for attempt in session.scalars(query.execution_options(populate_existing=True)):
        found.setdefault(attempt.delivery_id, []).append(attempt)
    return found


def _id_in(cursor: str) -> UUID:
    (last,) = decode_cursor(cursor, 1)
    try:
        return UUID(last)
    except (TypeError, ValueError, AttributeError):
        raise InvalidCursor from None
