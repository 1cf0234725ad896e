"""Which account and engagement a command means when it is not told."""

from __future__ import annotations

from pathlib import Path

import pytest

from landbridge.database.engine import Databases
from landbridge.identity.local import local_access, local_engagement
from tests.support.commands import Commands


@pytest.fixture
def landbridge(fresh_databases: Databases, tmp_path: Path) -> Commands:
    return Commands.over(fresh_databases, tmp_path)


def test_the_only_ones_are_found_and_of_several_the_usual(
    landbridge: Commands, fresh_databases: Databases, tmp_path: Path
) -> None:
    nothing = landbridge("imports", "list")
    assert (nothing.code, "CLIENT_ACCOUNT_UNKNOWN" in nothing.err) == (1, True)

    acme = local_access(fresh_databases, tmp_path, "Acme")
    local_engagement(fresh_databases, acme, "Exit")
    assert landbridge("imports", "list").code == 0
    assert landbridge("mapping", "learned").code == 0

    local_engagement(fresh_databases, acme, "Return")
    several = landbridge("imports", "list")
    assert several.code == 1
    assert "ENGAGEMENT_NOT_SAID" in several.err
    assert "'Exit', 'Return'" in several.err
    assert landbridge("imports", "list", "--engagement", "Exit").code == 0
    local_engagement(fresh_databases, acme, "Discovery")
    assert landbridge("imports", "list").code == 0

    other = local_access(fresh_databases, tmp_path, "Globex")
    local_engagement(fresh_databases, other, "Move")
    several = landbridge("inventory", "hash")
    assert (several.code, "CLIENT_ACCOUNT_NOT_SAID" in several.err) == (1, True)
    assert landbridge("inventory", "hash", "--client-account", "Globex").code == 0
    default = local_access(fresh_databases, tmp_path, "Default")
    local_engagement(fresh_databases, default, "Only")
    assert landbridge("inventory", "hash").code == 0
