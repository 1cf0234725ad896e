from __future__ import annotations

from collections.abc import Callable

import pytest

from landbridge.database.engine import Databases
from landbridge.database.session import JobAccess, SessionDoor
from tests.support.accounts import Account
from tests.support.tables import Bench


class TwoDoors:
    """People through one door, workers through the other."""

    def __init__(self, databases: Databases) -> None:
        self._app, self._worker = databases.app, databases.worker

    def open(self, access: object):
        door: SessionDoor = self._worker if isinstance(access, JobAccess) else self._app
        return door.open(access)


@pytest.fixture
def bench(databases: Databases, account: Account, make_flow: Callable[..., JobAccess]) -> Bench:
    return Bench(TwoDoors(databases), account, make_flow(account))
