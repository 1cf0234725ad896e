"""What can go wrong in a flow's life."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError, Retry


class TransitionRefused(LandbridgeError):
    """A flow moves only along the transition table. The action asked for a step that the
    table does not have from where the flow is now, for instance approving a flow that has
    ended.
    """

    code = "FLOW_TRANSITION_REFUSED"
    title = "The flow cannot do this now"
    status = 409
    category = Category.CONFLICT
    message = "A flow that is {current} cannot become {target}."
    remedy = "Look at the flow's page: it shows what is possible now."


class UnknownFlowType(LandbridgeError):
    """No flow type of this name is registered in this deployment."""

    code = "FLOW_TYPE_UNKNOWN"
    title = "Unknown flow type"
    status = 422
    message = "There is no flow type named {flow_type}; known are: {known}."
    remedy = "Use one of the known flow types."


class InvalidFlowInputs(LandbridgeError):
    """The inputs do not fit what the flow type declares."""

    code = "FLOW_INPUTS_INVALID"
    title = "The inputs do not fit this flow"
    status = 422
    message = "Input {field} is not valid: {reason}."
    remedy = "Correct the input and start the flow again."


class AlreadyDecided(LandbridgeError):
    """An approval is decided once. Somebody, or the automatic rule, decided before."""

    code = "APPROVAL_ALREADY_DECIDED"
    title = "This has been decided already"
    status = 409
    category = Category.CONFLICT
    message = "This approval was {status} before."
    remedy = "Reload the flow to see who decided and why."


class PhaseCodeMissing(LandbridgeError):
    """The flow was started from a definition whose phase this version no longer carries."""

    code = "PHASE_CODE_MISSING"
    title = "This version cannot run a phase of the flow"
    status = 500
    category = Category.BUG
    message = "The phase {phase} of flow type {flow_type} is not part of this version."
    remedy = "Run a worker of the version that started the flow, or start the flow anew."


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
