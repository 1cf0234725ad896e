"""What can go wrong with single sign-on."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError, Retry


class OidcNotConfigured(LandbridgeError):
    """Single sign-on needs an issuer, a client id and a client secret."""

    code = "OIDC_NOT_CONFIGURED"
    title = "Single sign-on is not set up"
    status = 404
    message = "This server has no OpenID provider."
    remedy = (
        "Set LANDBRIDGE_OIDC_ISSUER, LANDBRIDGE_OIDC_CLIENT_ID and LANDBRIDGE_OIDC_CLIENT_SECRET, "
        "or sign in with a password."
    )


class OidcNotInstalled(LandbridgeError):
    """Single sign-on is an extra of the package, so that the core stays small."""

    code = "OIDC_NOT_INSTALLED"
    title = "The extra for single sign-on is not installed"
    status = 503
    category = Category.DEPENDENCY
    message = "A provider is configured, but the package's extra 'oidc' is not installed."
    remedy = "Install it: pip install 'landbridge[oidc]'"


class OidcNotTrusted(LandbridgeError):
    """The database believes what the server says of a provider only under a key made from the
    client secret. It does not have that key, or the secret has changed since.
    """

    code = "OIDC_NOT_TRUSTED"
    title = "The database does not trust this provider yet"
    status = 503
    category = Category.DEPENDENCY
    message = "The database was not told of the provider {issuer}, or its client secret changed."
    remedy = (
        "Run 'landbridge sign-in trust-provider' with LANDBRIDGE_DATABASE_URL and the provider's "
        "settings."
    )


class OidcUnreachable(LandbridgeError):
    """The provider did not answer, or not in the way OpenID Connect says."""

    code = "OIDC_UNREACHABLE"
    title = "The provider does not answer"
    status = 503
    category = Category.DEPENDENCY
    retry = Retry.AFTER
    message = "The OpenID provider {issuer} did not answer as it should: {reason}."
    remedy = "Try again. If it stays, check LANDBRIDGE_OIDC_ISSUER and the provider's state."


class OidcRefused(LandbridgeError):
    """The provider's answer does not belong to a sign-in that this browser began, was refused
    there, or its token did not verify: signature, issuer, audience, nonce or time.
    """

    code = "OIDC_REFUSED"
    title = "Single sign-on did not succeed"
    status = 401
    message = "The provider's answer cannot be used."
    remedy = "Begin again on the sign-in page, in one browser window."


class NobodyYet(LandbridgeError):
    """The provider knows you, but nobody here does: you were not invited under the verified
    address that it tells, and have not connected it to your user.
    """

    code = "NOBODY_YET"
    title = "You are not known here yet"
    status = 403
    message = "Nobody here belongs to your account at the provider."
    remedy = (
        "Ask an admin of your client account for an invitation. If you have a password here, sign "
        "in with it and connect single sign-on under Your settings."
    )


class IdentityTaken(LandbridgeError):
    """The account at the provider is connected to another user of this server."""

    code = "IDENTITY_TAKEN"
    title = "This account belongs to another user"
    status = 409
    category = Category.CONFLICT
    message = "The account at the provider is connected to another user here."
    remedy = "Sign in with it, or use another account at the provider."
