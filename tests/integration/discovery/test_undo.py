"""An import that is undone leaves the inventory as it was before it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from landbridge.database.engine import Databases
from landbridge.discovery.inventory.errors import ImportNotApplied, ImportNotNewest
from landbridge.discovery.inventory.export import export_to
from landbridge.discovery.inventory.fingerprint import inventory_hash
from landbridge.discovery.inventory.withdrawal_phase import ImportWithdrawal, WithdrawalOutput
from landbridge.flows.phases import PhaseContext
from landbridge.samples.writing import write
from tests.support.accounts import make_account, make_flow
from tests.support.rediscovered import Estate


def undo(estate: Estate, import_id: Any = None) -> WithdrawalOutput:
    flow = make_flow(estate.databases, estate.account)
    with estate.databases.worker.open(flow) as session:
        return ImportWithdrawal().run(
            PhaseContext(
                session=session,
                client_account_id=estate.account.client_account_id,
                engagement_id=estate.account.engagement_id,
                flow_id=flow.flow_id,
                inputs={"import_id": str(import_id or estate.import_id)},
                outputs={},
                progress=lambda _done, _total: None,
            )
        )


def fingerprint(estate: Estate) -> str:
    with estate.databases.app.open(estate.account.access) as session:
        return inventory_hash(session, estate.account.engagement_id)


def everything(estate: Estate) -> dict[str, list[Any]]:
    """What the inventory holds, but for when it was written."""
    found = estate.bench.snapshot()
    for rows in found.values():
        for (row,) in rows:
            row.pop("updated_at", None)
    return {t: sorted(rows, key=repr) for t, rows in found.items()}


@pytest.fixture(scope="module")
def estate(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Estate:
    """Two of the four exports; the others come and go."""
    written = write(tmp_path_factory.mktemp("undone"), servers=100)
    made = Estate(databases, make_account(databases), written.files[:2])
    made.files = written.files
    return made


@pytest.fixture
def changed_csv(estate: Estate, tmp_path: Path) -> Path:
    """The exports' own words about some systems, contradicted."""
    rows = estate.bench.query(
        "select name, attributes ->> 'serial_number' from app.assets where asset_type ="
        " 'virtual_machine' or asset_type = 'server' order by name limit 12"
    )
    path = tmp_path / "excel.csv"
    lines = [f"{name},Contoso OS 9,{64 + i},nobody-{i}" for i, (name, *_) in enumerate(rows)]
    path.write_text("Hostname,Operating System,RAM (GB),Owner\n" + "\n".join(lines) + "\n")
    return path


def test_the_first_import_of_all_leaves_nothing(databases: Databases, tmp_path: Path) -> None:
    empty = make_account(databases)
    written = write(tmp_path, servers=100)
    made = Estate(databases, empty, written.files)
    undo(made)
    assert not any(made.bench.snapshot().values())
    with databases.app.open(empty.access) as session:
        nothing = inventory_hash(session, empty.engagement_id)
    assert fingerprint(made) == nothing


def test_other_exports_of_the_same_estate_come_and_go(estate: Estate) -> None:
    before, rows = fingerprint(estate), everything(estate)
    estate.discover(estate.files[2:])
    assert fingerprint(estate) != before
    undo(estate)
    assert fingerprint(estate) == before
    assert everything(estate) == rows


def test_contradictions_and_a_newer_word_of_the_same_source_come_and_go(
    estate: Estate, changed_csv: Path
) -> None:
    before = fingerprint(estate)
    estate.discover([changed_csv])
    first, once = estate.import_id, fingerprint(estate)
    assert once != before
    rows = everything(estate)
    changed_csv.write_text(changed_csv.read_text().replace("Contoso OS 9", "Contoso OS 10"))
    estate.discover([changed_csv])
    assert fingerprint(estate) != once
    with pytest.raises(ImportNotNewest):
        undo(estate, first)
    undo(estate)
    assert fingerprint(estate) == once
    assert everything(estate) == rows
    undo(estate, first)
    assert fingerprint(estate) == before
    with pytest.raises(ImportNotApplied):
        undo(estate, first)


def test_edits_in_an_export_come_and_go(estate: Estate, tmp_path: Path) -> None:
    before, rows = fingerprint(estate), everything(estate)
    with estate.databases.app.open(estate.account.access) as session:
        path = export_to(session, estate.account.engagement_id, "csv", tmp_path / "all.csv")
    path.write_text(path.read_text("utf-8-sig").replace("production", "test"), "utf-8")
    estate.discover([path])
    assert fingerprint(estate) != before
    undo(estate)
    assert fingerprint(estate) == before
    assert everything(estate) == rows


def test_an_import_that_changes_nothing_can_be_undone_too(estate: Estate) -> None:
    before = everything(estate)
    estate.discover(estate.files[:1])
    undo(estate)
    assert everything(estate) == before
