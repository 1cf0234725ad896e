"""Stopping a phase from outside, at the next moment it reports progress."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """Why a running phase is to stop. What it wrote is rolled back in each case."""

    FENCED = "fenced"
    PAUSED = "paused"
    TIMED_OUT = "timed_out"
    DRAINING = "draining"


class PhaseInterrupted(BaseException):
    """Raised inside a phase's report of progress. Not an `Exception`, so that a phase that
    catches those does not catch this.
    """

    def __init__(self, why: Why) -> None:
        self.why = why
        super().__init__(why.value)
