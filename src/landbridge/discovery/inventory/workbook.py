"""The inventory as a workbook: assets, and a sheet each for disks, adapters, dependencies and
findings. Rows are written as they are read; nothing is held in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import xlsxwriter
from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.discovery.imports.guard import guard
from landbridge.discovery.inventory.exported import ExportedAsset, assets

_LONGEST_CELL: Final = 32_767
_DISKS: Final = (
    *("landbridge_id", "hostname", "component_name", "component_key"),
    *("component_capacity_gb", "component_used_gb", "component_free_gb"),
)
_NICS: Final = (
    *("landbridge_id", "hostname", "component_name", "mac_address", "ip_address"),
    "network_segment",
)
_DEPENDENCIES: Final = (
    *("landbridge_from", "from", "rel_type", "landbridge_to", "to", "port", "protocol"),
    *("confidence", "observations", "status"),
)
_FINDINGS: Final = (
    *("landbridge_asset", "hostname", "code", "severity", "title", "detail", "remedy", "status"),
)


class _Sheet:
    """A sheet that is written from the top down."""

    def __init__(self, book: Any, name: str, columns: Sequence[str]) -> None:
        self._sheet = book.add_worksheet(name)
        self._next = 0
        head = book.add_format({"bold": True, "bottom": 1})
        self._sheet.freeze_panes(1, 2)
        for index, column in enumerate(columns):
            width = max(12, min(len(column) + 2, 40))
            self._sheet.set_column(index, index, width)
        self.write(columns, head)

    def write(self, values: Sequence[Any], style: Any = None) -> None:
        """Write the next row. Text is written as text, whatever it looks like."""
        for index, value in enumerate(values):
            if isinstance(value, str):
                self._sheet.write_string(self._next, index, guard(value)[:_LONGEST_CELL], style)
            elif value is not None:
                self._sheet.write_number(self._next, index, value, style)
        self._next += 1


def write_workbook(
    session: TenantSession,
    engagement_id: UUID,
    path: Path,
    columns: Sequence[str],
    row: Callable[[ExportedAsset], Sequence[Any]],
) -> None:
    """Write the workbook.

    Args:
        session: of the client account.
        engagement_id: whose inventory.
        path: the file.
        columns, row: header of the first sheet, and its values for an asset.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        first = _Sheet(book, "Assets", columns)
        disks = _Sheet(book, "Disks", _DISKS)
        nics = _Sheet(book, "NICs", _NICS)
        dependencies = _Sheet(book, "Dependencies", _DEPENDENCIES)
        findings = _Sheet(book, "Findings", _FINDINGS)
        for asset in assets(session, engagement_id):
            first.write(row(asset))
            for component in asset.components:
                if component["kind"] == "disk":
                    disks.write(_disk(asset, component))
                elif component["kind"] == "nic":
                    nics.write(_nic(asset, component))
            for d in asset.dependencies:
                ends = str(asset.id), asset.name, d["kind"], d["to_id"], d["to"]
                seen = d["confidence"], d["observations"], d["status"]
                dependencies.write([*ends, d["port"], d["protocol"], *seen])
        for finding in _findings(session, engagement_id):
            findings.write(finding)


def _disk(asset: ExportedAsset, component: dict[str, Any]) -> list[Any]:
    a = component["attributes"]
    sizes = (a.get("capacity_gb"), a.get("used_gb"), a.get("free_gb"))
    return [str(asset.id), asset.name, component["name"], a.get("key"), *sizes]


def _nic(asset: ExportedAsset, component: dict[str, Any]) -> list[Any]:
    a = component["attributes"]
    lists = ("; ".join(a.get(k) or ()) or None for k in ("mac_address", "ip_address"))
    return [str(asset.id), asset.name, component["name"], *lists, a.get("network_segment")]


def _findings(session: TenantSession, engagement_id: UUID) -> Iterator[Sequence[Any]]:
    rows = session.execute(
        text(
            "select f.asset_id::text, a.name, f.code, f.severity, f.title, f.detail, f.remedy,"
            " f.status from app.findings f left join app.assets a on a.id = f.asset_id"
            " where f.engagement_id = :e order by a.name_key, f.code, f.id"
        ).execution_options(yield_per=1_000),
        {"e": engagement_id},
    )
    for row in rows:
        yield tuple(row)
