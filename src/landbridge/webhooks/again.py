"""Messages that somebody asks for: a test, and one that is sent again."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from landbridge.database.session import TenantSession
from landbridge.errors.common import NotFound
from landbridge.kit.ids import new_id
from landbridge.webhooks import subscriptions
from landbridge.webhooks.deliveries import Told, get
from landbridge.webhooks.errors import WebhookSwitchedOff
from landbridge.webhooks.models import Delivery
from landbridge.webhooks.vocabulary import TEST, DeliveryStatus


def send_test(session: TenantSession, webhook_id: UUID) -> Told:
    """Have a worker send a test message, whatever the subscription's kinds are.

    Raises:
        NotFound: the open account has no such subscription.
        WebhookSwitchedOff: it gets nothing.
    """
    if not subscriptions.locked(session, webhook_id).enabled:
        raise WebhookSwitchedOff
    said = {"webhook_id": str(webhook_id), "message": "This is a test."}
    delivery = Delivery(id=new_id(), webhook_id=webhook_id, kind=TEST, data=said)
    session.add(delivery)
    session.flush()
    session.refresh(delivery)
    return Told(delivery, ())


def send_again(session: TenantSession, delivery_id: UUID) -> Told:
    """Have a worker send a message again, with the same id, as if it were new.

    Raises:
        NotFound: the open account has no such delivery.
        WebhookSwitchedOff: its subscription gets nothing.
    """
    query = select(Delivery).where(Delivery.id == delivery_id).with_for_update()
    delivery = session.scalar(query)
    if delivery is None:
        raise NotFound
    if not subscriptions.get(session, delivery.webhook_id).enabled:
        raise WebhookSwitchedOff
    delivery.status = DeliveryStatus.PENDING.value
    delivery.tries = 0
    delivery.finished_at = None
    delivery.next_attempt_at = func.clock_timestamp()
    session.flush()
    return get(session, delivery_id)
