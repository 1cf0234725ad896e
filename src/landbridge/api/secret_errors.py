"""Errors of creations that tell a secret once, when they are sent again."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError


class ApiKeyMadeBefore(LandbridgeError):
    """The first request with this Idempotency-Key has made an API key, and its answer held the
    secret. The secret is kept nowhere, so the answer cannot be repeated; no second key was made.
    """

    code = "API_KEY_MADE_BEFORE"
    title = "This request has made its API key already"
    status = 409
    category = Category.CONFLICT
    message = "The API key {key_id} was made by the first of these requests."
    remedy = (
        "If its answer was lost, revoke the API key {key_id}, and make another with a fresh"
        " Idempotency-Key."
    )


class WebhookMadeBefore(LandbridgeError):
    """The first request with this Idempotency-Key has added a webhook, and its answer held the
    secret. The secret is not given again, so the answer cannot be repeated; no second webhook was
    added.
    """

    code = "WEBHOOK_MADE_BEFORE"
    title = "This request has added its webhook already"
    status = 409
    category = Category.CONFLICT
    message = "The webhook {webhook_id} was added by the first of these requests."
    remedy = "If its answer was lost, give the webhook {webhook_id} a new secret."


class InvitationMadeBefore(LandbridgeError):
    """The first request with this Idempotency-Key has made an invitation, and its answer held the
    link. The link is kept nowhere, so the answer cannot be repeated; the first link still works.
    """

    code = "INVITATION_MADE_BEFORE"
    title = "This request has made its invitation already"
    status = 409
    category = Category.CONFLICT
    message = "The invitation {invitation_id} was made by the first of these requests."
    remedy = (
        "If its answer was lost, invite the same address with a fresh Idempotency-Key: that makes"
        " a new link and ends the old one."
    )
