"""Errors of migration strategies."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError


class StrategyRulesInvalid(LandbridgeError):
    """Rules for migration strategies were given that do not fit the documented form. The rules in
    use were not changed.
    """

    code = "STRATEGY_RULES_INVALID"
    title = "These rules cannot be used"
    status = 422
    message = "The rules cannot be used: {reason}."
    remedy = "Correct them; the reference page 'Strategy rules' lists facts and conditions."


class NothingToAssess(LandbridgeError):
    """An assessment looks at the assets of an engagement, and this one has none yet."""

    code = "NOTHING_TO_ASSESS"
    title = "There is nothing to assess yet"
    status = 409
    category = Category.CONFLICT
    message = "The engagement has no assets."
    remedy = "Run a discovery first: send the files that describe the estate."
