"""The whole log of an account as a file that its holder can verify without us: JSON lines.

A header, then every link with the exact texts of its entries, then the signed checkpoints.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any, Final
from uuid import UUID

import orjson

from landbridge.audit import reading
from landbridge.audit.chain import Link
from landbridge.audit.errors import AuditExportUnreadable
from landbridge.audit.notes import VerifierKey
from landbridge.audit.verify import Sealed, Verification, Verifier
from landbridge.database.session import TenantSession
from landbridge.kit import jsonio
from landbridge.kit.clock import now

FORMAT: Final = 1


def lines(session: TenantSession, kept_notes: Iterable[str] = ()) -> Iterator[str]:
    """The file, line by line.

    Args:
        session: of the account.
        kept_notes: checkpoints kept outside the database.
    """
    head = {
        "landbridge_audit": FORMAT,
        "client_account_id": str(session.client_account_id),
        "exported_at": now().isoformat(),
    }
    yield jsonio.dumps(head) + "\n"
    for sealed in reading.sealed(session):
        link = sealed.link
        shown = {
            "seq": link.seq,
            "n": link.n,
            "root": link.root.hex(),
            "hash": link.hash.hex(),
            "entries": sealed.entries,
        }
        yield jsonio.dumps(shown) + "\n"
    for note in dict.fromkeys([*reading.stored_notes(session), *kept_notes]):
        yield jsonio.dumps({"checkpoint": note}) + "\n"


def verify_file(
    file: IO[str], keys: Sequence[VerifierKey], notes: Iterable[str] = ()
) -> Verification:
    """Verify an export with nothing but public keys.

    Args:
        file: as downloaded, open for reading; it is read twice.
        keys: those that are trusted.
        notes: checkpoints kept by its holder, besides those of the file.

    Raises:
        AuditExportUnreadable: it is no such file.
    """
    account, inside = _survey(file)
    verifier = Verifier(account, [*notes, *inside], keys)
    file.seek(0)
    for number, line in enumerate(file, start=1):
        told = _parsed(line, number)
        if "seq" in told:
            verifier.take(_sealed(told, number))
    return verifier.finish()


def _survey(file: IO[str]) -> tuple[UUID, list[str]]:
    """Whose log it is, and the checkpoints in it."""
    account: UUID | None = None
    notes: list[str] = []
    for number, line in enumerate(file, start=1):
        if number > 1 and not line.startswith('{"checkpoint"'):
            continue
        told = _parsed(line, number)
        if number == 1:
            try:
                account = UUID(told["client_account_id"])
            except (KeyError, TypeError, ValueError):
                raise AuditExportUnreadable(line=1) from None
        else:
            notes.append(str(told["checkpoint"]))
    if account is None:
        raise AuditExportUnreadable(line=1)
    return account, notes


def _parsed(line: str, number: int) -> dict[str, Any]:
    try:
        told = jsonio.loads(line)
    except orjson.JSONDecodeError:
        raise AuditExportUnreadable(line=number) from None
    if not isinstance(told, dict) or not told.keys() & {"seq", "checkpoint", "landbridge_audit"}:
        raise AuditExportUnreadable(line=number)
    return told


def _sealed(told: dict[str, Any], number: int) -> Sealed:
    try:
        root, seal = bytes.fromhex(told["root"]), bytes.fromhex(told["hash"])
        return Sealed(
            Link(int(told["seq"]), int(told["n"]), root, seal), [str(e) for e in told["entries"]]
        )
    except (KeyError, TypeError, ValueError):
        raise AuditExportUnreadable(line=number) from None
