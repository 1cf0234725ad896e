"""Taking in original files: hashed, limited, stored once per client account."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import IO, Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from landbridge.discovery.imports import repository
from landbridge.discovery.imports.errors import FileTooLarge
from landbridge.discovery.imports.models import ImportFile
from landbridge.discovery.imports.tables import ReadOptions
from landbridge.kit.settings import settings

_NAME_LIMIT: Final = 255
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file that was taken in.

    Attributes:
        id: of the file in its import.
        name: as kept.
        sha256: of its content.
        size_bytes: of its content.
        already_stored: whether the account had this content before.
    """

    id: UUID
    name: str
    sha256: bytes
    size_bytes: int
    already_stored: bool


def receive_file(
    session: Session,
    import_id: UUID,
    name: str,
    stream: IO[bytes] | Iterable[bytes],
    *,
    options: ReadOptions | None = None,
    limit_bytes: int | None = None,
) -> ReceivedFile:
    """Take in one file of an import.

    Args:
        session: of the client account.
        import_id: the import it belongs to.
        name: what its owner calls it; only the last part of a path is kept.
        stream: its content.
        options: how to read it, where the owner decided.
        limit_bytes: most that all files of the import may have; the setting if None.

    Raises:
        NotFound: the import does not exist.
        FileTooLarge: the limit is passed; nothing of the file is stored.
    """
    repository.find_import(session, import_id, lock=True)
    name = kept_name(name)
    limit = settings().max_upload_bytes if limit_bytes is None else limit_bytes
    known = repository.files_of(session, import_id)
    sizes = repository.sizes_of(session, import_id)
    left = limit - sum(sizes[f.sha256] for f in known)
    with tempfile.TemporaryFile() as spool:
        digest = hashlib.sha256()
        size = 0
        for part in _parts(stream):
            size += len(part)
            if size > left:
                raise FileTooLarge(name=name, limit_bytes=limit)
            digest.update(part)
            spool.write(part)
        sha256 = digest.digest()
        stored = repository.has_content(session, sha256)
        if not stored:
            spool.seek(0)
            repository.store_content(session, sha256, size, _parts(spool))
    file = ImportFile(
        import_id=import_id,
        ordinal=repository.next_ordinal(session, import_id),
        name=name,
        sha256=sha256,
        options=options_json(options or ReadOptions()),
    )
    session.add(file)
    session.flush()
    return ReceivedFile(file.id, name, sha256, size, stored)


def kept_name(name: str) -> str:
    """The last part of a path, without control characters, not endless."""
    last = re.split(r"[/\\]", _UNPRINTABLE.sub("", name))[-1].strip()
    return last[-_NAME_LIMIT:] or "unnamed"


def options_json(options: ReadOptions) -> dict[str, Any]:
    """Options as they are stored; only what was decided."""
    return {k: v for k, v in asdict(options).items() if v is not None}


def options_of(file: ImportFile) -> ReadOptions:
    """The options a file was given with."""
    stored = dict(file.options)
    if "sheets" in stored:
        stored["sheets"] = tuple(stored["sheets"])
    return ReadOptions(**stored)


def _parts(stream: IO[bytes] | Iterable[bytes]) -> Iterator[bytes]:
    """The content in parts of at most one piece."""
    if hasattr(stream, "read"):
        while part := stream.read(repository.PIECE):
            yield part
        return
    for part in stream:
        for start in range(0, len(part), repository.PIECE):
            yield part[start : start + repository.PIECE]
