"""Sign every account's chain at regular times, beside the worker's other duties."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Final, Self
from uuid import UUID

import structlog
from sqlalchemy import text

from landbridge.audit import keys
from landbridge.audit.anchor import Anchor
from landbridge.audit.checkpoints import read_checkpoint, sign_checkpoint
from landbridge.audit.errors import AuditChainBroken
from landbridge.database.session import SessionDoor
from landbridge.kit import metrics
from landbridge.kit.settings import Settings
from landbridge.occurrences import noting

log = structlog.get_logger(__name__)

FIRST_SECONDS: Final = 30.0
_DUE: Final = text("select client_account_id, seq, hash from app.audit_due()")
_HASH_AT: Final = text("select app.audit_hash_at(:client, :seq)")
_ANCHOR: Final = text("select app.audit_anchor(:client, :seq, :note)")


class Checkpointing:
    """A thread that signs what is new, until the block ends. Any number of workers may run one;
    of two that sign the same link one is kept.
    """

    def __init__(self, door: SessionDoor, settings: Settings) -> None:
        """
        Args:
            door: the worker's.
            settings: the key, the directory and the interval.
        """
        self._door, self._settings = door, settings
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="checkpointing", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join(10)

    def _run(self) -> None:
        pause = FIRST_SECONDS
        while not self._stop.wait(pause):
            pause = self._settings.audit_checkpoint_minutes * 60.0
            try:
                sign_due(self._door, self._settings)
                metrics.audit_signed()
            except Exception as error:  # a thread that ended here would leave chains unsigned
                log.exception("audit_checkpoints_failed")
                noting.note_background("audit_checkpoints_failed", error)


def sign_due(door: SessionDoor, settings: Settings) -> int:
    """Sign the last link of every account that has a new one; returns how many were signed. An
    account whose chain is not the one signed before is reported and left unsigned.

    Raises:
        LandbridgeError: the database, the key or the directory cannot be used.
    """
    anchor, key = Anchor.of(settings), keys.signing_key(settings)
    trusted = keys.trusted_keys(settings)
    with door.anonymous() as connection:
        due = connection.execute(_DUE).all()
    signed = 0
    for row in due:
        client = UUID(str(row.client_account_id))
        kept = anchor.notes(client)
        before = read_checkpoint(kept[-1], trusted) if kept else None
        with door.anonymous() as connection:
            if before is not None:
                place = {"client": client, "seq": before.seq}
                found = connection.execute(_HASH_AT, place).scalar_one_or_none()
                if found is None or bytes(found) != before.hash:
                    error = AuditChainBroken(seq=before.seq)
                    noting.note(error, "audit checkpoints")
                    log.error("audit_chain_broken", client_account_id=str(client), code=error.code)
                    continue
            note = sign_checkpoint(key, client, row.seq, bytes(row.hash))
            connection.execute(_ANCHOR, {"client": client, "seq": row.seq, "note": note})
        anchor.keep(client, row.seq, note)
        signed += 1
    return signed
