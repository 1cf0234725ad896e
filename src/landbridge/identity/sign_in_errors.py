"""What can go wrong when somebody signs in, or changes how they do."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError, Retry


class SignInRefused(LandbridgeError):
    """The address, the password or the code is wrong. Which of them, and whether anybody has
    this address, is not said.
    """

    code = "SIGN_IN_REFUSED"
    title = "These do not sign you in"
    status = 401
    message = "The address and the password do not belong together, or the code is wrong."
    remedy = "Check both and try again, or ask your operator for a sign-in link."


class TooManyAttempts(LandbridgeError):
    """There were many attempts for this address or from this network in a short time. Further
    ones are not even looked at until the time is over, whether they are right or wrong, and
    whether anybody has this address or not.
    """

    code = "TOO_MANY_ATTEMPTS"
    title = "Too many attempts"
    status = 429
    category = Category.CAPACITY
    retry = Retry.AFTER
    message = "There were too many attempts. The next one is possible in {retry_after} seconds."
    remedy = "Wait {retry_after} seconds. If it was not you who tried, tell your operator."


class PasswordWeak(LandbridgeError):
    """Passwords that are short, repeat a few characters, or say who you are, are guessed first."""

    code = "PASSWORD_WEAK"
    title = "This password is too easy to guess"
    status = 422
    message = "This password cannot be used. {reason}"
    remedy = "Choose a longer one, for example four unusual words."


class LinkEnded(LandbridgeError):
    """Set-up links and invitations can be used once, and only for some time. This one was used,
    replaced by a newer one, taken back, or is too old.
    """

    code = "LINK_ENDED"
    title = "This link does not work any more"
    status = 404
    message = "The link is not valid, was used already, or has ended."
    remedy = "Ask for a new one from whoever gave it to you."


class SecondFactorNotBegun(LandbridgeError):
    """A second factor is turned on by showing the first code of a secret that was just given
    out. No such secret waits for its code.
    """

    code = "SECOND_FACTOR_NOT_BEGUN"
    title = "There is no second factor to confirm"
    status = 409
    category = Category.CONFLICT
    message = "No second factor waits for its first code."
    remedy = "Open your settings and begin again."


class SessionUnknown(LandbridgeError):
    """You have no session of this id; it may have ended already."""

    code = "SESSION_UNKNOWN"
    title = "No such session"
    status = 404
    message = "You have no session '{session_id}'."
    remedy = "Look at your sessions again."


class AccountsNotYours(LandbridgeError):
    """New client accounts are made by the operator, or by users who were allowed to. A key that
    opens one client account makes no other.
    """

    code = "ACCOUNT_CREATION_DENIED"
    title = "You may not create client accounts"
    status = 403
    message = "You may not create client accounts."
    remedy = "Ask your operator: 'landbridge users add … --may-create-accounts', or "
    remedy += "'landbridge accounts create'."
