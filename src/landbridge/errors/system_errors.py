"""What the operating system refuses: space, rights, handles, memory."""

from __future__ import annotations

from landbridge.errors.catalogue import Category, LandbridgeError, Retry


class DiskFull(LandbridgeError):
    """The disk, or the share of it that this process may use, is full. What was being written
    is not kept; everything stored before is.
    """

    code = "DISK_FULL"
    title = "The disk is full"
    status = 507
    category = Category.CAPACITY
    retry = Retry.AFTER
    message = "There is no space left on a disk that Landbridge writes to."
    remedy = "Free space and repeat the action; 'landbridge doctor' shows which disk and how much."


class FileAccessDenied(LandbridgeError):
    """The operating system does not let this process read or write one of its own files: the
    rights were changed, or the disk was mounted read-only.
    """

    code = "FILE_ACCESS_DENIED"
    title = "A file may not be used"
    status = 500
    category = Category.DEPENDENCY
    message = "The operating system refused access to a file that Landbridge needs."
    remedy = "Let the account that runs Landbridge read and write its data directory; see its log."


class StorageFailed(LandbridgeError):
    """The disk or the network share reported a failure while it was read or written."""

    code = "STORAGE_FAILED"
    title = "The disk reported a failure"
    status = 503
    category = Category.DEPENDENCY
    retry = Retry.AFTER
    message = "A disk that Landbridge uses reported a failure."
    remedy = "Look at the system's log and the health of the disk, then repeat the action."


class TooManyOpenFiles(LandbridgeError):
    """This process, or the machine, has as many files and connections open as it may."""

    code = "TOO_MANY_OPEN_FILES"
    title = "Too many files are open"
    status = 503
    category = Category.CAPACITY
    retry = Retry.AFTER
    message = "No further file or connection can be opened at the moment."
    remedy = "Repeat the action shortly. If it stays, raise the limit of open files (ulimit -n)."


class OutOfMemory(LandbridgeError):
    """The machine, or the limit of this process, has no memory left for this action. Nothing of
    it was kept.
    """

    code = "OUT_OF_MEMORY"
    title = "There is not enough memory"
    status = 503
    category = Category.CAPACITY
    retry = Retry.AFTER
    message = "There was not enough memory for this action; nothing of it was kept."
    remedy = "Repeat it when less is going on, split the input, or give the process more memory."


class TranslationUnreadable(LandbridgeError):
    """A translation of errors is not a gettext catalogue, or is damaged."""

    code = "TRANSLATION_UNREADABLE"
    title = "A translation cannot be read"
    status = 500
    category = Category.DEPENDENCY
    message = "A translation in '{folder}' is not a compiled gettext catalogue."
    remedy = "Compile it again with pybabel compile, or unset LANDBRIDGE_TRANSLATIONS_DIR."
