"""What became of the messages of webhooks; tests, and messages that are sent again."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from landbridge.api.routes.webhooks import PREFIX, Managing, Seeing
from landbridge.api.schemas import PAGE, Cursor, Limit, PageOf, problems
from landbridge.kit.pagination import InvalidCursor
from landbridge.webhooks import again, deliveries, views
from landbridge.webhooks.errors import WebhookSwitchedOff
from landbridge.webhooks.views import DeliveryView
from landbridge.webhooks.vocabulary import DeliveryStatus

router = APIRouter(prefix=PREFIX, tags=["webhooks"])


@router.post(
    "/webhooks/{webhook_id}/test",
    summary="Send a test message",
    status_code=202,
    responses=problems(WebhookSwitchedOff),
)
def test_webhook(context: Managing, webhook_id: UUID) -> DeliveryView:
    """A worker sends it as any other; ask for the delivery to see what became of it."""
    return views.delivery(again.send_test(context.session, webhook_id))


@router.get(
    "/webhooks/{webhook_id}/deliveries",
    summary="The deliveries of a webhook",
    responses=problems(InvalidCursor),
)
def list_deliveries(
    context: Seeing,
    webhook_id: UUID,
    status: DeliveryStatus | None = None,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> PageOf[DeliveryView]:
    """Newest first, kept for 30 days after they ended."""
    page = deliveries.listed(context.session, webhook_id, status=status, limit=limit, cursor=cursor)
    return PageOf(items=[views.delivery(told) for told in page.items], next=page.next)


@router.get("/webhook-deliveries/{delivery_id}", summary="One delivery", responses=problems())
def show_delivery(context: Seeing, delivery_id: UUID) -> DeliveryView:
    """With every attempt."""
    return views.delivery(deliveries.get(context.session, delivery_id))


@router.post(
    "/webhook-deliveries/{delivery_id}/redeliver",
    summary="Send a message again",
    status_code=202,
    responses=problems(WebhookSwitchedOff),
)
def redeliver(context: Managing, delivery_id: UUID) -> DeliveryView:
    """With the same id, so that a receiver that has it already can tell."""
    return views.delivery(again.send_again(context.session, delivery_id))
