"""What can go wrong when an admin lets people and programs into a client account."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError


class MemberUnknown(LandbridgeError):
    """Nobody of this id or address is a member of this client account; perhaps not any more."""

    code = "MEMBER_UNKNOWN"
    title = "No such member"
    status = 404
    message = "This client account has no member '{member}'."
    remedy = "Look at the list of members again."


class AlreadyMember(LandbridgeError):
    """The address belongs to somebody who is a member already."""

    code = "ALREADY_MEMBER"
    title = "They are a member already"
    status = 409
    category = Category.CONFLICT
    message = "'{email}' is a member of this client account."
    remedy = "Change the role in the list of members instead."


class LastAdmin(LandbridgeError):
    """A client account always keeps an admin: otherwise nobody could let people in or take
    access away. Operators with a time-boxed access do not count.
    """

    code = "LAST_ADMIN"
    title = "This is the last admin"
    status = 409
    category = Category.CONFLICT
    message = "The client account would be left without an admin."
    remedy = "Make somebody else an admin first."


class InvitationUnknown(LandbridgeError):
    """No invitation of this id is open; it was accepted, taken back, or has ended."""

    code = "INVITATION_UNKNOWN"
    title = "No such invitation"
    status = 404
    message = "This client account has no open invitation '{invitation_id}'."
    remedy = "Look at the list of invitations again."


class InvitationForOther(LandbridgeError):
    """An invitation is for one address. You are signed in under another, or with a key."""

    code = "INVITATION_FOR_OTHER"
    title = "This invitation is for somebody else"
    status = 403
    message = "The invitation is for another address than the one you are signed in with."
    remedy = "Sign out and open the link again, or ask to be invited under your address."


class SignInFirst(LandbridgeError):
    """The address that is invited can sign in already: the invitation is accepted by its user,
    with no second password.
    """

    code = "SIGN_IN_FIRST"
    title = "Sign in to accept"
    status = 409
    category = Category.CONFLICT
    message = "This address has a user already."
    remedy = "Sign in as that user and open the link again."


class ReasonMissing(LandbridgeError):
    """An operator's access is shown to the client with its reason: at least ten characters that
    say what it is for, such as the number of a ticket.
    """

    code = "REASON_MISSING"
    title = "A reason is needed"
    status = 422
    message = "A reason has 10 to 2000 characters."
    remedy = "Say what the access is for, in words the client will read."


class AccessTooLong(LandbridgeError):
    """An operator's access is meant for one task. It lasts between one minute and eight hours."""

    code = "ACCESS_TOO_LONG"
    title = "This is no time-boxed access"
    status = 422
    message = "An operator's access lasts 1 to {most} minutes."
    remedy = "Choose fewer minutes; it can be opened again, with a reason again."


class StandingMember(LandbridgeError):
    """The user is a member of this client account for good and needs no access by break-glass."""

    code = "STANDING_MEMBER"
    title = "This user is a member already"
    status = 409
    category = Category.CONFLICT
    message = "'{email}' is a standing member of this client account."
    remedy = "Use that membership."


class AccessNotOpen(LandbridgeError):
    """The user has no open access by break-glass in this client account."""

    code = "ACCESS_NOT_OPEN"
    title = "There is no such access"
    status = 404
    message = "'{email}' has no operator's access to this client account."
    remedy = "Run 'landbridge operator accesses' to see those that are open."
