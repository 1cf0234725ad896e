"""Why a sealed secret cannot be opened, or none be sealed."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError


class SecretsKeyUnavailable(LandbridgeError):
    """The key that seals secrets in the database lies in the data directory, or is given by a
    setting. Without either no secret can be sealed or opened.
    """

    code = "SECRETS_KEY_UNAVAILABLE"
    title = "The key of the secrets cannot be used"
    status = 503
    category = Category.DEPENDENCY
    message = "The key of the secrets at {path} cannot be read or written: {reason}."
    remedy = "Make the data directory writable, or set LANDBRIDGE_SECRETS_KEY."


class SecretsKeyInvalid(LandbridgeError):
    """A key is 32 bytes in the URL-safe form of base 64. What was given as one is not."""

    code = "SECRETS_KEY_INVALID"
    title = "The key of the secrets is not valid"
    status = 503
    category = Category.DEPENDENCY
    message = "What is given as the key of the secrets is no key."
    remedy = (
        "Set LANDBRIDGE_SECRETS_KEY, or the file 'secrets-key' of the data directory, to the key "
        "that other machines of this deployment use."
    )


class SecretsKeyWrong(LandbridgeError):
    """A secret in the database was sealed with another key: by a machine that has a key of its
    own, or before the key was lost. Second factors and webhooks need theirs.
    """

    code = "SECRETS_KEY_WRONG"
    title = "A secret cannot be opened with this key"
    status = 503
    category = Category.DEPENDENCY
    message = "The secret of {purpose} was sealed with a key that this machine does not have."
    remedy = (
        "Give every machine the same LANDBRIDGE_SECRETS_KEY. If the key is lost, reset the users' "
        "second factors with 'landbridge users reset' and rotate the webhooks' secrets."
    )
