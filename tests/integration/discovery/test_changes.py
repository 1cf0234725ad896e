"""What an import changed, asset by asset."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from landbridge.database.engine import Databases
from landbridge.database.listing import Wanted
from landbridge.discovery.inventory.changes import changes, counts
from tests.support.accounts import make_account
from tests.support.rediscovered import Estate

FIRST = "Hostname,Operating System,CPUs,RAM (GB)\nweb01,Ubuntu 22.04,4,16\ndb01,Debian 12,8,64\n"
OTHER = "Server Name,Serial Number,Department\nweb01,CZ20340XPL,Sales\n"
AGAIN = "Hostname,Operating System,CPUs,RAM (GB)\nweb01,Ubuntu 22.04,8,16\napp01,Debian 12,2,8\n"


@pytest.fixture(scope="module")
def estate(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Estate:
    folder = tmp_path_factory.mktemp("changes")
    return Estate(databases, make_account(databases), [written(folder, FIRST)])


def written(folder: Path, text: str) -> Path:
    path = folder / "machines.csv"
    path.write_text(text)
    return path


def changed(estate: Estate, **filters: str) -> list[tuple[str, str, list[Any]]]:
    with estate.databases.app.open(estate.account.access) as session:
        scope = session, estate.account.engagement_id, estate.import_id
        found = changes(*scope, Wanted(filters)).items
        counted = counts(*scope, Wanted())["change"]
    if not filters:
        assert sum(c.count for c in counted) == len(found)
    return [(r.name, r.change, [(v.attribute, v.before, v.after) for v in r.values]) for r in found]


def test_what_imports_change_is_told_by_asset(estate: Estate, tmp_path: Path) -> None:
    assert changed(estate) == [("db01", "new", []), ("web01", "new", [])]
    estate.discover([written(tmp_path, OTHER)])
    assert changed(estate) == [("web01", "completed", [])]
    estate.discover([written(tmp_path, AGAIN)])
    told = [
        ("app01", "new", []),
        ("db01", "absent", []),
        ("web01", "changed", [("cpu_cores", 4, 8)]),
    ]
    assert changed(estate) == told
    assert changed(estate, change="absent") == [told[1]]
    assert changed(estate, q="web") == [told[2]]
    estate.discover([written(tmp_path, AGAIN)])
    assert changed(estate) == [told[1]]
