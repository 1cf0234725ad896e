"""Export: all assets of an engagement as CSV, XLSX, JSON, NDJSON or Parquet, streamed.

Column names are the canonical ones, so that an export imports again without mapping; rows carry
`landbridge_id`, so that an unchanged row changes nothing and an edited one is an edit.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import orjson

from landbridge.database.session import TenantSession
from landbridge.discovery.imports.guard import guard
from landbridge.discovery.inventory.errors import ExportNotInstalled, UnknownExportFormat
from landbridge.discovery.inventory.exported import ExportedAsset, assets
from landbridge.discovery.inventory.parquet import write_parquet
from landbridge.discovery.inventory.workbook import write_workbook
from landbridge.discovery.vocabulary import ATTRIBUTES

FORMATS: Final = ("csv", "xlsx", "json", "ndjson", "parquet")
LIST_SEPARATOR: Final = "; "
_NOT_OF_ASSETS: Final = frozenset(
    ("rel_source", "rel_target", "rel_type", "source_ip", "target_ip")
)
ATTRIBUTE_COLUMNS: Final = tuple(
    a for a in ATTRIBUTES if a not in _NOT_OF_ASSETS and not a.startswith("component_")
)
COLUMNS: Final = (
    "landbridge_id",
    *ATTRIBUTE_COLUMNS,
    *("os_edition", "is_template", "landbridge_disks", "landbridge_nics"),
    *("landbridge_applications", "landbridge_conflicts"),
)
"""The columns of CSV, of Parquet and of the first sheet of XLSX."""


def export_to(session: TenantSession, engagement_id: UUID, kind: str, path: Path) -> Path:
    """Write the inventory to a file.

    Args:
        session: of the client account.
        engagement_id: whose assets.
        kind: one of FORMATS.
        path: the file; its folder is made if it is missing.

    Returns:
        The path.

    Raises:
        UnknownExportFormat: `kind` is none of FORMATS.
        ExportNotInstalled: the extra for this format is missing.
    """
    if kind not in FORMATS:
        raise UnknownExportFormat(format=kind, formats=", ".join(FORMATS))
    require_installed(kind)
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "xlsx":
        write_workbook(session, engagement_id, path, COLUMNS, row)
    elif kind == "parquet":
        write_parquet(session, engagement_id, path, COLUMNS, row)
    else:
        with path.open("wb") as file:
            file.writelines(STREAMED[kind](session, engagement_id))
    return path


def require_installed(kind: str) -> None:
    """Refuse a format whose extra is missing, before anything is written.

    Raises:
        ExportNotInstalled: it is missing.
    """
    if kind == "parquet" and find_spec("arro3.io") is None:
        raise ExportNotInstalled(format="Parquet", extra="parquet")


def as_csv(session: TenantSession, engagement_id: UUID) -> Iterator[bytes]:
    """The inventory as CSV in UTF-8 with a byte order mark, one line per asset."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    yield b"\xef\xbb\xbf" + _taken(buffer)
    for asset in assets(session, engagement_id):
        writer.writerow([_cell(v) for v in row(asset)])
        yield _taken(buffer)


def as_json(session: TenantSession, engagement_id: UUID) -> Iterator[bytes]:
    """The inventory as a JSON array, one object per asset with everything known about it."""
    separator = b"[\n"
    for asset in assets(session, engagement_id):
        yield separator + orjson.dumps(_document(asset))
        separator = b",\n"
    yield b"[]\n" if separator == b"[\n" else b"\n]\n"


def as_ndjson(session: TenantSession, engagement_id: UUID) -> Iterator[bytes]:
    """The same objects, one on each line."""
    for asset in assets(session, engagement_id):
        yield orjson.dumps(_document(asset), option=orjson.OPT_APPEND_NEWLINE)


STREAMED: Final[Mapping[str, Callable[[TenantSession, UUID], Iterator[bytes]]]] = {
    "csv": as_csv,
    "json": as_json,
    "ndjson": as_ndjson,
}
"""The formats that are written from beginning to end; the others are made on disk first."""


def row(asset: ExportedAsset) -> list[Any]:
    """The values of COLUMNS: texts, numbers and None. Lists are joined, text is not guarded."""
    values: list[Any] = [str(asset.id)]
    values += [_joined(_attribute(asset, a)) for a in ATTRIBUTE_COLUMNS]
    values.append(asset.attributes.get("os_edition"))
    values.append("yes" if asset.attributes.get("is_template") else None)
    values.append(_joined([_disk(c) for c in asset.components if c["kind"] == "disk"]))
    values.append(_joined([_adapter(c) for c in asset.components if c["kind"] == "nic"]))
    values.append(_joined(asset.applications))
    values.append(asset.conflicts or None)
    return values


def _attribute(asset: ExportedAsset, attribute: str) -> Any:
    if attribute == "asset_type":
        return asset.asset_type
    if attribute == "hostname":
        return asset.attributes.get("hostname") or asset.name
    return asset.attributes.get(attribute)


def _joined(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return LIST_SEPARATOR.join(str(v) for v in value) or None
    return value


def _disk(component: Mapping[str, Any]) -> str:
    size = component["attributes"].get("capacity_gb")
    return str(component["name"]) + ("" if size is None else f" ({size:g} GiB)")


def _adapter(component: Mapping[str, Any]) -> str:
    a = component["attributes"]
    addresses = [*a.get("mac_address", ()), *a.get("ip_address", ())]
    return " ".join([component["name"], *addresses])


def _cell(value: Any) -> Any:
    return guard(value) if isinstance(value, str) else value


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8", "replace")


def _document(asset: ExportedAsset) -> dict[str, Any]:
    attributes = {a: _attribute(asset, a) for a in ATTRIBUTE_COLUMNS}
    document = {a: v for a, v in attributes.items() if v is not None and v != []}
    others = {k: v for k, v in asset.attributes.items() if k not in ATTRIBUTES}
    return {
        "landbridge_id": str(asset.id),
        "name": asset.name,
        **document,
        **others,
        "applications": asset.applications,
        "disks": [_part(c) for c in asset.components if c["kind"] == "disk"],
        "nics": [_part(c) for c in asset.components if c["kind"] == "nic"],
        "partitions": [_part(c) for c in asset.components if c["kind"] == "partition"],
        "software": [_part(c) for c in asset.components if c["kind"] == "software"],
        "dependencies": asset.dependencies,
        "open_conflicts": asset.conflicts,
    }


def _part(component: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": component["name"], **component["attributes"]}
