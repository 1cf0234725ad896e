"""How webhooks are shown: one shape for the API, the command line and the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from landbridge.webhooks.deliveries import Told
from landbridge.webhooks.models import Webhook


class WebhookView(BaseModel):
    """A subscription; its secret is never shown again."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    url: str
    description: str
    kinds: list[str] = Field(description="Kinds of events; `*` for all.")
    enabled: bool
    disabled_reason: str | None = Field(description="switched_off, gone or failing.")
    disabled_at: datetime | None
    failing_since: datetime | None = Field(description="Null after every success.")
    created_at: datetime


class NewWebhookView(WebhookView):
    """A subscription that was just made."""

    secret: str = Field(description="What messages are signed with; shown this once.")


class AttemptView(BaseModel):
    """One request."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    started_at: datetime
    finished_at: datetime | None
    status_code: int | None
    response: str | None = Field(description="The beginning of the answer's body.")
    error: dict[str, Any] | None = Field(description="Why it was not delivered: a problem.")


class DeliveryView(BaseModel):
    """One message to one subscription, and its attempts."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID = Field(description="The message's `webhook-id`.")
    webhook_id: UUID
    kind: str
    flow_id: UUID | None
    seq: int | None = Field(description="The event's number in its flow.")
    status: str = Field(description="pending, delivered, failed or dropped.")
    next_attempt_at: datetime | None
    created_at: datetime
    finished_at: datetime | None
    attempts: list[AttemptView]


def shown(webhook: Webhook) -> WebhookView:
    """A subscription as it is shown."""
    return WebhookView.model_validate(webhook)


def shown_new(webhook: Webhook, secret: str) -> NewWebhookView:
    """A subscription as it is shown once."""
    return NewWebhookView(**shown(webhook).model_dump(), secret=secret)


def delivery(told: Told) -> DeliveryView:
    """A delivery with its attempts as it is shown."""
    fields = {
        name: getattr(told.delivery, name)
        for name in DeliveryView.model_fields
        if name != "attempts"
    }
    return DeliveryView(**fields, attempts=[AttemptView.model_validate(a) for a in told.attempts])
