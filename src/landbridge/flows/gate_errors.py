"""What can go wrong where a person decides."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError, Retry


class AlreadyDecided(LandbridgeError):
    """An approval is decided once. Somebody, or the automatic rule, decided before."""

    code = "APPROVAL_ALREADY_DECIDED"
    title = "This has been decided already"
    status = 409
    category = Category.CONFLICT
    message = "This approval was {status} before."
    remedy = "Reload the flow to see who decided and why."


class RejectedAtGate(LandbridgeError):
    """A person rejected what the flow proposed at a gate, so the flow was cancelled there.
    Everything it had stored is kept.
    """

    code = "FLOW_REJECTED"
    title = "The flow was rejected"
    status = 409
    category = Category.CONFLICT
    retry = Retry.NEVER
    message = "The gate {gate} was rejected: {reason}"
    remedy = "Correct what was rejected and start a new flow on the same import."


class GateTimedOut(LandbridgeError):
    """Nobody decided before the deadline of the gate, and its definition names no default."""

    code = "GATE_TIMED_OUT"
    title = "Nobody decided in time"
    status = 409
    category = Category.CONFLICT
    message = "The gate {gate} was not decided before its deadline."
    remedy = "Retry the flow: it asks again, with a new deadline."


class InvalidAnswer(LandbridgeError):
    """A gate that offers choices or a form needs an answer that fits."""

    code = "GATE_ANSWER_INVALID"
    title = "The answer does not fit the gate"
    status = 409
    category = Category.CONFLICT
    message = "The answer to the gate {gate} does not fit: {reason}."
    remedy = "Give one of the choices, or correct the field that is named."


class CannotDelegate(LandbridgeError):
    """A decision can be handed to a member of the same client account whose role allows
    decisions, with a deadline that lies ahead.
    """

    code = "APPROVAL_NOT_DELEGATED"
    title = "The decision cannot be delegated so"
    status = 409
    category = Category.CONFLICT
    message = "The decision cannot be delegated: {reason}."
    remedy = "Choose a member with the role approver or admin, and a time in the future."
