"""What each fault ended in is told at the end of the run."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from landbridge.assembly.catalogue import CatalogueEntry
from landbridge.assembly.catalogue import catalogue as every_code
from tests.support.http_fixtures import server

__all__ = ["server"]


@dataclass(frozen=True, slots=True)
class Faults:
    """Notes for the table at the end."""

    request: pytest.FixtureRequest

    def saw(self, fault: str, code: str, recovery: str) -> None:
        """A fault ended in this code and was got over in this way."""
        self.request.node.user_properties.append(("fault", (fault, code, recovery)))


@pytest.fixture
def faults(request: pytest.FixtureRequest) -> Faults:
    """Where a test notes what it saw."""
    return Faults(request)


@pytest.fixture(scope="session")
def catalogue() -> dict[str, CatalogueEntry]:
    """Every code there is."""
    return every_code()
