"""`landbridge webhooks change`, `rotate` and `remove`."""

from __future__ import annotations

from datetime import timedelta

from landbridge.cli.options import Json, OfAccount, WebhookId
from landbridge.cli.output import OK, print_json
from landbridge.cli.people import say
from landbridge.cli.webhooks import opened, row, show_secret
from landbridge.identity.permissions import Action
from landbridge.kit.settings import settings
from landbridge.kit.vault import Vault
from landbridge.webhooks import subscriptions, views


def change(
    webhook_id: WebhookId,
    /,
    *,
    client_account: OfAccount,
    url: str | None = None,
    event: list[str] | None = None,
    description: str | None = None,
    enabled: bool | None = None,
    json: Json = False,
) -> int:
    """Change a webhook, or switch it on or off. What is not given stays.

    Example: landbridge webhooks change $ID --client-account Acme --enabled

    Parameters
    ----------
    url
        Another address.
    event
        The kinds of events instead of those so far; may be repeated.
    description
        What it is for.
    enabled
        Switch it on; --no-enabled switches it off and drops what was still to be sent.
    """
    with opened(client_account, Action.MANAGE_WEBHOOKS) as session:
        changed = subscriptions.change(
            session,
            webhook_id,
            url=url,
            kinds=event,
            description=description,
            enabled=enabled,
            allowed=settings().webhook_networks,
        )
        done = row(views.shown(changed))
    return say(done, f"It is switched {'on' if done['enabled'] else 'off'}.", json=json)


def remove(webhook_id: WebhookId, /, *, client_account: OfAccount, json: Json = False) -> int:
    """Remove a webhook with its secrets and deliveries.

    Example: landbridge webhooks remove $ID --client-account Acme
    """
    with opened(client_account, Action.MANAGE_WEBHOOKS) as session:
        subscriptions.remove(session, webhook_id)
    return say({"id": str(webhook_id), "removed": True}, "Removed.", json=json)


def rotate(
    webhook_id: WebhookId,
    /,
    *,
    client_account: OfAccount,
    overlap_hours: float = 24,
    json: Json = False,
) -> int:
    """Give a webhook a new secret; it is shown this once.

    Example: landbridge webhooks rotate $ID --client-account Acme

    Parameters
    ----------
    overlap_hours
        Hours in which messages are signed with the old secret too; 0 to 168.
    """
    overlap = timedelta(hours=min(max(overlap_hours, 0), 168))
    with opened(client_account, Action.MANAGE_WEBHOOKS) as session:
        secret = subscriptions.rotate(session, webhook_id, overlap, vault=Vault(settings()))
    if json:
        print_json({"id": str(webhook_id), "secret": secret})
        return OK
    return show_secret(secret)
