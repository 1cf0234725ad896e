"""What can go wrong when a client account is taken out or erased."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError, Retry


class AccountInUse(LandbridgeError):
    """Flows of this client account have not ended: one that runs would write into an account
    that is going away, and one that waits or is paused could be taken up again.
    """

    code = "ACCOUNT_IN_USE"
    title = "Flows of this client account have not ended"
    status = 409
    category = Category.CONFLICT
    retry = Retry.AFTER
    message = "The client account cannot be erased while flows have not ended: {flows}."
    remedy = "Cancel these flows or let them end, then ask again."


class AccountNameNotConfirmed(LandbridgeError):
    """Erasing a client account asks for its exact name, so that none is erased by mistake."""

    code = "ACCOUNT_NAME_NOT_CONFIRMED"
    title = "The name of the client account was not confirmed"
    status = 409
    category = Category.CONFLICT
    message = "The name that was given is not the name of this client account."
    remedy = "Type the name exactly as it is shown, capital letters included."


class ErasureNotScheduled(LandbridgeError):
    """There is no erasure of this client account to take back. It may have been taken back
    already.
    """

    code = "ERASURE_NOT_SCHEDULED"
    title = "No erasure is scheduled"
    status = 409
    category = Category.CONFLICT
    message = "No erasure of this client account is scheduled."
    remedy = "Nothing has to be done: the client account stays."


class ErasureIncomplete(LandbridgeError):
    """After an erasure every table is looked at again. Something of the client account was still
    there, so that nothing was erased at all.
    """

    code = "ERASURE_INCOMPLETE"
    title = "The erasure would have left something"
    status = 500
    category = Category.BUG
    message = "Rows of the client account would be left in {tables}; nothing was erased."
    remedy = "Give the trace id to the maintainers. The client account is as it was."


class AccountExportDamaged(LandbridgeError):
    """The file is no export of a client account, or a part of it is not what its manifest says."""

    code = "ACCOUNT_EXPORT_DAMAGED"
    title = "The export is damaged"
    status = 422
    message = "The export cannot be trusted: {reason}."
    remedy = "Export the client account again, or fetch the file again."
