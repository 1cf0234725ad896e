"""What each fault ended in is told at the end of the run."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pytest

from landbridge.assembly.catalogue import CatalogueEntry
from landbridge.assembly.catalogue import catalogue as every_code
from tests.support.fault_table import COLUMNS, Seen
from tests.support.http_fixtures import server

__all__ = ["server"]


@dataclass(frozen=True, slots=True)
class Faults:
    """Notes for the table at the end."""

    request: pytest.FixtureRequest

    def saw(self, seen: Seen, recovery: str, *, asked: Collection[str] = COLUMNS) -> None:
        """A fault ended in this, and was got over in this way; all that was asked is checked."""
        assert set(asked) == seen.checked, seen
        row = (seen.fault, seen.code, sorted(seen.checked), recovery)
        self.request.node.user_properties.append(("fault", row))


@pytest.fixture
def faults(request: pytest.FixtureRequest) -> Faults:
    """Where a test notes what it saw."""
    return Faults(request)


@pytest.fixture(scope="session")
def catalogue() -> dict[str, CatalogueEntry]:
    """Every code there is."""
    return every_code()
