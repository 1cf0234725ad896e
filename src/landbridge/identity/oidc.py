"""OpenID Connect as a client: authorization code with PKCE, and a verified ID token.

Authlib speaks the protocol; it is an extra of the package and loaded when it is used.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any, Final

from landbridge.identity.oidc_errors import OidcRefused, OidcUnreachable
from landbridge.identity.oidc_provider import (
    TIMEOUT_SECONDS,
    Provider,
    keys,
    metadata,
    require_installed,
)

SCOPE: Final = "openid email profile"
ALGORITHMS: Final = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "EdDSA",
)
"""Only signatures that the provider alone can make: no shared secret, no 'none'."""

LEEWAY_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in on its way: where the browser goes, and what it has to bring back."""

    address: str
    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified ID token says."""

    issuer: str
    subject: str
    email: str
    email_verified: bool
    name: str


def begin(provider: Provider, redirect_uri: str) -> Begun:
    """Begin a sign-in.

    Raises:
        OidcNotInstalled, OidcUnreachable: it cannot be begun.
    """
    verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
    with _client(provider, redirect_uri) as client:
        address, state = client.create_authorization_url(
            metadata(provider)["authorization_endpoint"], code_verifier=verifier, nonce=nonce
        )
    return Begun(address, state, nonce, verifier)


def finish(provider: Provider, redirect_uri: str, code: str, begun: Begun) -> Claims:
    """Exchange the code for a token, and verify it.

    Raises:
        OidcNotInstalled, OidcUnreachable: the provider cannot be asked.
        OidcRefused: the code or the token is not good.
    """
    token = _token(provider, redirect_uri, code, begun)
    claims = _verified(provider, token, begun.nonce)
    email = str(claims.get("email") or "")
    return Claims(
        provider.issuer,
        str(claims["sub"]),
        email,
        claims.get("email_verified") is True and bool(email),
        str(claims.get("name") or email.partition("@")[0] or claims["sub"])[:200],
    )


def _token(provider: Provider, redirect_uri: str, code: str, begun: Begun) -> dict[str, Any]:
    import httpx2
    from authlib.integrations.base_client import OAuthError

    try:
        with _client(provider, redirect_uri) as client:
            token: dict[str, Any] = client.fetch_token(
                metadata(provider)["token_endpoint"], code=code, code_verifier=begun.verifier
            )
    except OAuthError as error:
        raise OidcRefused from error
    except (httpx2.HTTPError, ValueError) as error:
        raise OidcUnreachable(issuer=provider.issuer, reason=type(error).__name__) from error
    return token


def _verified(provider: Provider, token: dict[str, Any], nonce: str) -> dict[str, Any]:
    """The claims of the ID token, if its signature, issuer, audience, nonce and times hold."""
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.errors import JoseError

    given = token.get("id_token")
    if not isinstance(given, str):
        raise OidcRefused
    try:
        try:
            decoded = jwt.decode(given, keys(provider), algorithms=list(ALGORITHMS))
        except (JoseError, ValueError):
            # The provider may have new keys.
            decoded = jwt.decode(given, keys(provider, fresh=True), algorithms=list(ALGORITHMS))
        claims = CodeIDToken(
            decoded.claims,
            decoded.header,
            {
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client_id},
            },
            {
                "nonce": nonce,
                "client_id": provider.client_id,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(leeway=LEEWAY_SECONDS)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise OidcRefused from error
    return dict(claims)


def _client(provider: Provider, redirect_uri: str) -> Any:
    require_installed()
    from authlib.integrations.httpx_client import OAuth2Client

    return OAuth2Client(
        provider.client_id,
        provider.client_secret,
        scope=SCOPE,
        redirect_uri=redirect_uri,
        code_challenge_method="S256",
        timeout=TIMEOUT_SECONDS,
    )
