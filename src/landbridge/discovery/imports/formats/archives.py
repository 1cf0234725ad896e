"""ZIP and gzip files: judged by their table of contents before anything is unpacked, and
unpacked under names of our own.
"""

from __future__ import annotations

import contextlib
import gzip
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Final

from landbridge.discovery.imports.errors import (
    ArchiveEmpty,
    ArchiveTooManyFiles,
    ContentTooLarge,
    FileDamaged,
    FileEncrypted,
)

MAX_UNPACKED: Final = 8 << 30
MAX_RATIO: Final = 250
SMALL: Final = 100 << 20
MAX_MEMBERS: Final = 2_000
_CHUNK: Final = 1 << 20
_CLUTTER = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._)", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def guard_zip(archive: zipfile.ZipFile, path: Path, name: str) -> None:
    """Refuse an archive that would unpack to too much.

    Raises:
        ContentTooLarge: more than `MAX_UNPACKED` bytes, or more than `MAX_RATIO` times the
            packed size once that is more than `SMALL`.
    """
    unpacked = sum(i.file_size for i in archive.infolist())
    packed = max(path.stat().st_size, 1)
    if unpacked > MAX_UNPACKED or (unpacked > SMALL and unpacked > MAX_RATIO * packed):
        raise ContentTooLarge(name=name, unpacked_bytes=unpacked)


def members(archive: zipfile.ZipFile, path: Path, name: str) -> list[zipfile.ZipInfo]:
    """The files of an archive, without folders and what file managers leave behind.

    Raises:
        ContentTooLarge, ArchiveTooManyFiles, ArchiveEmpty: it is refused as a whole.
    """
    guard_zip(archive, path, name)
    files = [i for i in archive.infolist() if not i.is_dir() and not _CLUTTER.search(i.filename)]
    if len(files) > MAX_MEMBERS:
        raise ArchiveTooManyFiles(name=name, count=len(files), limit=MAX_MEMBERS)
    if not files:
        raise ArchiveEmpty(name=name)
    return files


def shown_name(info: zipfile.ZipInfo) -> str:
    """A member's name for people: no control characters, no way up or out, not endless."""
    parts = PurePosixPath(_UNPRINTABLE.sub("", info.filename.replace("\\", "/"))).parts
    kept = [p for p in parts if p not in {"/", "..", "."}]
    return "/".join(kept)[-200:] or "unnamed"


@contextlib.contextmanager
def unpacked_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Iterator[Path]:
    """A member's content as a temporary file.

    Raises:
        FileEncrypted: it needs a password.
        FileDamaged: it cannot be unpacked, or not to the size it claims.
    """
    if info.flag_bits & 1:
        raise FileEncrypted(name=name)
    try:
        with archive.open(info) as source, _spooled(source, name, info.file_size) as path:
            yield path
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as e:
        raise FileDamaged(name=name, reason=str(e) or type(e).__name__) from None


@contextlib.contextmanager
def unpacked_gzip(path: Path, name: str) -> Iterator[Path]:
    """The content of a gzip file as a temporary file.

    Raises:
        ContentTooLarge: it unpacks to too much.
        FileDamaged: it cannot be unpacked to its end.
    """
    limit = min(MAX_UNPACKED, max(SMALL, MAX_RATIO * path.stat().st_size))
    try:
        with gzip.open(path) as source, _spooled(source, name, limit) as unpacked:
            yield unpacked
    except (gzip.BadGzipFile, zlib.error, EOFError) as e:
        raise FileDamaged(name=name, reason=str(e) or type(e).__name__) from None


@contextlib.contextmanager
def _spooled(source: IO[bytes] | gzip.GzipFile, name: str, limit: int) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="landbridge-") as folder:
        path = Path(folder) / "content"
        size = 0
        with path.open("wb") as target:
            while chunk := source.read(_CHUNK):
                size += len(chunk)
                if size > limit:
                    raise ContentTooLarge(name=name, unpacked_bytes=size)
                target.write(chunk)
        yield path
