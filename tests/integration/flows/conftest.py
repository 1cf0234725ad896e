"""Flows over worker processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from landbridge.database.engine import Databases
from tests.support.hall import Hall


@pytest.fixture
def hall(fresh_databases: Databases, tmp_path: Path) -> Hall:
    """A database of one test alone, over which it starts worker processes."""
    return Hall(fresh_databases, tmp_path)
