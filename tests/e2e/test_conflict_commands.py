"""`landbridge conflicts` as an analyst decides what sources disagree about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from landbridge.database.engine import Databases
from landbridge.samples.writing import write
from tests.support.command import Command, command_for


@pytest.fixture
def landbridge(fresh_databases: Databases, tmp_path: Path) -> Command:
    return command_for(fresh_databases, tmp_path)


def test_a_decision_is_made_and_taken_back(landbridge: Command, tmp_path: Path) -> None:
    landbridge.json("discover", *write(tmp_path, servers=100).files)
    opened: list[dict[str, Any]] = landbridge.json("conflicts", "list", "--status", "open")[
        "conflicts"
    ]
    first = next(c for c in opened if c["attribute"] != "identity")
    value = next(c["value"] for c in first["candidates"] if c["value"] != first["chosen"])
    said = landbridge.json("conflicts", "decide", first["id"], str(value))
    assert said == {"id": first["id"], "status": "resolved"}
    assert landbridge.json("conflicts", "reopen", first["id"])["status"] == "open"
    assert landbridge.json("conflicts", "list", "--status", "open")["conflicts"] == opened
