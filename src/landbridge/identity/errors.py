"""What can go wrong with accounts, users and credentials."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError


class AdministrativeUrlMissing(LandbridgeError):
    """Client accounts, users and keys are made with the administrative database URL, which
    this process was not given.
    """

    code = "ADMINISTRATIVE_URL_MISSING"
    title = "This needs the administrative database URL"
    status = 503
    category = Category.DEPENDENCY
    message = "Client accounts, users and keys cannot be managed with this configuration."
    remedy = "Set LANDBRIDGE_DATABASE_URL and run the command again."


class ClientAccountUnknown(LandbridgeError):
    """No client account of this name is open to you. The answer is the same whether it does
    not exist or you are not a member of it.
    """

    code = "CLIENT_ACCOUNT_UNKNOWN"
    title = "No such client account"
    status = 404
    message = "There is no client account '{name}' that you may open."
    remedy = "Run 'landbridge accounts list' to see the names, or 'landbridge accounts create'."


class ClientAccountNameTaken(LandbridgeError):
    """Names of client accounts are unique, whatever the case of their letters."""

    code = "CLIENT_ACCOUNT_NAME_TAKEN"
    title = "The name is taken"
    status = 409
    category = Category.CONFLICT
    message = "There is already a client account '{name}'."
    remedy = "Choose another name."


class EngagementUnknown(LandbridgeError):
    """The client account has no engagement of this name."""

    code = "ENGAGEMENT_UNKNOWN"
    title = "No such engagement"
    status = 404
    message = "There is no engagement '{name}' in this client account."
    remedy = "Check the name, or create it by starting a discovery with this name."


class ClientAccountNotSaid(LandbridgeError):
    """You may open several client accounts, and none of them is named Default. A command that
    is about one account does not guess which.
    """

    code = "CLIENT_ACCOUNT_NOT_SAID"
    title = "Which client account?"
    status = 422
    message = "You may open several client accounts: {names}."
    remedy = "Say which with --client-account NAME."


class EngagementNotSaid(LandbridgeError):
    """The client account has several engagements, and none of them is named Discovery. A
    command that is about one engagement does not guess which.
    """

    code = "ENGAGEMENT_NOT_SAID"
    title = "Which engagement?"
    status = 422
    message = "There are several engagements: {names}."
    remedy = "Say which with --engagement NAME."


class NameInvalid(LandbridgeError):
    """Names have 1 to 200 characters and no control characters."""

    code = "NAME_INVALID"
    title = "The name cannot be used"
    status = 422
    message = "A name needs 1 to 200 printable characters."
    remedy = "Choose a name of 1 to 200 printable characters."


class EmailInvalid(LandbridgeError):
    """A user is known by an e-mail address of the form name@host."""

    code = "EMAIL_INVALID"
    title = "This is no e-mail address"
    status = 422
    message = "'{email}' is not an e-mail address."
    remedy = "Give an address of the form name@example.com."


class RoleUnknown(LandbridgeError):
    """The roles are viewer, analyst, approver and admin."""

    code = "ROLE_UNKNOWN"
    title = "No such role"
    status = 422
    message = "There is no role '{role}'."
    remedy = "Use viewer, analyst, approver or admin."


class UserUnknown(LandbridgeError):
    """No user is registered with this e-mail address."""

    code = "USER_UNKNOWN"
    title = "No such user"
    status = 404
    message = "There is no user '{email}'."
    remedy = "Add the user with 'landbridge users add' first."


class ApiKeyUnknown(LandbridgeError):
    """No API key of this client account has this id; it may have been revoked already."""

    code = "API_KEY_UNKNOWN"
    title = "No such API key"
    status = 404
    message = "There is no API key '{key_id}' in this client account."
    remedy = "Run 'landbridge api-keys list' to see the ids."


class AlreadySetUp(LandbridgeError):
    """The set-up link gives the first person a password. Somebody has one."""

    code = "ALREADY_SET_UP"
    title = "This deployment is set up already"
    status = 409
    category = Category.CONFLICT
    message = "Somebody can sign in already."
    remedy = "Sign in, or let somebody in with 'landbridge sign-in link --user EMAIL'."
