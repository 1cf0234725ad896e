"""Webhooks of a client account: who is told of what."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from landbridge.api.auth import AccountContext, in_account
from landbridge.api.bodies import Number, Sent, Truth
from landbridge.api.idempotency import Key, fingerprint, once_with_secret
from landbridge.api.schemas import PageOf, problems
from landbridge.api.secret_errors import WebhookMadeBefore
from landbridge.identity.permissions import Action
from landbridge.webhooks import subscriptions, views
from landbridge.webhooks.errors import (
    WebhookAddressRefused,
    WebhookEventUnknown,
    WebhookLimitReached,
    WebhookUrlInvalid,
)
from landbridge.webhooks.targets import LONGEST, URL_PATTERN
from landbridge.webhooks.views import NewWebhookView, WebhookView
from landbridge.webhooks.vocabulary import EVERYTHING, KINDS

PREFIX = "/api/v1/client-accounts/{client_account_id}"
router = APIRouter(prefix=PREFIX, tags=["webhooks"])

Seeing = Annotated[AccountContext, Depends(in_account(Action.VIEW_WEBHOOKS), scope="function")]
Managing = Annotated[AccountContext, Depends(in_account(Action.MANAGE_WEBHOOKS), scope="function")]

REFUSALS = (WebhookUrlInvalid, WebhookAddressRefused, WebhookEventUnknown)
LONGEST_OVERLAP_HOURS = 168

Address = Annotated[
    str,
    Field(
        max_length=LONGEST,
        description="An https address. Plain http is taken where the operator allows networks.",
        json_schema_extra={"format": "uri", "pattern": URL_PATTERN},
    ),
]
Kind = Annotated[str, Field(json_schema_extra={"enum": [EVERYTHING, *KINDS]})]


class NewWebhook(Sent):
    """What a webhook is made from."""

    url: Address
    kinds: list[Kind] = Field(min_length=1, max_length=50, description="`*` for all.")
    description: str = Field(default="", max_length=200)


class ChangedWebhook(Sent):
    """What to change; what is left out stays."""

    url: Address | None = None
    kinds: list[Kind] | None = Field(default=None, min_length=1, max_length=50)
    description: str | None = Field(default=None, max_length=200)
    enabled: Truth | None = None


class Rotation(Sent):
    """How long the old secret stays valid beside the new one."""

    overlap_hours: Number = Field(default=24, ge=0, le=LONGEST_OVERLAP_HOURS)


class NewSecret(BaseModel):
    """A secret, shown this once."""

    secret: str


@router.get("/webhooks", summary="The webhooks of a client account", responses=problems())
def list_webhooks(context: Seeing) -> PageOf[WebhookView]:
    """Oldest first; never their secrets."""
    return PageOf(items=[views.shown(w) for w in subscriptions.listed(context.session)])


@router.post(
    "/webhooks",
    summary="Add a webhook",
    status_code=201,
    response_model=NewWebhookView,
    responses=problems(*REFUSALS, WebhookLimitReached, WebhookMadeBefore),
)
def add_webhook(context: Managing, body: NewWebhook, key: Key) -> Response:
    """The answer holds the secret, which is not told again: a repeat with the same Idempotency-Key
    is refused, and names the webhook that was added.
    """
    services = context.services

    def add() -> tuple[UUID, NewWebhookView]:
        webhook, secret = subscriptions.add(
            context.session,
            body.url,
            body.kinds,
            body.description,
            vault=services.vault,
            allowed=services.settings.webhook_networks,
        )
        return webhook.id, views.shown_new(webhook, secret)

    asked = fingerprint(body.model_dump_json())
    return once_with_secret(
        context, key, "add_webhook", asked, add, lambda made: WebhookMadeBefore(webhook_id=made)
    )


@router.get("/webhooks/{webhook_id}", summary="One webhook", responses=problems())
def show_webhook(context: Seeing, webhook_id: UUID) -> WebhookView:
    """Never its secret."""
    return views.shown(subscriptions.get(context.session, webhook_id))


@router.patch("/webhooks/{webhook_id}", summary="Change a webhook", responses=problems(*REFUSALS))
def change_webhook(context: Managing, webhook_id: UUID, body: ChangedWebhook) -> WebhookView:
    """Switching it off drops what was still to be sent."""
    allowed = context.services.settings.webhook_networks
    changes = body.model_dump(exclude_unset=True)
    return views.shown(
        subscriptions.change(context.session, webhook_id, allowed=allowed, **changes)
    )


@router.delete(
    "/webhooks/{webhook_id}", summary="Remove a webhook", status_code=204, responses=problems()
)
def remove_webhook(context: Managing, webhook_id: UUID) -> Response:
    """Its secrets and deliveries go with it."""
    subscriptions.remove(context.session, webhook_id)
    return Response(status_code=204)


@router.post(
    "/webhooks/{webhook_id}/secret", summary="Give a webhook a new secret", responses=problems()
)
def rotate_secret(context: Managing, webhook_id: UUID, body: Rotation | None = None) -> NewSecret:
    """Until the overlap has passed, messages carry a signature with each of the two."""
    overlap = timedelta(hours=(body or Rotation()).overlap_hours)
    vault = context.services.vault
    return NewSecret(secret=subscriptions.rotate(context.session, webhook_id, overlap, vault=vault))
