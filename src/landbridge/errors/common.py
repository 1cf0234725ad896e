"""Errors that belong to no single domain."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError, Retry


class InternalError(LandbridgeError):
    """Something happened that no rule of the catalogue describes. It is a defect of ours:
    it was logged with this trace id and counts as an alert.
    """

    code = "INTERNAL_ERROR"
    title = "Something went wrong on our side"
    status = 500
    category = Category.BUG
    message = "An unexpected error stopped this action."
    remedy = "Try again. If it happens again, give the trace id to your operator."

    @classmethod
    def caused_by(cls, error: BaseException) -> InternalError:
        """This error, with what happened as its cause."""
        made = cls()
        made.__cause__ = error
        return made


class NotFound(LandbridgeError):
    """There is nothing at this address for you. The answer is the same whether the thing
    never existed, was removed, or belongs to a client account you are not a member of.
    """

    code = "NOT_FOUND"
    title = "Not found"
    status = 404
    message = "There is nothing at this address."
    remedy = "Check the address, or go back to the engagement and open it from there."


class InvalidRequest(LandbridgeError):
    """The request does not fit the documented shape. `errors` names each place by a JSON
    pointer; the values you sent are not repeated.
    """

    code = "INVALID_REQUEST"
    title = "The request is not valid"
    status = 422
    message = "One or more values of the request are not valid."
    remedy = "Correct the values named under errors and send the request again."


class SignInRequired(LandbridgeError):
    """The request carries no credential, or one that has ended."""

    code = "SIGN_IN_REQUIRED"
    title = "Sign in to continue"
    status = 401
    message = "This needs you to be signed in."
    remedy = "Sign in, or send an API key as 'Authorization: Bearer …'."


class PermissionDenied(LandbridgeError):
    """You are a member of this client account, but your role does not allow this action."""

    code = "PERMISSION_DENIED"
    title = "Your role does not allow this"
    status = 403
    message = "This needs the role {needed}; yours is {role}."
    remedy = "Ask an admin of the client account for the role {needed}."


class ApproverIsRequester(LandbridgeError):
    """This client account asks for four eyes: whoever starts a flow cannot approve what it waits
    for, whatever their role. The database refuses it.
    """

    code = "APPROVER_IS_REQUESTER"
    title = "Somebody else has to approve this"
    status = 403
    message = "You started this flow, and this client account asks for four eyes."
    remedy = "Ask another approver or admin of the client account to decide."


class DatabaseUnavailable(LandbridgeError):
    """PostgreSQL did not answer or refused the connection."""

    code = "DATABASE_UNAVAILABLE"
    title = "The database does not answer"
    status = 503
    category = Category.DEPENDENCY
    retry = Retry.AFTER
    message = "PostgreSQL could not be reached."
    remedy = "Run 'landbridge doctor' to see why. The action can be repeated safely."


class MethodNotAllowed(LandbridgeError):
    """The address exists, but not for this HTTP method."""

    code = "METHOD_NOT_ALLOWED"
    title = "This method is not allowed here"
    status = 405
    message = "This address does not accept this HTTP method."
    remedy = "The Allow header and /api/v1/openapi.json name the methods of this address."
