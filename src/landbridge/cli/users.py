"""`landbridge users` and `sign-in`: people, as the operator lets them in."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

from landbridge.cli.context import databases
from landbridge.cli.options import Json, OfAccount, Role
from landbridge.cli.output import OK, console, print_json
from landbridge.cli.people import owner, public_url, say
from landbridge.identity import client_accounts, federated, keys, local, set_up, users
from landbridge.identity.errors import AlreadySetUp
from landbridge.identity.oidc_errors import OidcNotConfigured
from landbridge.identity.oidc_provider import Provider
from landbridge.identity.permissions import role_of
from landbridge.kit.settings import settings


def add_user(
    email: str,
    /,
    *,
    client_account: OfAccount,
    role: Role = "viewer",
    name: str | None = None,
    may_create_accounts: bool = False,
    json: Json = False,
) -> int:
    """Make somebody a member of a client account, or change the role.

    Example: landbridge users add ada@example.com --client-account Acme --role approver

    Parameters
    ----------
    email
        How the user is known.
    name
        How the user is shown to others.
    may_create_accounts
        Also let the user make client accounts of their own.
    """
    acting, chosen = owner(), role_of(role)
    account = client_accounts.find_client_account(acting, client_account)
    user = users.ensure_user(acting, email, name)
    users.set_membership(acting, user, account, chosen)
    if may_create_accounts:
        users.allow_accounts(acting, user)
    done = {"user_id": str(user), "email": email, "role": chosen.value}
    return say(done, f"{email} is {chosen} of {client_account}.", json=json)


def sign_in_link(
    *,
    user: str | None = None,
    url: str | None = None,
    days: int = 1,
    json: Json = False,
) -> int:
    """Print a link that signs a browser in.

    Example: landbridge sign-in link --user ada@example.com

    Parameters
    ----------
    user
        The e-mail address of a user; this machine's local user when left out.
    url
        Where people reach the web UI; LANDBRIDGE_PUBLIC_URL, or this machine when left out.
    days
        Days after which the link ends.
    """
    if user is None:
        known: UUID = local.local_user(databases(), settings().data_dir)
    else:
        known = users.find_user(owner(), user)
    secret = keys.create_sign_in_link(owner(), known, lifetime=timedelta(days=days))
    return _show_link("sign-in", secret.text, url, json=json)


def set_up_link(*, url: str | None = None, json: Json = False) -> int:
    """Print the link that sets a fresh deployment up; links from before end.

    Example: landbridge sign-in set-up --url https://landbridge.example.com

    Parameters
    ----------
    url
        Where people reach the web UI; LANDBRIDGE_PUBLIC_URL, or this machine when left out.
    """
    if set_up.is_set_up(databases().app):
        raise AlreadySetUp
    return _show_link("set-up", set_up.new_link(owner()).text, url, json=json)


def reset(email: str, /, *, json: Json = False) -> int:
    """Take password and second factor from a user, and sign them out everywhere.

    Then let them in again with 'landbridge sign-in link --user EMAIL'.

    Example: landbridge users reset ada@example.com

    Parameters
    ----------
    email
        How the user is known.
    """
    acting = owner()
    users.reset(acting, users.find_user(acting, email))
    return say({"email": email, "reset": True}, f"{email} has no password now.", json=json)


def trust_provider(*, json: Json = False) -> int:
    """Let the database believe what servers with these LANDBRIDGE_OIDC_ settings say.

    'landbridge serve' does it by itself where it has the administrative URL. Run it again when
    the client secret changes.

    Example: landbridge sign-in trust-provider
    """
    provider = Provider.of(settings())
    if provider is None:
        raise OidcNotConfigured
    federated.trust(owner(), provider)
    return say({"issuer": provider.issuer}, f"{provider.issuer} is trusted.", json=json)


def _show_link(page: str, token: str, url: str | None, *, json: bool) -> int:
    link = f"{public_url(url)}/{page}?{urlencode({'token': token})}"
    if json:
        print_json({"url": link})
    else:
        console().print(link, soft_wrap=True)
    return OK
