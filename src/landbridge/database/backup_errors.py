"""What can go wrong with backups."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError, Retry


class BackupFailed(LandbridgeError):
    """pg_dump gave up, or the file could not be written. Nothing is left behind."""

    code = "BACKUP_FAILED"
    title = "The backup was not made"
    status = 500
    category = Category.DEPENDENCY
    retry = Retry.SAFE
    message = "The backup was not made: {reason}"
    remedy = "Correct what the reason names and run the command again."


class BackupDiffers(LandbridgeError):
    """The backup was restored for a test and has other rows than the database it was taken
    from. It was removed.
    """

    code = "BACKUP_DIFFERS"
    title = "The backup does not match the database"
    status = 500
    category = Category.DEPENDENCY
    retry = Retry.SAFE
    message = "The restored backup differs from the database in {tables}."
    remedy = "Check the disk, then run the backup again."


class BackupFileUnreadable(LandbridgeError):
    """The file is missing, damaged, or was not written by 'landbridge db backup'."""

    code = "BACKUP_FILE_UNREADABLE"
    title = "This is no backup"
    status = 422
    message = "{file} is missing or is not a backup."
    remedy = "Give the path of a file that 'landbridge db backup' has written."


class RestoreWouldReplace(LandbridgeError):
    """The database holds client accounts, which the restore would put aside."""

    code = "RESTORE_WOULD_REPLACE"
    title = "The database is not empty"
    status = 409
    category = Category.CONFLICT
    message = "The database {database} holds client accounts."
    remedy = "Add --replace to put the backup in its place; the old database is kept."


class RestoreFailed(LandbridgeError):
    """pg_restore gave up. The database in use was not touched."""

    code = "RESTORE_FAILED"
    title = "The backup could not be restored"
    status = 500
    category = Category.DEPENDENCY
    message = "The backup could not be restored: {reason}"
    remedy = "Correct what the reason names and run the command again; nothing was changed."


class DatabaseNotEmbedded(LandbridgeError):
    """LANDBRIDGE_DATABASE_URL names a server that others run."""

    code = "DATABASE_NOT_EMBEDDED"
    title = "The database is not the embedded one"
    status = 409
    category = Category.CONFLICT
    message = "LANDBRIDGE_DATABASE_URL is set; that server is not started or stopped from here."
    remedy = "Unset LANDBRIDGE_DATABASE_URL to manage the embedded server."
