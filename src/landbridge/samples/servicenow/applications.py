"""The business applications as ServiceNow exports them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from landbridge.samples.model import Application
from landbridge.samples.names import DEPARTMENTS
from landbridge.samples.tables import Cell, Column, Row, Sheet, constant, write_csv
from landbridge.samples.truth import SeededIssue, TableTruth, Truth

FILE: Final = "cmdb_ci_business_app.csv"

CRITICALITY: Final = {
    1: "1 - most critical",
    2: "2 - somewhat critical",
    3: "3 - less critical",
    4: "4 - not critical",
}

A = Column[Application]
_COLUMNS: Final = (
    A("Name", "application_name", lambda a: a.name, ("hostname",)),
    A("Number", "asset_id", lambda a: a.number),
    constant("Application type", "Homegrown", None, ("asset_type",)),
    A("Publisher", "manufacturer", lambda a: a.vendor),
    constant("Architecture type", "N-Tier", None, ("asset_type",)),
    constant("Install type", "On premise", None),
    constant("Platform", "Web based"),
    A("Department", "department", lambda a: DEPARTMENTS[a.department][0]),
    constant("Life cycle stage", "Operational", "status", (None,)),
    A("Technology stack", None, lambda a: a.technology),
    A("User base", None, lambda a: a.users),
    A("Active user count", None, lambda a: a.users * 3 // 4),
    constant("Migration Strategy", "", "migration_strategy", (None,)),
    A("Business owner", "business_owner", lambda a: a.owner),
    A("IT application owner", "technical_owner", lambda a: a.technician),
    A("Business criticality", "criticality", lambda a: CRITICALITY[a.criticality]),
    A("Emergency tier", None, lambda a: f"Tier {a.criticality}", ("criticality",)),
    A("Data classification", "data_classification",
      lambda a: ("Internal", "Confidential", "Public", "Internal")[a.criticality - 1]),
    A("Description", "description", lambda a: f"{a.name} for {DEPARTMENTS[a.department][0]}"),
)  # fmt: skip


def render(applications: list[Application], path: Path, truth: Truth) -> None:
    """Write the business application export; one record has lost its name."""
    table = TableTruth(
        FILE,
        Path(FILE).stem,
        "applications",
        1,
        [c.truth for c in _COLUMNS],
    )
    truth.tables.append(table)

    def rows() -> Iterator[Row]:
        for application in applications:
            yield application.key, [column.value(application) for column in _COLUMNS]
        nameless: list[Cell] = [column.value(applications[0]) for column in _COLUMNS]
        nameless[:2] = ["", ""]
        truth.issues.append(
            SeededIssue(table.file, table.table, table.next_row, "Name", "", "no_name", False)
        )
        yield None, nameless

    write_csv(path / FILE, Sheet(table, rows()), "utf-8-sig", quote_all=True)
