"""`landbridge api-keys`: keys of programs."""

from __future__ import annotations

from datetime import timedelta

from landbridge.cli.context import databases
from landbridge.cli.options import Json, OfAccount
from landbridge.cli.output import OK, console, notices, print_json
from landbridge.cli.people import access, say, show_list
from landbridge.identity import api_keys
from landbridge.identity.permissions import role_of
from landbridge.kit.clock import now


def create_api_key(
    *,
    client_account: str,
    role: str = "viewer",
    label: str = "",
    days: int | None = None,
    json: Json = False,
) -> int:
    """Create an API key for a program. The key is shown this once.

    Example: landbridge api-keys create --client-account Acme --role analyst --label nightly

    Parameters
    ----------
    client_account
        The only client account the key opens, by name.
    role
        What the key may do: viewer, analyst, approver or admin.
    label
        What the key is for.
    days
        Days after which it ends; never when left out.
    """
    chosen = role_of(role)
    ends = now() + timedelta(days=days) if days is not None else None
    with databases().app.open(access(client_account)) as session:
        secret = api_keys.create(session, chosen, label or "API key", ends)
    done = {"id": secret.public_id, "key": secret.text, "role": chosen.value}
    if json:
        print_json(done)
        return OK
    console().print(secret.text, soft_wrap=True)
    notices().print("Keep it now: it is not shown again.")
    return OK


def list_api_keys(*, client_account: OfAccount, json: Json = False) -> int:
    """List the API keys that can open a client account; never their secrets.

    Example: landbridge api-keys list --client-account Acme
    """
    with databases().app.open(access(client_account)) as session:
        found = api_keys.keys(session)
    rows = [
        {
            "id": key.id,
            "label": key.label,
            "user": key.email,
            "role": key.role,
            "created_at": key.created_at.isoformat(),
            "expires_at": key.expires_at.isoformat() if key.expires_at else None,
        }
        for key in found
    ]
    return show_list("api_keys", rows, ("id", "label", "user", "role", "expires_at"), json=json)


def revoke_api_key(key_id: str, /, *, client_account: OfAccount, json: Json = False) -> int:
    """End an API key at once.

    Example: landbridge api-keys revoke 4f9k2m7xq1 --client-account Acme

    Parameters
    ----------
    key_id
        The id of the key, as 'api-keys list' shows it.
    """
    with databases().app.open(access(client_account)) as session:
        api_keys.revoke(session, key_id)
    return say({"id": key_id, "revoked": True}, "Revoked.", json=json)
