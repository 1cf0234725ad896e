"""What can be wrong with a question to the error centre."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError


class TraceUnknown(LandbridgeError):
    """Nothing with this trace id was kept, or none of it is yours to see. Traces of errors are
    kept for a limited time (LANDBRIDGE_ERROR_TRACE_DAYS), and are written within a second.
    """

    code = "TRACE_UNKNOWN"
    title = "There is nothing with this trace id"
    status = 404
    message = "Nothing is known of this trace id."
    remedy = "Check its 32 hexadecimal digits; for a very recent error, ask again in a moment."


class ErrorNotCounted(LandbridgeError):
    """The code has not occurred here, or what was counted of it is older than counts are kept."""

    code = "ERROR_NOT_COUNTED"
    title = "This error has not occurred"
    status = 404
    message = "No error of this code has been counted."
    remedy = "See 'landbridge errors centre' for those that have, or 'errors explain CODE'."


class MuteHasNoEnd(LandbridgeError):
    """An error can be muted until a moment in the next 90 days: none is silenced for good."""

    code = "MUTE_HAS_NO_END"
    title = "Muting an error needs an end"
    status = 409
    category = Category.CONFLICT
    message = "The end of the mute has to lie in the next 90 days."
    remedy = "Name a moment in the next 90 days, or resolve the error instead."
