"""ZIP and gzip files: judged by their table of contents before anything is unpacked, and
unpacked under names of our own.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import re
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Final

from landbridge.discovery.imports.errors import (
    ArchiveContradictory,
    ArchiveDirectoryTooLarge,
    ArchiveEmpty,
    ArchiveTooManyFiles,
    ContentTooLarge,
    FileDamaged,
    FileEncrypted,
    FileUnsupported,
)
from landbridge.discovery.imports.formats.bounds import Bound

MAX_DIRECTORY: Final = 8 << 20
MAX_MEMBERS: Final = 2_000
_CHUNK: Final = 1 << 20
_LOCAL_HEADER: Final = 30
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2})
_CLUTTER = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._)", re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@contextlib.contextmanager
def opened_zip(path: Path, name: str, bound: Bound | None = None) -> Iterator[zipfile.ZipFile]:
    """An archive, judged by its table of contents.

    Args:
        path: where it is.
        name: what to call it in errors.
        bound: how much it may become; not judged if None.

    Raises:
        ArchiveDirectoryTooLarge: the table of contents is too large to be read.
        ArchiveContradictory: entries overlap.
        ContentTooLarge: it would unpack to more than the bound.
        zipfile.BadZipFile, NotImplementedError, ValueError: it is no archive.
    """
    with path.open("rb") as raw, _Wary(raw) as file:
        try:
            archive = zipfile.ZipFile(file)
        except _DirectoryTooLarge:
            raise ArchiveDirectoryTooLarge(name=name, limit_bytes=MAX_DIRECTORY) from None
        file.wary = False
        with archive:
            _require_apart(archive, path.stat().st_size, name)
            if bound is not None:
                bound.require(sum(i.file_size for i in archive.infolist()))
            yield archive


class _DirectoryTooLarge(Exception):
    """The table of contents would be read into memory as a whole, and is too large for that."""


class _Wary(io.BufferedReader):
    """A file that does not give a whole table of contents of any size away at once."""

    wary = True

    def read(self, size: int | None = -1, /) -> bytes:
        if self.wary and size is not None and size > MAX_DIRECTORY:
            raise _DirectoryTooLarge
        return super().read(size)


def _require_apart(archive: zipfile.ZipFile, size: int, name: str) -> None:
    """Each entry has bytes of its own."""
    end = 0
    for info in sorted(archive.infolist(), key=lambda i: i.header_offset):
        if info.header_offset < end:
            raise ArchiveContradictory(name=name, reason="two of its entries share the same bytes")
        end = info.header_offset + _LOCAL_HEADER + info.compress_size
    if end > size:
        raise ArchiveContradictory(name=name, reason="its entries claim more bytes than it has")


def members(archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    """The files of an archive, without folders and what file managers leave behind.

    Raises:
        ArchiveTooManyFiles, ArchiveEmpty: it is refused as a whole.
    """
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
        FileUnsupported: it is a link, or packed by a method that needs memory as it likes.
        FileDamaged: it cannot be unpacked, or not to the size it claims.
    """
    if info.flag_bits & 1:
        raise FileEncrypted(name=name)
    if stat.S_ISLNK(info.external_attr >> 16):
        raise FileUnsupported(name=name, kind="a link to another file")
    if info.compress_type not in _METHODS:
        raise FileUnsupported(name=name, kind="packed by an unusual method")
    try:
        with archive.open(info) as source, _spooled(source, name, info.file_size) as path:
            yield path
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as e:
        raise FileDamaged(name=name, reason=str(e) or type(e).__name__) from None


@contextlib.contextmanager
def unpacked_gzip(path: Path, name: str, bound: Bound) -> Iterator[Path]:
    """The content of a gzip file as a temporary file.

    Raises:
        ContentTooLarge: it unpacks to too much.
        FileDamaged: it cannot be unpacked to its end.
    """
    try:
        with gzip.open(path) as source, _spooled(source, name, bound.limit) as unpacked:
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
