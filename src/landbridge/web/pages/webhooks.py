"""Webhooks of a client account: the list, and one with what became of its messages."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from landbridge.errors.catalogue import LandbridgeError
from landbridge.flows.leases import live_executors
from landbridge.kit.clock import now
from landbridge.web.context import AccountPage, ManageWebhooks, SeeWebhooks
from landbridge.web.failures import beside
from landbridge.webhooks import again, deliveries, subscriptions, views
from landbridge.webhooks.errors import (
    WebhookAddressRefused,
    WebhookEventUnknown,
    WebhookLimitReached,
    WebhookSwitchedOff,
    WebhookUrlInvalid,
)
from landbridge.webhooks.views import DeliveryView
from landbridge.webhooks.vocabulary import EVERYTHING, KINDS, DeliveryStatus

router = APIRouter(prefix="/accounts/{client_account_id}/webhooks", include_in_schema=False)

SHOWN = 30
SOON = timedelta(minutes=1)
OVERLAP = timedelta(hours=24)

Url = Annotated[str, Form(max_length=4000)]
Short = Annotated[str, Form(max_length=200)]
Kinds = Annotated[list[str] | None, Form()]


@router.get("")
def list_webhooks(page: SeeWebhooks) -> Response:
    """Every webhook of the account, and the form for one more."""
    return _list(page)


@router.post("")
def add_webhook(
    page: ManageWebhooks, url: Url = "", description: Short = "", kinds: Kinds = None
) -> Response:
    """Add a webhook and show its secret, this once."""
    typed = {"url": url, "description": description, "kinds": kinds or []}
    services = page.context.services
    try:
        made, secret = subscriptions.add(
            page.session,
            url.strip(),
            kinds or [],
            description,
            vault=services.vault,
            allowed=services.settings.webhook_networks,
        )
    except (WebhookUrlInvalid, WebhookAddressRefused) as error:
        beside(error)
        return _list(page, typed, {"url": f"{error.detail} {error.advice}"})
    except WebhookEventUnknown as error:
        beside(error)
        return _list(page, typed, {"kinds": "Choose at least one kind of event."})
    except WebhookLimitReached as error:
        beside(error)
        return _list(page, typed, {"url": error.detail})
    return _one(page, made.id, secret=secret)


@router.get("/{webhook_id}")
def show_webhook(
    page: SeeWebhooks, webhook_id: UUID, status: str = "", cursor: str | None = None
) -> Response:
    """One webhook and its deliveries."""
    wanted = DeliveryStatus(status) if status in set(DeliveryStatus) else None
    return _one(page, webhook_id, status=wanted, cursor=cursor or None)


@router.post("/{webhook_id}/enabled")
def switch_webhook(page: ManageWebhooks, webhook_id: UUID, value: Short = "on") -> Response:
    """Switch it on or off."""
    subscriptions.change(page.session, webhook_id, enabled=value == "on")
    return _back(page, webhook_id)


@router.post("/{webhook_id}/test")
def test_webhook(page: ManageWebhooks, webhook_id: UUID) -> Response:
    """Have a test message sent."""
    try:
        again.send_test(page.session, webhook_id)
    except WebhookSwitchedOff as error:
        return _one(page, webhook_id, refusal=beside(error))
    return _back(page, webhook_id)


@router.post("/{webhook_id}/secret")
def rotate_secret(page: ManageWebhooks, webhook_id: UUID) -> Response:
    """A new secret, shown this once; the old one is valid for another day."""
    vault = page.context.services.vault
    secret = subscriptions.rotate(page.session, webhook_id, OVERLAP, vault=vault)
    return _one(page, webhook_id, secret=secret, rotated=True)


@router.post("/{webhook_id}/remove")
def remove_webhook(page: ManageWebhooks, webhook_id: UUID) -> Response:
    """Remove it with its deliveries."""
    subscriptions.remove(page.session, webhook_id)
    return RedirectResponse(page.place.url("webhooks"), status_code=303)


@router.post("/deliveries/{delivery_id}")
def send_again(page: ManageWebhooks, delivery_id: UUID) -> Response:
    """Send a message again, with the same id."""
    webhook_id = deliveries.get(page.session, delivery_id).delivery.webhook_id
    try:
        again.send_again(page.session, delivery_id)
    except WebhookSwitchedOff as error:
        return _one(page, webhook_id, refusal=beside(error))
    return _back(page, webhook_id)


def _back(page: AccountPage, webhook_id: UUID) -> Response:
    return RedirectResponse(page.place.url(f"webhooks/{webhook_id}"), status_code=303)


def _list(
    page: AccountPage,
    typed: dict[str, Any] | None = None,
    mistakes: dict[str, str] | None = None,
) -> Response:
    answer = page.show(
        "pages/webhooks.html",
        ("Webhooks", page.place.url("webhooks")),
        webhooks=[views.shown(w) for w in subscriptions.listed(page.session)],
        counts=deliveries.counts(page.session),
        kinds=KINDS,
        everything=EVERYTHING,
        typed=typed or {"url": "", "description": "", "kinds": []},
        mistakes=mistakes or {},
    )
    if mistakes:
        answer.status_code = 422
    return answer


def _one(
    page: AccountPage,
    webhook_id: UUID,
    *,
    status: DeliveryStatus | None = None,
    cursor: str | None = None,
    secret: str | None = None,
    rotated: bool = False,
    refusal: LandbridgeError | None = None,
) -> Response:
    webhook = views.shown(subscriptions.get(page.session, webhook_id))
    found = deliveries.listed(page.session, webhook_id, status=status, limit=SHOWN, cursor=cursor)
    shown = [views.delivery(told) for told in found.items]
    moving = any(_moves(d) for d in shown)
    answer = page.show(
        "pages/webhook.html",
        ("Webhooks", page.place.url("webhooks")),
        (webhook.description or webhook.url, page.place.url(f"webhooks/{webhook_id}")),
        webhook=webhook,
        kinds=KINDS,
        deliveries=shown,
        following=found.next,
        continued=cursor is not None,
        wanted=status.value if status else "",
        statuses=list(DeliveryStatus),
        secret=secret,
        rotated=rotated,
        moving=moving,
        needs_worker=moving and not live_executors(page.context.services.databases.app),
        refusal=refusal.problem(trace_id=page.request.state.trace_id) if refusal else None,
    )
    if refusal:
        answer.status_code = refusal.status
    return answer


def _moves(delivery: DeliveryView) -> bool:
    """Whether it is worth looking at this delivery again in a moment."""
    return delivery.next_attempt_at is not None and delivery.next_attempt_at < now() + SOON
