"""Single sign-on: to the provider, and back with its answer."""

from __future__ import annotations

import hmac
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from landbridge.api.addresses import public_address
from landbridge.api.caller import refuse_cross_site
from landbridge.api.services import services_of
from landbridge.database.circuits import asking
from landbridge.identity import federated, oidc
from landbridge.identity.oidc import Begun
from landbridge.identity.oidc_errors import OidcNotConfigured, OidcRefused
from landbridge.identity.oidc_provider import Provider
from landbridge.kit import jsonio
from landbridge.web.pages.sign_in import local, require_safe_transport
from landbridge.web.visits import keep, shown, visit_of

router = APIRouter(prefix="/sign-in/oidc", include_in_schema=False)

COOKIE: Final = "landbridge_oidc"
SECURE_COOKIE: Final = "__Host-landbridge_oidc"
MINUTES: Final = 10
CIRCUIT: Final = "oidc"

Text = Annotated[str, Query(max_length=4000)]


@router.get("")
def begin(
    request: Request, next: Text = "/", invitation: Text = "", connect: bool = False
) -> Response:
    """Send the browser to the provider. What it must bring back stays in its own cookie.

    Raises:
        OidcNotConfigured, OidcNotInstalled, OidcNotTrusted, OidcUnreachable: there is no way.
    """
    require_safe_transport(request)
    if connect:
        refuse_cross_site(request)
    provider = _provider(request)
    federated.require_trust(services_of(request).databases.app, provider)
    with asking(services_of(request).databases.app.engine, CIRCUIT):
        begun = oidc.begin(provider, _return_address(request))
    kept = {
        "state": begun.state,
        "nonce": begun.nonce,
        "verifier": begun.verifier,
        "next": local(next),
        "invitation": invitation[:400],
        "connect": connect,
    }
    response = RedirectResponse(begun.address, status_code=303)
    response.set_cookie(
        _cookie(request),
        jsonio.dumps(kept).encode().hex(),
        max_age=MINUTES * 60,
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax",
    )
    return response


@router.get("/callback")
def come_back(request: Request, code: Text = "", state: Text = "") -> Response:
    """Verify the provider's answer; then sign in, accept an invitation, or connect.

    Raises:
        OidcRefused: the answer is not to what this browser asked.
        NobodyYet, SignInFirst, IdentityTaken: see there.
    """
    require_safe_transport(request)
    provider, kept = _provider(request), _kept(request)
    if not code or not hmac.compare_digest(str(kept["state"]).encode(), state.encode()):
        raise OidcRefused
    begun = Begun("", state, kept["nonce"], kept["verifier"])
    door, visit, target = services_of(request).databases.app, visit_of(request), local(kept["next"])
    with asking(door.engine, CIRCUIT):
        claims = oidc.finish(provider, _return_address(request), code, begun)
    if kept["connect"]:
        federated.connect(door, provider, claims, shown(request) or b"")
        response: Response = RedirectResponse("/settings#single-sign-on", status_code=303)
    else:
        secret = federated.sign_in(door, provider, claims, visit, kept["invitation"])
        response = keep(request, secret, target, visit.lifetime)
    response.delete_cookie(
        _cookie(request), path="/", secure=request.url.scheme == "https", httponly=True
    )
    return response


def _provider(request: Request) -> Provider:
    provider = Provider.of(services_of(request).settings)
    if provider is None:
        raise OidcNotConfigured
    return provider


def _return_address(request: Request) -> str:
    return f"{public_address(request)}{router.prefix}/callback"


def _cookie(request: Request) -> str:
    return SECURE_COOKIE if request.url.scheme == "https" else COOKIE


def _kept(request: Request) -> dict[str, Any]:
    """What `begin` left in this browser."""
    try:
        found = jsonio.loads(bytes.fromhex(request.cookies.get(_cookie(request), "")))
    except ValueError:
        raise OidcRefused from None
    expected = {"state", "nonce", "verifier", "next", "invitation", "connect"}
    if not isinstance(found, dict) or set(found) != expected:
        raise OidcRefused
    return found
