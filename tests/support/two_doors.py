"""One door for people and workers, chosen by who comes."""

from __future__ import annotations

from contextlib import AbstractContextManager

from landbridge.database.engine import Databases
from landbridge.database.session import Access, JobAccess, TenantSession


class TwoDoors:
    """People through one door, workers through the other."""

    def __init__(self, databases: Databases) -> None:
        self._app, self._worker = databases.app, databases.worker

    def open(self, access: Access) -> AbstractContextManager[TenantSession]:
        """A transaction on behalf of `access`."""
        return (self._worker if isinstance(access, JobAccess) else self._app).open(access)
