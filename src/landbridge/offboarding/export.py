"""Everything of a client account in one ZIP: each table as JSON lines, the original files as they
were received, and a manifest with counts and hashes.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Connection, text

from landbridge.audit.notes import SigningKey
from landbridge.audit.recording import record
from landbridge.database.bulk import driver
from landbridge.database.session import Access, SessionDoor, TenantSession
from landbridge.kit import jsonio
from landbridge.kit.clock import now
from landbridge.offboarding.catalog import TENANT, tenant_tables
from landbridge.offboarding.manifest import (
    MANIFEST,
    SIGNATURE,
    ExportedFile,
    ExportedTable,
    Manifest,
    signed_text,
)

EXPORTED: Final = "account.exported"
ROWS_AT_ONCE: Final = 2_000
LEFT_OUT: Final = {
    "app.file_pieces": "The content of stored files; each is in files/ as it was received.",
    "app_private.memberships": "In members.ndjson, with names and addresses.",
    "app_private.credentials": "Hashes of keys and sessions; they open nothing elsewhere.",
    "app_private.webhook_secrets": "Secrets; a receiver elsewhere gets new ones.",
    "app_private.webhook_routes": "References that are made again from the webhooks.",
    "app_private.webhook_queue": "References to messages that are due; made from deliveries.",
    "app_private.open_flows": "References to flows that have not ended; made from flows.",
    "app_private.error_counts": "How often errors occurred; those kept are in error_occurrences.",
    "app_private.invitations": "Open invitations; their links open nothing elsewhere.",
    "app_private.audit_heads": "The last link of the audit log, which is in audit_links.",
}
"""Tables with rows of an account that have no file of their own, and why."""

_FILES: Final = (
    "select encode(sha256, 'hex') as sha256, size_bytes from app.stored_files order by sha256"
)
_PIECES: Final = "select data from app.file_pieces where sha256 = %s order by ordinal"
_MEMBERS: Final = "select row_to_json(m)::text from app.members() m order by 1"
_ACCOUNT: Final = text("select id, name from app.client_accounts")


class Exported(BaseModel):
    """A finished export.

    Attributes:
        manifest_sha256: hash of the manifest, which holds the hash of everything else. The audit
            log has it too.
        signed: whether the manifest is signed with the key of the audit log.
    """

    client_account_id: UUID
    file: str
    size_bytes: int
    tables: int
    rows: int
    files: int
    manifest_sha256: str
    signed: bool


def export_account(
    door: SessionDoor, access: Access, path: Path, *, key: SigningKey | None
) -> Exported:
    """Write the export of an account to `path`, from one moment of the database, and say so in the
    audit log.

    Args:
        door: where `access` opens.
        access: of a member who may take the account out; the caller has checked that.
        path: the file to write; it is replaced.
        key: signs the manifest.
    """
    with door.open(access) as session:
        connection = session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            manifest = _write(session, connection, archive)
            body = jsonio.dumps(manifest.model_dump(mode="json"))
            archive.writestr(MANIFEST, body)
            digest = hashlib.sha256(body.encode()).hexdigest()
            if key is not None:
                archive.writestr(SIGNATURE, key.sign(signed_text(manifest, digest)))
    done = Exported(
        client_account_id=manifest.client_account_id,
        file=str(path),
        size_bytes=path.stat().st_size,
        tables=len(manifest.tables),
        rows=sum(t.rows for t in manifest.tables),
        files=len(manifest.files),
        manifest_sha256=digest,
        signed=key is not None,
    )
    with door.open(access) as session:
        detail = {"manifest_sha256": digest, "rows": done.rows, "files": done.files}
        record(session, EXPORTED, "client_account", str(done.client_account_id), detail=detail)
    return done


def _write(session: TenantSession, connection: Connection, archive: zipfile.ZipFile) -> Manifest:
    account = session.execute(_ACCOUNT).one()
    tables = [t for t in sorted(tenant_tables(connection)) if t.startswith("app.")]
    chosen = ["app.client_accounts", *(t for t in tables if t not in LEFT_OUT)]
    return Manifest(
        client_account_id=account.id,
        client_account=account.name,
        exported_at=now(),
        release=version("landbridge"),
        tables=[
            *(_table(session, archive, table) for table in chosen),
            _lines(session, archive, "members", _MEMBERS),
        ],
        files=[_file(session, archive, row) for row in list(_rows(session, _FILES))],
        left_out=LEFT_OUT,
    )


def _table(session: TenantSession, archive: zipfile.ZipFile, table: str) -> ExportedTable:
    """Row-level security shows the rows of this account alone."""
    owner = "id" if table == "app.client_accounts" else TENANT
    query = (
        f"select row_to_json(t)::text from {table} t where t.{owner} = app.tenant() order by t.ctid"
    )
    return _lines(session, archive, table.removeprefix("app."), query)


def _lines(
    session: TenantSession, archive: zipfile.ZipFile, name: str, query: str
) -> ExportedTable:
    digest, rows = hashlib.sha256(), 0
    path = f"{name}.ndjson"
    with archive.open(path, "w", force_zip64=True) as file:
        for (line,) in _rows(session, query):
            data = line.encode() + b"\n"
            digest.update(data)
            file.write(data)
            rows += 1
    return ExportedTable(name=name, path=path, rows=rows, sha256=digest.hexdigest())


def _file(session: TenantSession, archive: zipfile.ZipFile, row: tuple[str, int]) -> ExportedFile:
    sha256, size = row
    path = f"files/{sha256}"
    with archive.open(path, "w", force_zip64=True) as file:
        for (data,) in _rows(session, _PIECES, [bytes.fromhex(sha256)]):
            file.write(data)
    return ExportedFile(path=path, sha256=sha256, size_bytes=size)


def _rows(session: TenantSession, query: str, values: Iterable[Any] = ()) -> Iterable[Any]:
    """Fetched little by little, so that no table has to fit into memory."""
    with driver(session).cursor(name="export") as cursor:
        cursor.itersize = ROWS_AT_ONCE
        cursor.execute(query.encode(), list(values) or None)
        yield from cursor
