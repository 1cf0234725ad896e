"""Attempts in the database: begun before the request, ended after it, each in a transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select, text, update

from landbridge.database.session import (
    DeliveryAccess,
    SessionDoor,
    TenantSession,
    once_committed,
)
from landbridge.errors.catalogue import LandbridgeError
from landbridge.flows.models import Flow, FlowEvent
from landbridge.kit import metrics
from landbridge.kit.tracing import current_trace_id
from landbridge.occurrences.noting import note_at_commit
from landbridge.occurrences.occurrence import Occurrence
from landbridge.webhooks import payload, retries, subscriptions
from landbridge.webhooks.models import Attempt, Delivery, Webhook
from landbridge.webhooks.sending.errors import WebhookGone, WebhookInterrupted
from landbridge.webhooks.sending.transport import Outcome
from landbridge.webhooks.vocabulary import DeliveryStatus, DisabledReason

LEASE: Final = timedelta(seconds=60)
DISABLE_AFTER: Final = timedelta(days=3)
KEEP: Final = timedelta(days=30)

_CLAIM = text("select * from app.claim_webhook_deliveries(:wanted, :lease)")
_SECRETS = text("select secret from app.webhook_secrets(:webhook_id)")


@dataclass(frozen=True, slots=True)
class Message:
    """A message that is about to be sent.

    Attributes:
        id: of the delivery, and so of the message.
        number: of the attempt.
        secrets: what it is signed with, as they are stored.
        trace_id: of whoever made the event that it tells of.
    """

    id: UUID
    webhook_id: UUID
    number: int
    url: str
    body: bytes
    secrets: tuple[str, ...]
    trace_id: str


def claim(door: SessionDoor, wanted: int) -> list[DeliveryAccess]:
    """Deliveries that are due, leased to the caller for a minute: whoever has not ended the
    attempt by then, another does it again.
    """
    with door.anonymous() as connection:
        rows = connection.execute(_CLAIM, {"wanted": wanted, "lease": LEASE})
        return [DeliveryAccess(r.client_account_id, r.delivery_id) for r in rows]


def begin(session: TenantSession, delivery_id: UUID, base_url: str) -> Message | None:
    """Begin an attempt and say what to send; None when there is nothing to send any more."""
    delivery = _locked(session, delivery_id)
    if delivery is None or delivery.status != DeliveryStatus.PENDING:
        return None
    webhook = session.get_one(Webhook, (delivery.client_account_id, delivery.webhook_id))
    event = _event(session, delivery)
    flow = session.get_one(Flow, (session.client_account_id, event.flow_id)) if event else None
    trace_id = (event and event.trace_id) or (flow and flow.trace_id) or current_trace_id()
    broken = WebhookInterrupted()
    for number in session.scalars(
        update(Attempt)
        .where(Attempt.delivery_id == delivery_id, Attempt.finished_at.is_(None))
        .values(finished_at=func.now(), error=broken.problem(trace_id=trace_id))
        .returning(Attempt.number)
        .execution_options(synchronize_session=False)
    ).all():
        _record(session, delivery, broken, number, trace_id)
    if delivery.tries > len(retries.PAUSES):  # each of its workers died
        _end(session, delivery, DeliveryStatus.FAILED)
        return None
    delivery.attempts += 1
    delivery.tries += 1
    session.add(Attempt(delivery_id=delivery_id, number=delivery.attempts))
    secrets = session.execute(_SECRETS, {"webhook_id": webhook.id}).scalars()
    if event is None or flow is None:
        body = payload.without_flow(delivery)
    else:
        body = payload.of_event(delivery, flow, event, base_url)
    told = tuple(secrets)
    number, url = delivery.attempts, webhook.url
    return Message(delivery_id, webhook.id, number, url, body, told, trace_id)


def finish(session: TenantSession, message: Message, outcome: Outcome) -> None:
    """Record how an attempt ended, and decide what comes next.

    An attempt that another worker has overtaken is recorded, and decides nothing.
    """
    ended = _moment(session)
    code = outcome.error.code.lower() if outcome.error else "delivered"
    once_committed(session, partial(metrics.count_webhook, code))
    session.execute(
        update(Attempt)
        .where(Attempt.delivery_id == message.id, Attempt.number == message.number)
        .values(
            finished_at=ended,
            status_code=outcome.status_code,
            response=outcome.response,
            error=outcome.error.problem(trace_id=message.trace_id) if outcome.error else None,
        )
        .execution_options(synchronize_session=False)
    )
    delivery = _locked(session, message.id)
    if delivery is None or delivery.status != DeliveryStatus.PENDING:
        return
    if delivery.attempts != message.number:
        return
    webhook = subscriptions.locked(session, delivery.webhook_id)
    if outcome.error is None:
        webhook.failing_since = None
        _end(session, delivery, DeliveryStatus.DELIVERED)
    else:
        webhook.failing_since = webhook.failing_since or ended
        delivery.next_attempt_at = retries.next_attempt(delivery.tries, ended, outcome.wish)
        if delivery.next_attempt_at is None or isinstance(outcome.error, WebhookGone):
            _end(session, delivery, DeliveryStatus.FAILED)
        _judge(session, webhook, outcome.error)
        _record(session, delivery, outcome.error, message.number, message.trace_id)
    _forget_old(session, delivery.webhook_id)


def _moment(session: TenantSession) -> datetime:
    """When this transaction began, by the clock that claims and leases of messages go by."""
    return session.execute(select(func.now())).scalar_one()


def _judge(session: TenantSession, webhook: Webhook, error: LandbridgeError) -> None:
    """Switch a subscription off whose receiver is gone, or has failed for days."""
    if isinstance(error, WebhookGone):
        subscriptions.disable(session, webhook, DisabledReason.GONE)
    elif webhook.failing_since and _moment(session) - webhook.failing_since >= DISABLE_AFTER:
        subscriptions.disable(session, webhook, DisabledReason.FAILING)


def _end(session: TenantSession, delivery: Delivery, status: DeliveryStatus) -> None:
    delivery.status = status.value
    delivery.next_attempt_at = None
    delivery.finished_at = _moment(session)


def _event(session: TenantSession, delivery: Delivery) -> FlowEvent | None:
    if delivery.flow_id is None:
        return None
    return session.get_one(FlowEvent, (session.client_account_id, delivery.flow_id, delivery.seq))


def _record(
    session: TenantSession, delivery: Delivery, error: LandbridgeError, number: int, trace_id: str
) -> None:
    """Record an attempt that failed."""
    again = delivery.next_attempt_at is not None
    occurrence = Occurrence.of(
        error,
        "webhook delivery",
        trace_id=trace_id,
        client_account_id=session.client_account_id,
        flow_id=delivery.flow_id,
        delivery_id=delivery.id,
        attempt=number,
        action="to be sent again" if again else "given up",
    )
    note_at_commit(session, occurrence)


def _locked(session: TenantSession, delivery_id: UUID) -> Delivery | None:
    return session.scalar(select(Delivery).where(Delivery.id == delivery_id).with_for_update())


def _forget_old(session: TenantSession, webhook_id: UUID) -> None:
    session.execute(
        delete(Delivery)
        .where(
            Delivery.webhook_id == webhook_id,
            Delivery.created_at < func.now() - KEEP,
            Delivery.status != DeliveryStatus.PENDING.value,
        )
        .execution_options(synchronize_session=False)
    )
