"""What can go wrong with the audit log."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError


class AuditKeyInvalid(LandbridgeError):
    """A key of the audit log is a line of text: `name+id+base64` for verifying, and the same
    after `PRIVATE+KEY+` for signing. The id is made from the name and the key, so a mistyped
    key is recognised.
    """

    code = "AUDIT_KEY_INVALID"
    title = "This is no key of the audit log"
    status = 422
    message = "The text is not an Ed25519 key of the form that the audit log uses."
    remedy = "Copy the whole line that 'landbridge audit key' prints, without spaces."


class AuditKeyUnavailable(LandbridgeError):
    """The key that signs checkpoints lies in the data directory, or is given by a setting.
    Without either nothing can be signed; the log itself goes on.
    """

    code = "AUDIT_KEY_UNAVAILABLE"
    title = "The signing key of the audit log cannot be used"
    status = 503
    category = Category.DEPENDENCY
    message = "The signing key at {path} cannot be read or written: {reason}."
    remedy = "Make the data directory writable, or set LANDBRIDGE_AUDIT_SIGNING_KEY."


class AuditKeyConfigured(LandbridgeError):
    """The key is given by a setting, so it cannot be replaced from here."""

    code = "AUDIT_KEY_CONFIGURED"
    title = "The signing key is configured"
    status = 409
    category = Category.CONFLICT
    message = "The signing key comes from LANDBRIDGE_AUDIT_SIGNING_KEY."
    remedy = (
        "Add the public key to LANDBRIDGE_AUDIT_TRUSTED_KEYS, then set the new private key, on "
        "every machine."
    )


class AuditCheckpointNotKept(LandbridgeError):
    """Checkpoints are also kept in a directory outside the database, where whoever can rewrite
    the database cannot rewrite them.
    """

    code = "AUDIT_CHECKPOINT_NOT_KEPT"
    title = "The checkpoint cannot be kept"
    status = 503
    category = Category.DEPENDENCY
    message = "The checkpoint cannot be written to {path}: {reason}."
    remedy = "Make the directory writable, or set LANDBRIDGE_AUDIT_DIRECTORY to another."


class AuditLogEmpty(LandbridgeError):
    """There is nothing to sign: nothing was ever done in this client account."""

    code = "AUDIT_LOG_EMPTY"
    title = "The audit log is empty"
    status = 409
    category = Category.CONFLICT
    message = "The client account has no audit entry yet."
    remedy = "Try again after something was done in the account."


class AuditChainBroken(LandbridgeError):
    """The log no longer contains what an earlier checkpoint signed. Either the database was
    restored from an older backup, or somebody changed it behind the application's back. Nothing
    is signed on top of it.
    """

    code = "AUDIT_CHAIN_BROKEN"
    title = "The audit log differs from what was signed"
    status = 409
    category = Category.CONFLICT
    message = "The chain is not the one that was signed at link {seq}."
    remedy = "Run 'landbridge audit verify' and find out who changed the database."


class AuditExportUnreadable(LandbridgeError):
    """An export of the audit log is a file of JSON lines: a header, the links with their
    entries, and the checkpoints.
    """

    code = "AUDIT_EXPORT_UNREADABLE"
    title = "This is no export of an audit log"
    status = 422
    message = "Line {line} of the file is not part of an audit export."
    remedy = "Export the log again, and verify the file as it was downloaded."


class AuditFilterInvalid(LandbridgeError):
    """The log is narrowed in time by dates, or by moments with their time zone."""

    code = "AUDIT_FILTER_INVALID"
    title = "This is no date"
    status = 422
    message = "The value of '{name}' is not a date or moment."
    remedy = "Write it as 2026-11-22, or as 2026-11-22T08:30:00Z."
