"""The sample estate through all phases, again, and back from its own exports."""

from __future__ import annotations

from pathlib import Path

import pytest

from landbridge.database.engine import Databases
from landbridge.discovery.inventory.export import FORMATS, export_to
from landbridge.samples.writing import write
from tests.support.accounts import make_account
from tests.support.rediscovered import Estate


@pytest.fixture(scope="module")
def estate(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Estate:
    written = write(tmp_path_factory.mktemp("estate"), servers=120)
    return Estate(databases, make_account(databases), written.files)


def test_the_same_files_again_create_nothing_twice(estate: Estate) -> None:
    inventory, dependencies = estate.discover(estate.files)
    assert (inventory.assets_created, inventory.assets_updated) == (0, 0)
    assert (dependencies.created, dependencies.updated, dependencies.assets_added) == (0, 0, 0)
    assert estate.bench.snapshot() == estate.found


def test_one_file_at_a_time_and_in_another_order_creates_nothing_either(estate: Estate) -> None:
    for path in reversed(estate.files):
        estate.discover([path])
    assert estate.bench.snapshot() == estate.found


@pytest.mark.parametrize("kind", FORMATS)
def test_an_export_comes_back_unchanged(estate: Estate, kind: str, tmp_path: Path) -> None:
    with estate.databases.app.open(estate.account.access) as session:
        path = export_to(session, estate.account.engagement_id, kind, tmp_path / f"all.{kind}")
    inventory, _ = estate.discover([path])
    assert (inventory.assets_created, inventory.assets_updated) == (0, 0)
    assert estate.bench.snapshot() == estate.found


def test_an_export_moves_an_inventory_to_another_engagement(
    estate: Estate, databases: Databases, tmp_path: Path
) -> None:
    with estate.databases.app.open(estate.account.access) as session:
        path = export_to(session, estate.account.engagement_id, "xlsx", tmp_path / "all.xlsx")
    moved = Estate(databases, make_account(databases), [path])
    for statement in (
        "select name, asset_type, environment, cpu_cores, memory_mb, storage_mb, os_name,"
        " os_version from app.assets",
        "select kind, name, attributes ->> 'capacity_gb' from app.asset_components"
        " where kind = 'disk'",
        "select a.name, d.kind, b.name, d.port from app.dependencies d"
        " join app.assets a on a.id = from_asset_id join app.assets b on b.id = to_asset_id",
    ):
        here, there = estate.bench.query(statement), moved.bench.query(statement)
        assert sorted(map(repr, there)) == sorted(map(repr, here))
