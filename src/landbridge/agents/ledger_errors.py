"""Why a client account's question is not passed on to an agent."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError, Retry


class AgentBudgetExhausted(LandbridgeError):
    """A client account may spend only so much on models in a calendar month (UTC). A question that
    could exceed it is refused before it is asked.
    """

    code = "AGENT_BUDGET_EXHAUSTED"
    title = "The month's budget for agents is used up"
    status = 429
    category = Category.CAPACITY
    retry = Retry.AFTER
    message = "{spent} of {budget} US dollars are spent or reserved this month."
    remedy = "Wait for the next month, or have an operator raise the budget."


class AgentCallsTooFast(LandbridgeError):
    """A client account may ask only so often in a minute."""

    code = "AGENT_RATE_LIMITED"
    title = "Agents are asked too fast"
    status = 429
    category = Category.CAPACITY
    retry = Retry.AFTER
    message = "This client account may ask agents {limit} times in a minute."
    remedy = "Try again in {retry_after} seconds."


class AgentPriceUnknown(LandbridgeError):
    """No price is known for the model, so no budget could hold. A model of one's own may cost
    nothing, but that has to be said.
    """

    code = "AGENT_PRICE_UNKNOWN"
    title = "The price of the agents' model is not known"
    status = 503
    category = Category.DEPENDENCY
    message = "The price table has no row for {model}."
    remedy = "Set LANDBRIDGE_AGENT_PRICES to a table that has one: see 'landbridge agents prices'."


class AgentPricesUnreadable(LandbridgeError):
    """The price table is not a CSV file with the columns of the shipped one."""

    code = "AGENT_PRICES_UNREADABLE"
    title = "The price table cannot be read"
    status = 503
    category = Category.USER
    message = "The price table cannot be read: {reason}."
    remedy = "Begin with 'landbridge agents prices --write FILE', and change its rows."
