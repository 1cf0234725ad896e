"""`landbridge secrets`: the key that seals what the database must give back."""

from __future__ import annotations

from landbridge.cli.options import Json
from landbridge.cli.output import OK, console, print_json
from landbridge.cli.people import owner
from landbridge.identity import second_factor
from landbridge.kit.settings import settings
from landbridge.kit.vault import Vault
from landbridge.webhooks import secrets


def rotate(*, json: Json = False) -> int:
    """Seal every secret in the database with a new key; those before it still open old backups.

    Where LANDBRIDGE_SECRETS_KEY gives the keys, put the new one first on every machine, then run
    this: it seals everything with the first.

    Example: landbridge secrets rotate
    """
    acting, vault = owner(), Vault(settings())
    made = vault.add_key()
    sealed = second_factor.renew_seals(acting, vault) + secrets.renew_seals(acting, vault)
    if json:
        print_json({"new_key": made, "sealed": sealed})
    else:
        console().print(f"{sealed} secrets are sealed with the {'new' if made else 'first'} key.")
    return OK
