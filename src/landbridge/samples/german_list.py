"""The spreadsheet that the German sites keep of their hardware: a list made by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final

from landbridge.samples.model import Database, Link, Machine
from landbridge.samples.names import COMPANY, DEPARTMENTS
from landbridge.samples.scenario import Scenario
from landbridge.samples.tables import Cell, Column, Row, Sheet, write_workbook
from landbridge.samples.truth import ColumnTruth, SeededIssue, TableTruth, Thing, Truth

FILE: Final = "Serverliste_Rechenzentrum.xlsx"
SHEET: Final = "Serverliste"

_ENVIRONMENTS: Final = {"production": "Produktion", "test": "Test", "development": "Entwicklung"}
_CRITICALITY: Final = ("Sehr hoch", "Hoch", "Mittel", "Niedrig")
_REMARKS: Final = ("", "", "Umzug 2027 geplant", "nicht ohne Rücksprache neu starten")
_RESERVED: Final = 5
_PREAMBLE: Final = (
    (f"{COMPANY} – Serverliste Rechenzentrum",),
    ("Stand: 27.02.2026, gepflegt von IT-Betrieb",),
)


@dataclass(frozen=True, slots=True)
class ListView:
    """One line of the list.

    Attributes:
        number: running number in the first column.
        calls: names of the systems the server needs, as the editor wrote them.
        remark: free text.
    """

    number: int
    machine: Machine
    application: str
    calls: str
    remark: str

    @property
    def system(self) -> str:
        """The operating system as people write it."""
        return self.machine.release.german if self.machine.release else ""

    @property
    def database(self) -> Database | None:
        """The database instance on the server."""
        return self.machine.database


def _decimal(value: float) -> str:
    """A number the German way."""
    return f"{value:.1f}".replace(".", ",")


def _size(mebibytes: int) -> str:
    gibibytes = mebibytes / 1024
    return f"{_decimal(gibibytes / 1024)} TB" if gibibytes % 102.4 == 0 else f"{gibibytes:.0f} GB"


def _day(value: date, number: int) -> Cell:
    """Some cells are real dates, most are text."""
    return value if number % 4 == 0 else value.strftime("%d.%m.%Y")


def _warranty(view: ListView) -> Cell:
    return _day(view.machine.installed + timedelta(days=5 * 365), view.number)


L = Column[ListView]
_COLUMNS: Final = (
    L("Lfd. Nr.", None, lambda v: v.number),
    L("Servername", "hostname", lambda v: f"{v.machine.name.upper()}{' ' * (v.number % 5 == 0)}"),
    L("IP-Adresse", "ip_address", lambda v: ", ".join(nic.ip for nic in v.machine.nics)),
    L("Betriebssystem", "os_name", lambda v: v.system),
    L("Anzahl Kerne", "cpu_cores", lambda v: v.machine.cores),
    L("Arbeitsspeicher (GB)", "memory_gb", lambda v: _decimal(v.machine.memory / 1024)),
    L("Festplatte gesamt", "storage_gb", lambda v: _size(v.machine.storage)),
    L("Umgebung", "environment", lambda v: _ENVIRONMENTS[v.machine.environment]),
    L("Kritikalität", "criticality", lambda v: _CRITICALITY[v.machine.criticality - 1]),
    L("Fachverantwortlicher", "business_owner", lambda v: v.machine.owner),
    L("Technischer Ansprechpartner", "technical_owner", lambda v: v.machine.technician),
    L("Abteilung", "department", lambda v: DEPARTMENTS[v.machine.department][0]),
    L("Kostenstelle", "cost_center", lambda v: DEPARTMENTS[v.machine.department][1]),
    L("Anwendung", "application_name", lambda v: v.application),
    L("Standort", "location", lambda v: v.machine.site.city),
    L("Rechenzentrum", "datacenter", lambda v: v.machine.site.datacenter),
    L("Rack", "rack", lambda v: f"R{v.machine.number % 14 + 1:02d}"),
    L("Seriennummer", "serial_number", lambda v: v.machine.serial),
    L("Inventarnummer", "asset_tag", lambda v: v.machine.asset_tag),
    L("Hersteller", "manufacturer", lambda v: v.machine.hardware.vendor),
    L("Modell", "model", lambda v: v.machine.hardware.model),
    L("Virtuell", "is_virtual", lambda v: "Nein"),
    L("Inbetriebnahme", "install_date", lambda v: _day(v.machine.installed, v.number)),
    L("Wartungsende", "end_of_life_date", _warranty),
    L("Abhängigkeiten", "depends_on", lambda v: v.calls),
    L("DB-Instanz", "db_instance", lambda v: v.database.name if v.database else ""),
    L("Datenbanksystem", "db_engine",
      lambda v: v.database.engine.title if v.database else ""),
    L("DB-Version", "software_version",
      lambda v: v.database.engine.version if v.database else ""),
    L("Status", "status", lambda v: "In Betrieb"),
    L("Bemerkung", "description", lambda v: v.remark),
)  # fmt: skip
_LEGEND: Final = (
    ("Produktion", "24x7"),
    ("Test", "Mo-Fr"),
    ("Entwicklung", "ohne Rufbereitschaft"),
)


def render(scenario: Scenario, path: Path, truth: Truth) -> None:
    """Write the workbook: the list, with two lines above its header and a total below, and the
    legend that explains its words.
    """
    views = _views(scenario, truth)
    table = TableTruth(
        FILE, SHEET, "assets", len(_PREAMBLE) + 1, [column.truth for column in _COLUMNS]
    )
    legend = TableTruth(
        FILE, "Legende", "reference", 1,
        [ColumnTruth("Umgebung", None, ("environment",)), ColumnTruth("Bereitschaft", None)],
    )  # fmt: skip
    table.footer = 1
    truth.tables.extend((table, legend))
    explained: list[Row] = [(None, line) for line in _LEGEND]
    write_workbook(
        path / FILE, [Sheet(table, _rows(views, table, truth), _PREAMBLE), Sheet(legend, explained)]
    )


def _rows(views: list[ListView], table: TableTruth, truth: Truth) -> Iterator[Row]:
    for view in views:
        yield view.machine.key, [column.value(view) for column in _COLUMNS]
        if view.number == _RESERVED:
            truth.issues.append(
                SeededIssue(FILE, SHEET, table.next_row, "Servername", "", "no_name", usable=False)
            )
            yield None, ["", *[""] * (len(_COLUMNS) - 2), "Einbauplatz reserviert"]
    yield None, ["Summe", "", "", "", sum(view.machine.cores for view in views)]


def _views(scenario: Scenario, truth: Truth) -> list[ListView]:
    """The listed servers; every twentieth line was pasted twice."""
    rng = Random(f"{scenario.estate.seed}/german_list")
    estate = scenario.estate
    applications = {a.key: a.name for a in estate.applications}
    outgoing: dict[str, list[Link]] = {}
    for link in estate.links:
        outgoing.setdefault(link.source.key, []).append(link)
    views: list[ListView] = []
    for machine in estate.physical:
        if machine.key not in scenario.listed:
            continue
        calls = [link.target for link in outgoing.get(machine.key, ()) if not link.target.twin]
        for target in calls:
            truth.note_edge(machine.key, target.key, "depends_on", 0, FILE)
        if machine.application:
            truth.note_member(machine.application, machine.key)
        if machine.database:
            database = machine.database
            truth.things[database.key] = Thing("database", database.name, machine.environment)
            truth.note_edge(database.key, machine.key, "runs_on", 0, FILE)
        separator = rng.choice(("; ", ", "))
        view = ListView(
            len(views) + 1, machine, applications.get(machine.application or "", ""),
            separator.join(dict.fromkeys(target.name for target in calls)), rng.choice(_REMARKS),
        )  # fmt: skip
        views.append(view)
        if view.number % 20 == 7:
            views.append(view)
    return views
