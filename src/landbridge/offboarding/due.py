"""Erase the accounts whose time has come, beside the worker's other duties."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Final, Self
from uuid import UUID

import structlog
from sqlalchemy import Engine, text

from landbridge.database.errors import catalogued_errors
from landbridge.errors.catalogue import LandbridgeError
from landbridge.identity.client_accounts import act_in, list_client_accounts
from landbridge.occurrences.noting import note_background
from landbridge.offboarding import erasure

log = structlog.get_logger(__name__)

FIRST_SECONDS: Final = 60.0
EVERY_SECONDS: Final = 3600.0
_DUE: Final = text("select reason from app.offboardings where erase_at <= now()")


def erase_due(owner: Engine) -> list[UUID]:
    """Erase every account whose erasure is due; those with flows that have not ended are reported
    and left for the next time.
    """
    erased = []
    for account, _ in list_client_accounts(owner):
        with catalogued_errors(), owner.begin() as connection:
            act_in(connection, account)
            reason = connection.execute(_DUE).scalar_one_or_none()
        if reason is None:
            continue
        try:
            erasure.erase(owner, account, reason=reason)
        except LandbridgeError as error:
            log.warning("erasure_failed", client_account_id=str(account), exc_info=True)
            note_background("erasure_failed", error)
        else:
            erased.append(account)
    erasure.finish(owner)
    return erased


class Erasing:
    """A thread that erases what is due, until the block ends. Any number of workers may run one:
    an account that is gone is not erased twice.
    """

    def __init__(self, owner: Engine | None) -> None:
        """
        Args:
            owner: connections of the schema's owner. Without them nothing happens here, and an
                operator runs `landbridge accounts erase --due` where they are.
        """
        self._owner = owner
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="erasing", daemon=True)

    def __enter__(self) -> Self:
        if self._owner is not None:
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        if self._owner is not None:
            self._thread.join(10)

    def _run(self) -> None:
        pause = FIRST_SECONDS
        while self._owner is not None and not self._stop.wait(pause):
            pause = EVERY_SECONDS
            try:
                erase_due(self._owner)
            except LandbridgeError as error:
                log.warning("erasures_failed", exc_info=True)
                note_background("erasures_failed", error)
