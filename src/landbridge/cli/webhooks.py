"""`landbridge webhooks`: who is told of what happens to flows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from landbridge.cli.context import databases
from landbridge.cli.options import Json, OfAccount
from landbridge.cli.output import OK, console, notices, print_json
from landbridge.cli.people import access, show_list
from landbridge.database.session import TenantSession
from landbridge.identity.permissions import Action, require
from landbridge.kit.settings import settings
from landbridge.kit.vault import Vault
from landbridge.webhooks import subscriptions, views


def list_webhooks(*, client_account: OfAccount, json: Json = False) -> int:
    """List the webhooks of a client account; never their secrets.

    Example: landbridge webhooks list --client-account Acme
    """
    with opened(client_account, Action.VIEW_WEBHOOKS) as session:
        rows = [row(views.shown(w)) for w in subscriptions.listed(session)]
    return show_list(
        "webhooks", rows, ("id", "url", "kinds", "enabled", "disabled_reason"), json=json
    )


def add(
    url: str,
    /,
    *,
    client_account: OfAccount,
    event: list[str],
    description: str = "",
    json: Json = False,
) -> int:
    """Add a webhook. Its secret is shown this once.

    Example: landbridge webhooks add https://example.com/hook --client-account Acme --event '*'

    Parameters
    ----------
    url
        An https address that takes POST requests.
    event
        A kind of event such as flow.completed; may be repeated; '*' for all.
    description
        What it is for.
    """
    with opened(client_account, Action.MANAGE_WEBHOOKS) as session:
        webhook, secret = subscriptions.add(
            session,
            url,
            event,
            description,
            vault=Vault(settings()),
            allowed=settings().webhook_networks,
        )
        made = views.shown_new(webhook, secret)
    if json:
        print_json(made.model_dump(mode="json"))
        return OK
    console().print(f"Added {made.id}.")
    return show_secret(secret)


@contextmanager
def opened(client_account: str, action: Action) -> Iterator[TenantSession]:
    """The account, open for somebody who may do this."""
    with databases().app.open(access(client_account)) as session:
        require(session, action)
        yield session


def row(webhook: views.WebhookView) -> dict[str, Any]:
    """A webhook as JSON."""
    return webhook.model_dump(mode="json")


def show_secret(secret: str) -> int:
    """Print a secret, the only time."""
    console().print(secret, soft_wrap=True)
    notices().print("Keep the secret now: it is not shown again.")
    return OK
