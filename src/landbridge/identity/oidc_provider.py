"""An OpenID provider: what is configured of it, and what it publishes about itself."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any, Final
from urllib.parse import urlsplit

from landbridge.identity.names import LOOPBACK
from landbridge.identity.oidc_errors import OidcNotInstalled, OidcUnreachable
from landbridge.kit.settings import Settings

TIMEOUT_SECONDS: Final = 10.0
KEPT_SECONDS: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider as configured."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str

    @classmethod
    def of(cls, settings: Settings) -> Provider | None:
        """The provider of these settings; None when none is configured."""
        secret = settings.oidc_client_secret
        if not (settings.oidc_issuer and settings.oidc_client_id and secret):
            return None
        issuer = settings.oidc_issuer
        return cls(issuer, settings.oidc_client_id, secret.get_secret_value(), settings.oidc_name)


_lock = threading.Lock()
_kept: dict[tuple[str, str], tuple[float, Any]] = {}


def metadata(provider: Provider) -> dict[str, Any]:
    """What the provider says of its addresses.

    Raises:
        OidcNotInstalled, OidcUnreachable: it cannot be asked.
    """
    address = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
    found: dict[str, Any] = _get(provider, "metadata", address)
    if found.get("issuer") != provider.issuer:
        raise OidcUnreachable(issuer=provider.issuer, reason="it calls itself otherwise")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        _require_safe(provider, str(found.get(name, "")))
    return found


def keys(provider: Provider, *, fresh: bool = False) -> Any:
    """The keys that its tokens are signed with; asked again when `fresh`.

    Raises:
        OidcNotInstalled, OidcUnreachable: it cannot be asked.
    """
    from joserfc.jwk import KeySet

    found = _get(provider, "keys", metadata(provider)["jwks_uri"], fresh=fresh)
    return KeySet.import_key_set(found)


def _get(provider: Provider, kind: str, address: str, *, fresh: bool = False) -> Any:
    """A document of the provider, kept for an hour."""
    with _lock:
        at, found = _kept.get((kind, address), (0.0, None))
    if found is not None and not fresh and time.monotonic() - at < KEPT_SECONDS:
        return found
    _require_safe(provider, address)
    require_installed()
    import httpx2

    try:
        answer = httpx2.get(address, timeout=TIMEOUT_SECONDS)
        answer.raise_for_status()
        found = answer.json()
    except (httpx2.HTTPError, ValueError) as error:
        raise OidcUnreachable(issuer=provider.issuer, reason=type(error).__name__) from error
    if not isinstance(found, dict):
        raise OidcUnreachable(issuer=provider.issuer, reason="no JSON object")
    with _lock:
        _kept[kind, address] = (time.monotonic(), found)
    return found


def require_installed() -> None:
    """Refuse where the extra is missing.

    Raises:
        OidcNotInstalled: it is.
    """
    if find_spec("authlib") is None or find_spec("httpx2") is None:
        raise OidcNotInstalled


def _require_safe(provider: Provider, address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return
    raise OidcUnreachable(issuer=provider.issuer, reason="an address without https")
