"""The manifest of an export, and checking an export against it without any database."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final, Literal
from uuid import UUID

from pydantic import BaseModel, ValidationError

from landbridge.audit.notes import VerifierKey, signed_body
from landbridge.offboarding.errors import AccountExportDamaged

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
PIECE: Final = 1 << 20


class ExportedTable(BaseModel):
    """A table as JSON lines; `sha256` of the uncompressed file."""

    name: str
    path: str
    rows: int
    sha256: str


class ExportedFile(BaseModel):
    """An original file; `import_files` says under which names it was received."""

    path: str
    sha256: str
    size_bytes: int


class Manifest(BaseModel):
    """What an export holds. `left_out` names the tables without a file, and why."""

    format: Literal["landbridge-account-export"] = "landbridge-account-export"
    format_version: Literal[1] = 1
    client_account_id: UUID
    client_account: str
    exported_at: datetime
    release: str
    tables: list[ExportedTable]
    files: list[ExportedFile]
    left_out: dict[str, str]


class Checked(BaseModel):
    """An export that is what its manifest says.

    Attributes:
        signed_by_trusted_key: whether one of the given keys signed the manifest; None when no key
            was given.
    """

    client_account_id: UUID
    client_account: str
    exported_at: datetime
    tables: int
    rows: int
    files: int
    manifest_sha256: str
    signed_by_trusted_key: bool | None


def signed_text(manifest: Manifest, digest: str) -> str:
    """What is signed: which account, when, and the hash of the manifest."""
    moment = manifest.exported_at.isoformat()
    return f"landbridge account export\n{manifest.client_account_id}\n{moment}\n{digest}\n"


def check_export(path: Path, keys: Iterable[VerifierKey] = ()) -> Checked:
    """Recompute every hash and count of an export.

    Raises:
        AccountExportDamaged: it is no export, or something in it is not what the manifest says.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            body = archive.read(MANIFEST)
            manifest = Manifest.model_validate_json(body)
            _require_parts(archive, manifest)
            digest = hashlib.sha256(body).hexdigest()
            trusted = list(keys)
            signed = _signed(archive, manifest, digest, trusted) if trusted else None
    except (zipfile.BadZipFile, KeyError, ValidationError) as error:
        raise AccountExportDamaged(reason="it is no complete export") from error
    return Checked(
        client_account_id=manifest.client_account_id,
        client_account=manifest.client_account,
        exported_at=manifest.exported_at,
        tables=len(manifest.tables),
        rows=sum(t.rows for t in manifest.tables),
        files=len(manifest.files),
        manifest_sha256=digest,
        signed_by_trusted_key=signed,
    )


def _require_parts(archive: zipfile.ZipFile, manifest: Manifest) -> None:
    listed = {table.path for table in manifest.tables} | {file.path for file in manifest.files}
    there = set(archive.namelist()) - {MANIFEST, SIGNATURE}
    if listed != there:
        raise AccountExportDamaged(reason="it holds other files than its manifest lists")
    for table in manifest.tables:
        if _read(archive, table.path) != (table.sha256, table.rows):
            raise AccountExportDamaged(reason=f"{table.path} is not what the manifest says")
    for file in manifest.files:
        if _read(archive, file.path)[0] != file.sha256:
            raise AccountExportDamaged(reason=f"{file.path} is not what the manifest says")


def _read(archive: zipfile.ZipFile, path: str) -> tuple[str, int]:
    """Hash and number of lines."""
    digest, lines = hashlib.sha256(), 0
    with archive.open(path) as file:
        while piece := file.read(PIECE):
            digest.update(piece)
            lines += piece.count(b"\n")
    return digest.hexdigest(), lines


def _signed(
    archive: zipfile.ZipFile, manifest: Manifest, digest: str, keys: list[VerifierKey]
) -> bool:
    if SIGNATURE not in archive.namelist():
        return False
    note = archive.read(SIGNATURE).decode("utf-8", "replace")
    return signed_body(note, keys) == signed_text(manifest, digest)
