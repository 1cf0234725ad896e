"""What can go wrong with a subscription. Failures of sending are in `sending/errors.py`."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError


class WebhookUrlInvalid(LandbridgeError):
    """A webhook needs an absolute https address without user name, password and fragment.
    Plain http is accepted only where the operator allows networks of their own.
    """

    code = "WEBHOOK_URL_INVALID"
    title = "This address cannot be a webhook"
    status = 422
    message = "The address cannot be used: {reason}."
    remedy = "Give an address of the form https://example.com/path."


class WebhookAddressRefused(LandbridgeError):
    """The address leads to a private, loopback, link-local or otherwise internal network, which
    webhooks may not reach. It is checked again each time a connection is made, on the address
    that the name leads to at that moment.
    """

    code = "WEBHOOK_ADDRESS_REFUSED"
    title = "Webhooks may not reach this address"
    status = 403
    message = "Webhooks may not reach {address}."
    remedy = (
        "Use an address on the public internet, or ask the operator to allow the network with "
        "LANDBRIDGE_WEBHOOK_NETWORKS."
    )


class WebhookEventUnknown(LandbridgeError):
    """A webhook subscribes to kinds of events, and there is none of this name."""

    code = "WEBHOOK_EVENT_UNKNOWN"
    title = "No such kind of event"
    status = 422
    message = "There is no event '{kind}'."
    remedy = "Use one or more of: {known}; or * for all."


class WebhookLimitReached(LandbridgeError):
    """A client account has only so many webhooks, so that one event is not sent everywhere."""

    code = "WEBHOOK_LIMIT_REACHED"
    title = "There are too many webhooks"
    status = 409
    category = Category.CONFLICT
    message = "A client account can have {limit} webhooks."
    remedy = "Remove a webhook that is no longer needed, or let one address serve several uses."


class WebhookSwitchedOff(LandbridgeError):
    """Nothing is sent to a webhook that is switched off."""

    code = "WEBHOOK_SWITCHED_OFF"
    title = "The webhook is switched off"
    status = 409
    category = Category.CONFLICT
    message = "This webhook is switched off."
    remedy = "Switch it on, then send again."
