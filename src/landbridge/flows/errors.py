"""What can go wrong in a flow's life."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError


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


class ActionRefused(LandbridgeError):
    """Each status of a flow allows certain actions. This one is not among them, for instance
    because the flow has ended, or because somebody else acted a moment before.
    """

    code = "FLOW_ACTION_REFUSED"
    title = "The flow cannot do this now"
    status = 409
    category = Category.CONFLICT
    message = "A flow that is {current} does not allow '{action}'. Possible now: {possible}."
    remedy = "Choose one of the possible actions, or reload the flow: its state has changed."


class InvalidFlowDefinition(LandbridgeError):
    """A flow type was registered whose definition contradicts itself or its code: a phase that
    can never be reached, a gate nobody wrote, an output that is not what the next phase needs.
    """

    code = "FLOW_DEFINITION_INVALID"
    title = "The flow type cannot be run"
    status = 500
    category = Category.BUG
    message = "The flow type {flow_type} cannot be run: {problems}."
    remedy = "Correct the definition in the package that registers this flow type."


class ForkNotPossible(LandbridgeError):
    """A fork begins with what the phases before it gave. Some of them have not completed."""

    code = "FLOW_FORK_NOT_POSSIBLE"
    title = "The flow cannot be forked there"
    status = 409
    category = Category.CONFLICT
    message = "The flow cannot be forked from {phase}: {reason}."
    remedy = "Fork from an earlier phase; possible are: {possible}."
