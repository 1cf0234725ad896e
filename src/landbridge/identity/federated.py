"""Signing in by a provider: what the server verified, sealed so that the database believes it."""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import Final

from sqlalchemy import Engine, text

from landbridge.database.errors import catalogued_errors
from landbridge.database.session import SessionDoor
from landbridge.identity import credentials
from landbridge.identity.credentials import Secret, hash_of
from landbridge.identity.member_errors import SignInFirst
from landbridge.identity.oidc import Claims
from landbridge.identity.oidc_errors import (
    IdentityTaken,
    NobodyYet,
    OidcNotTrusted,
    OidcRefused,
)
from landbridge.identity.oidc_provider import Provider
from landbridge.identity.sign_in import Visit
from landbridge.kit.ids import new_id

VALID_SECONDS: Final = 60

_SIGN_IN: Final = text(
    "select app.sign_in_federated(:issuer, :subject, :email, :verified, :until, :seal, :name,"
    " :link, :user, :session, :lifetime, :label)"
)
_CONNECT: Final = text(
    "select app.connect_identity(:issuer, :subject, :email, :verified, :until, :seal, :session)"
)
_HAS: Final = text("select app.has_identity(:session)")
_TRUSTS: Final = text("select app.trusts_issuer(:issuer, :seal)")


def trust(owner: Engine, provider: Provider) -> None:
    """Let the database believe what a server with this client secret says of the provider."""
    with catalogued_errors(), owner.begin() as connection:
        connection.execute(
            text(
                "insert into app_private.oidc_keys (issuer, key) values (:issuer, :key)"
                " on conflict (issuer) do update set key = excluded.key"
            ),
            {"issuer": provider.issuer, "key": _key(provider)},
        )


def require_trust(door: SessionDoor, provider: Provider) -> None:
    """Refuse to begin what could not be ended.

    Raises:
        OidcNotTrusted: the database does not know this provider and secret.
    """
    seal = hashlib.sha256(_key(provider)).hexdigest()
    with door.anonymous() as connection:
        if not connection.execute(_TRUSTS, {"issuer": provider.issuer, "seal": seal}).scalar_one():
            raise OidcNotTrusted(issuer=provider.issuer)


def sign_in(
    door: SessionDoor, provider: Provider, claims: Claims, visit: Visit, invitation: str = ""
) -> Secret:
    """A session for who these claims are about; an invitation for their address is accepted.

    Raises:
        NobodyYet: nobody here is known by them.
        SignInFirst: the invited address can sign in already, by other means.
        OidcRefused: the claims cannot be stored, or the database does not believe them.
    """
    session = credentials.new_session_token()
    with door.anonymous() as connection:
        outcome = connection.execute(
            _SIGN_IN,
            {
                **_vouched(provider, claims, session.hash),
                "name": claims.name,
                "link": hash_of(invitation) if invitation else None,
                "user": new_id(),
                "session": session.hash,
                "lifetime": visit.lifetime,
                "label": visit.label,
            },
        ).scalar_one()
    match outcome:
        case "session":
            return session
        case "unknown":
            raise NobodyYet
        case "known":
            raise SignInFirst
        case _:
            raise OidcRefused


def connect(door: SessionDoor, provider: Provider, claims: Claims, session: bytes) -> None:
    """Let these claims sign in who holds the browser's session.

    Raises:
        IdentityTaken: they belong to another user.
        OidcRefused: the browser has no session, or the database does not believe them.
    """
    named = {**_vouched(provider, claims, session), "session": session}
    with door.anonymous() as connection:
        outcome = connection.execute(_CONNECT, named).scalar_one()
    if outcome == "taken":
        raise IdentityTaken
    if outcome != "done":
        raise OidcRefused


def is_connected(door: SessionDoor, session: bytes) -> bool:
    """Whether the holder of the browser's session can sign in by a provider."""
    with door.anonymous() as connection:
        return bool(connection.execute(_HAS, {"session": session}).scalar_one())


def _key(provider: Provider) -> bytes:
    """32 bytes that only who knows the client secret can make."""
    told = f"landbridge oidc 1\n{provider.issuer}\n{provider.client_id}"
    return hmac.new(provider.client_secret.encode(), told.encode(), hashlib.sha256).digest()


def _vouched(provider: Provider, claims: Claims, session: bytes) -> dict[str, object]:
    """The claims with their seal: for one session, and for a minute."""
    said = (claims.issuer, claims.subject, claims.email)
    if any(not value.isprintable() or len(value) > 1000 for value in said):
        raise OidcRefused
    until = int(time.time()) + VALID_SECONDS
    verified = "true" if claims.email_verified else "false"
    body = "\n".join((*said, verified, str(until), session.hex())).encode()
    key = _key(provider)
    seal = hashlib.sha256(key + hashlib.sha256(key + body).digest()).hexdigest()
    return {
        "issuer": claims.issuer,
        "subject": claims.subject,
        "email": claims.email,
        "verified": claims.email_verified,
        "until": until,
        "seal": seal,
    }
