"""Why an attempt did not deliver. Each is kept with its attempt."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError, Retry


class WebhookNameUnknown(LandbridgeError):
    """The name service knows no address for the host of the webhook."""

    code = "WEBHOOK_NAME_UNKNOWN"
    title = "The host name leads nowhere"
    status = 502
    category = Category.DEPENDENCY
    retry = Retry.AFTER
    message = "The host {host} has no address."
    remedy = "Check the spelling of the host and its DNS records."


class WebhookUnreachable(LandbridgeError):
    """The receiver took no connection, or broke it off."""

    code = "WEBHOOK_UNREACHABLE"
    title = "The receiver could not be reached"
    status = 502
    category = Category.DEPENDENCY
    retry = Retry.AFTER
    message = "The connection to {host} failed: {reason}."
    remedy = "Check that the receiver runs and that its firewall lets Landbridge in."


class WebhookTlsFailed(LandbridgeError):
    """The receiver's certificate was not accepted, or no encrypted connection came about."""

    code = "WEBHOOK_TLS_FAILED"
    title = "No trusted encrypted connection"
    status = 502
    category = Category.DEPENDENCY
    retry = Retry.AFTER
    message = "The encrypted connection to {host} failed: {reason}."
    remedy = "Give the receiver a valid certificate for its name, with the whole chain."


class WebhookTimedOut(LandbridgeError):
    """The receiver did not answer in time. It may have received the message all the same."""

    code = "WEBHOOK_TIMED_OUT"
    title = "The receiver took too long"
    status = 504
    category = Category.DEPENDENCY
    retry = Retry.AFTER
    message = "{host} did not answer within {seconds:g} s."
    remedy = "Answer at once with 204 and do the work afterwards."


class WebhookAnswerMalformed(LandbridgeError):
    """What came back is not an HTTP answer."""

    code = "WEBHOOK_ANSWER_MALFORMED"
    title = "The receiver does not speak HTTP"
    status = 502
    category = Category.DEPENDENCY
    retry = Retry.AFTER
    message = "{host} did not answer in HTTP."
    remedy = "Check the port and what listens there."


class WebhookNotAccepted(LandbridgeError):
    """Only an answer of 200 to 299 means that the message was received."""

    code = "WEBHOOK_NOT_ACCEPTED"
    title = "The receiver did not accept the message"
    status = 502
    category = Category.DEPENDENCY
    retry = Retry.AFTER
    message = "{host} answered {answer}."
    remedy = "Look into the receiver's log for this webhook-id; it has to answer 200 to 299."


class WebhookRedirected(LandbridgeError):
    """Redirects are not followed: they could lead a signed message anywhere."""

    code = "WEBHOOK_REDIRECTED"
    title = "The receiver redirects"
    status = 502
    category = Category.DEPENDENCY
    retry = Retry.AFTER
    message = "{host} answered {answer}, which leads elsewhere."
    remedy = "Give the webhook the address that the redirect leads to."


class WebhookGone(LandbridgeError):
    """An answer of 410 says that the receiver is gone for good, so the webhook was switched
    off.
    """

    code = "WEBHOOK_GONE"
    title = "The receiver is gone"
    status = 502
    category = Category.DEPENDENCY
    message = "{host} answered 410."
    remedy = "Remove the webhook, or correct its address and switch it on again."


class WebhookInterrupted(LandbridgeError):
    """The worker stopped before it knew how the attempt ended, so the message is sent again.
    The receiver may see it twice, with the same webhook-id.
    """

    code = "WEBHOOK_INTERRUPTED"
    title = "The worker stopped during the attempt"
    status = 500
    category = Category.DEPENDENCY
    retry = Retry.SAFE
    message = "How this attempt ended is not known."
    remedy = "Nothing needs to be done: the message is sent again."
