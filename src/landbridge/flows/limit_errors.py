"""What a client account is told that uses all it may."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError, Retry


class TooManyOpenFlows(LandbridgeError):
    """A client account may have only so many flows that have not ended, so that none can fill
    the queues of all. New ones are refused until some end.
    """

    code = "FLOW_LIMIT_REACHED"
    title = "Too many flows at once"
    status = 429
    category = Category.CAPACITY
    retry = Retry.AFTER
    message = "This client account has {open} open flows; {limit} are allowed."
    remedy = "Try again in {retry_after} seconds, or cancel flows that are no longer needed."


class FlowsTooFast(LandbridgeError):
    """A client account may start only so many flows in a minute."""

    code = "FLOW_RATE_LIMITED"
    title = "Flows are started too fast"
    status = 429
    category = Category.CAPACITY
    retry = Retry.AFTER
    message = "This client account may start {limit} flows in a minute."
    remedy = "Try again in {retry_after} seconds."
