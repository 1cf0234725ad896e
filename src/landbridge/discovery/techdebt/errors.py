"""Errors of technical debt assessment."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError, Retry


class EndOfLifeDataInvalid(LandbridgeError):
    """A file of end-of-life data was given to replace the shipped one, but a line of it does
    not fit the documented columns. Nothing was replaced.
    """

    code = "END_OF_LIFE_DATA_INVALID"
    title = "The end-of-life data cannot be used"
    status = 422
    message = "Line {line} of {file} cannot be used: {reason}."
    remedy = "Correct the line; the reference page 'End-of-life data' lists the columns."


class EndOfLifeDataMissing(LandbridgeError):
    """The setting LANDBRIDGE_END_OF_LIFE_DATA names a file that cannot be opened. Nothing was
    assessed: findings based on other data than the operator chose would mislead.
    """

    code = "END_OF_LIFE_DATA_MISSING"
    title = "The end-of-life data cannot be opened"
    status = 503
    category = Category.DEPENDENCY
    retry = Retry.SAFE
    message = "The file {file} cannot be opened: {reason}."
    remedy = "Put the file back, or unset LANDBRIDGE_END_OF_LIFE_DATA to use the shipped data."


class FindingNotOpen(LandbridgeError):
    """A finding whose cause is gone is resolved by itself; there is nothing to accept."""

    code = "FINDING_NOT_OPEN"
    title = "This finding is already resolved"
    status = 409
    message = "The cause of this finding is gone, so its risk cannot be accepted."
    remedy = "Reload the list of findings."
