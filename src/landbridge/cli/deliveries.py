"""`landbridge webhooks test`, `deliveries` and `redeliver`: what became of messages."""

from __future__ import annotations

import threading
import time
from typing import Any, Final
from uuid import UUID

from landbridge.cli.context import databases
from landbridge.cli.options import Json, OfAccount, WebhookId
from landbridge.cli.output import FOUND_WRONG, OK, console, notices, print_json
from landbridge.cli.people import say, show_list
from landbridge.cli.webhooks import opened
from landbridge.flows.leases import live_executors
from landbridge.identity.permissions import Action
from landbridge.webhooks import again, deliveries, views
from landbridge.webhooks.views import DeliveryView
from landbridge.webhooks.vocabulary import DeliveryStatus

LOOK_SECONDS: Final = 0.3


def send_test(
    webhook_id: WebhookId, /, *, client_account: OfAccount, seconds: float = 30, json: Json = False
) -> int:
    """Have a worker send a test message, and wait for the first attempt.

    Example: landbridge webhooks test $ID --client-account Acme

    Parameters
    ----------
    seconds
        How long to wait for the attempt.
    """
    with opened(client_account, Action.MANAGE_WEBHOOKS) as session:
        told = views.delivery(again.send_test(session, webhook_id))
    if not live_executors(databases().app):
        notices().print("No worker is alive to send it: start 'landbridge worker' or 'serve'.")
    told = _first_attempt(client_account, told, seconds)
    if json:
        print_json(_row(told))
    else:
        console().print(_sentence(told))
    return OK if told.status == DeliveryStatus.DELIVERED else FOUND_WRONG


def list_deliveries(
    webhook_id: WebhookId,
    /,
    *,
    client_account: OfAccount,
    status: DeliveryStatus | None = None,
    limit: int = 50,
    json: Json = False,
) -> int:
    """List the deliveries of a webhook, newest first, with their attempts.

    Example: landbridge webhooks deliveries $ID --client-account Acme --status failed

    Parameters
    ----------
    status
        Only these: pending, delivered, failed or dropped.
    limit
        At most so many.
    """
    with opened(client_account, Action.VIEW_WEBHOOKS) as session:
        page = deliveries.listed(session, webhook_id, status=status, limit=max(1, limit))
        found = [views.delivery(told) for told in page.items]
    rows = [
        _row(d)
        if json
        else {
            "id": d.id,
            "kind": d.kind,
            "status": d.status,
            "attempts": len(d.attempts),
            "last": _answer(d),
            "created_at": f"{d.created_at:%Y-%m-%d %H:%M:%S}",
        }
        for d in found
    ]
    columns = ("id", "kind", "status", "attempts", "last", "created_at")
    return show_list("deliveries", rows, columns, json=json)


def redeliver(delivery_id: UUID, /, *, client_account: OfAccount, json: Json = False) -> int:
    """Send a message again, with the same id.

    Example: landbridge webhooks redeliver $ID --client-account Acme

    Parameters
    ----------
    delivery_id
        The delivery, as 'webhooks deliveries' shows it.
    """
    with opened(client_account, Action.MANAGE_WEBHOOKS) as session:
        told = views.delivery(again.send_again(session, delivery_id))
    return say(_row(told), "A worker sends it again.", json=json)


def _first_attempt(client_account: str, told: DeliveryView, seconds: float) -> DeliveryView:
    deadline, never = time.monotonic() + seconds, threading.Event()
    while time.monotonic() < deadline:
        if told.attempts and told.attempts[0].finished_at is not None:
            break
        never.wait(LOOK_SECONDS)
        with opened(client_account, Action.VIEW_WEBHOOKS) as session:
            told = views.delivery(deliveries.get(session, told.id))
    return told


def _sentence(told: DeliveryView) -> str:
    if told.status == DeliveryStatus.DELIVERED:
        return f"Delivered: the receiver answered {told.attempts[-1].status_code}."
    if told.attempts and told.attempts[-1].error:
        error = told.attempts[-1].error
        return f"Not delivered: {error['detail']} {error['remedy']} It is tried again."
    return "Not sent yet."


def _answer(told: DeliveryView) -> str:
    if not told.attempts:
        return "–"
    last = told.attempts[-1]
    return str(last.status_code or (last.error or {}).get("code", "under way"))


def _row(told: DeliveryView) -> dict[str, Any]:
    return told.model_dump(mode="json")
