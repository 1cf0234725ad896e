"""Errors of waves."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError


class NothingToPlan(LandbridgeError):
    """Waves are planned from the assets of an engagement, and this one has none yet."""

    code = "NOTHING_TO_PLAN"
    title = "There is nothing to plan yet"
    status = 409
    category = Category.CONFLICT
    message = "The engagement has no assets."
    remedy = "Run a discovery first: send the files that describe the estate."


class WaveSettingsInvalid(LandbridgeError):
    """A setting of waves is not of the documented form or out of its range. Nothing was planned."""

    code = "WAVE_SETTINGS_INVALID"
    title = "Waves cannot be planned like this"
    status = 422
    message = "These settings of waves cannot be used: {reason}."
    remedy = "Correct them: days are written as 2027-01-04, freezes last 1 to 100 days, 12 at most."
