"""Files named on the command line."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from landbridge.errors.catalogue import LandbridgeError


class NoFilesGiven(LandbridgeError):
    """The command works on files, and none was named."""

    code = "NO_FILES_GIVEN"
    title = "No files were named"
    status = 422
    message = "No files were named."
    remedy = "Name at least one file, for example: landbridge discover export.xlsx"


class FileNotReadable(LandbridgeError):
    """A file named on the command line is missing or may not be read."""

    code = "FILE_NOT_READABLE"
    title = "A file cannot be read"
    status = 422
    message = "The file {path} cannot be read: {reason}."
    remedy = "Check the path and its permissions. Nothing was done."


class FileNotWritable(LandbridgeError):
    """The file that a command should write cannot be made there."""

    code = "FILE_NOT_WRITABLE"
    title = "A file cannot be written"
    status = 422
    message = "The file {path} cannot be written: {reason}."
    remedy = "Choose a folder that exists, that you may write to, and that has room."


@contextlib.contextmanager
def written(path: Path) -> Iterator[Path]:
    """Where to write a file that takes its place only when it is whole.

    Raises:
        FileNotWritable: it cannot be made there; nothing is left of it.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        yield unfinished
        unfinished.replace(path)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise FileNotWritable(path=str(path), reason=reason) from error
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)


def readable(given: Sequence[Path]) -> list[Path]:
    """The files meant, folders opened, sorted by name inside a folder.

    Raises:
        NoFilesGiven, FileNotReadable: nothing was done.
    """
    paths: list[Path] = []
    for path in given:
        if path.is_dir():
            paths += sorted(p for p in path.rglob("*") if p.is_file() and p.name[0] != ".")
        else:
            paths.append(path)
    if not paths:
        raise NoFilesGiven
    for path in paths:
        try:
            with path.open("rb") as stream:
                stream.read(1)
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise FileNotReadable(path=str(path), reason=reason) from None
    return paths
