"""What each fault ended in is told at the end of the run."""

from __future__ import annotations

from dataclasses import dataclass

import pytest


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
