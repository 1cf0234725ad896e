"""What the faces of the product do with the audit log of the open account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pydantic import BaseModel
from sqlalchemy import text

from landbridge.audit import keys, reading
from landbridge.audit.anchor import Anchor
from landbridge.audit.checkpoints import read_checkpoint, sign_checkpoint
from landbridge.audit.errors import AuditChainBroken, AuditLogEmpty
from landbridge.audit.verify import Verification, Verifier
from landbridge.database.session import TenantSession
from landbridge.kit.settings import Settings

_LAST: Final = text("select seq, hash from app.audit_links order by seq desc limit 1")
_AT: Final = text("select hash from app.audit_links where seq = :seq")
_KEEP: Final = text("select app.audit_checkpoint(:seq, :note)")
_CHECKPOINTS: Final = text(
    "select seq, at, note from app.audit_checkpoints order by seq desc limit :limit"
)
_STORED: Final = text("select note from app.audit_checkpoints where seq = :seq")


class SignedCheckpoint(BaseModel):
    """A checkpoint as it is listed: the note is the evidence, the rest repeats it."""

    seq: int
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class ChainSummary:
    """The state of the log at a glance.

    Attributes:
        links: transactions sealed so far.
        head: hash of the last link, in hexadecimal; None for an empty log.
        checkpoint: the newest signed checkpoint, if any.
    """

    links: int
    head: str | None
    checkpoint: SignedCheckpoint | None


def summary(session: TenantSession) -> ChainSummary:
    """The state of the log, without verifying it."""
    last = session.execute(_LAST).one_or_none()
    newest = checkpoints(session, limit=1)
    return ChainSummary(
        last.seq if last else 0,
        bytes(last.hash).hex() if last else None,
        newest[0] if newest else None,
    )


def checkpoints(session: TenantSession, limit: int = 50) -> list[SignedCheckpoint]:
    """The newest signed checkpoints, newest first."""
    rows = session.execute(_CHECKPOINTS, {"limit": limit})
    return [SignedCheckpoint(seq=r.seq, at=r.at, note=r.note) for r in rows]


def verify(session: TenantSession, settings: Settings, notes: Iterable[str] = ()) -> Verification:
    """Recompute the whole chain and hold it against every checkpoint that is known.

    Args:
        session: of the account.
        settings: where keys and kept checkpoints are.
        notes: further checkpoints, such as those that the client kept.

    Raises:
        LandbridgeError: keys or kept checkpoints cannot be read.
    """
    known = [*Anchor.of(settings).notes(session.client_account_id), *reading.stored_notes(session)]
    verifier = Verifier(session.client_account_id, [*known, *notes], keys.trusted_keys(settings))
    for sealed in reading.sealed(session):
        verifier.take(sealed)
    verifier.unsealed(reading.unsealed_transactions(session))
    return verifier.finish()


def checkpoint(session: TenantSession, settings: Settings) -> SignedCheckpoint:
    """Sign the last link, and keep the note in the database and outside it. Nothing new is
    signed while the last link is signed already.

    Raises:
        AuditLogEmpty: there is no link.
        AuditChainBroken: the chain is not the one that was signed before.
        LandbridgeError: the key or the directory cannot be used.
    """
    last = session.execute(_LAST).one_or_none()
    if last is None:
        raise AuditLogEmpty
    account, anchor = session.client_account_id, Anchor.of(settings)
    _require_continuity(session, settings, anchor)
    stored = stored_checkpoint(session, last.seq)
    note = stored or sign_checkpoint(
        keys.signing_key(settings), account, last.seq, bytes(last.hash)
    )
    session.execute(_KEEP, {"seq": last.seq, "note": note})
    anchor.keep(account, last.seq, note)
    return next(c for c in checkpoints(session) if c.seq == last.seq)


def _require_continuity(session: TenantSession, settings: Settings, anchor: Anchor) -> None:
    kept = anchor.notes(session.client_account_id)
    before = read_checkpoint(kept[-1], keys.trusted_keys(settings)) if kept else None
    if before is None:
        return
    found = session.execute(_AT, {"seq": before.seq}).scalar_one_or_none()
    if found is None or bytes(found) != before.hash:
        raise AuditChainBroken(seq=before.seq)


def stored_checkpoint(session: TenantSession, seq: int) -> str | None:
    """The signed note about this link, if there is one."""
    if not 0 < seq < 2**63:
        return None
    found: str | None = session.execute(_STORED, {"seq": seq}).scalar_one_or_none()
    return found


def public_keys(settings: Settings) -> list[str]:
    """The keys with which checkpoints are verified, the present one first."""
    return [key.text for key in keys.trusted_keys(settings)]


def because(session: TenantSession, reason: str) -> None:
    """Say why: every entry that this transaction writes from here on carries the reason."""
    session.execute(text("select set_config('app.reason', :reason, true)"), {"reason": reason})
