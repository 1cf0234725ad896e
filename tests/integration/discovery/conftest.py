from __future__ import annotations

from collections.abc import Callable

import pytest

from landbridge.database.engine import Databases
from landbridge.database.session import JobAccess
from tests.support.accounts import Account
from tests.support.tables import Bench
from tests.support.two_doors import TwoDoors


@pytest.fixture
def bench(databases: Databases, account: Account, make_flow: Callable[..., JobAccess]) -> Bench:
    return Bench(TwoDoors(databases), account, make_flow(account))
