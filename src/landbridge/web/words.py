"""How values read on a page, and the words for statuses."""

from __future__ import annotations

from typing import Any, Final

from landbridge.discovery.mapping.fingerprints import known_table
from landbridge.web.measures import (
    ago,
    clock,
    elapsed,
    exact,
    field_moment,
    gib,
    iso,
    moment,
    number,
    seconds,
    size,
    until,
)

FLOW_STATUS: Final = {
    "initialized": "Queued",
    "running": "Running",
    "waiting": "Waiting for a decision",
    "paused": "Paused",
    "completed": "Completed",
    "failed": "Failed",
    "cancelled": "Cancelled",
}
FLOW_TONE: Final = {
    "initialized": "",
    "running": "info",
    "waiting": "wait",
    "paused": "wait",
    "completed": "ok",
    "failed": "bad",
    "cancelled": "",
}
SEVERITY_TONE: Final = {
    "critical": "bad",
    "high": "bad",
    "error": "bad",
    "medium": "wait",
    "warning": "wait",
    "low": "info",
    "info": "",
}
ABBREVIATIONS: Final = {
    "api": "API",
    "os": "OS",
    "ip": "IP",
    "mac": "MAC",
    "cpu": "CPU",
    "uuid": "UUID",
    "fqdn": "FQDN",
    "gb": "(GiB)",
    "db": "database",
    "id": "ID",
    "nic": "NIC",
    "nics": "NICs",
    "rel": "relation",
}


def words(name: str | None) -> str:
    """A name of the vocabulary in plain words: os_version → OS version."""
    if not name:
        return "–"
    parts = [ABBREVIATIONS.get(p, p) for p in name.split("_")]
    text = " ".join(parts)
    return text[0].upper() + text[1:]


def sentence(text: str | None) -> str:
    """With a capital first letter and spaces for underscores."""
    return text[0].upper() + text[1:].replace("_", " ") if text else "–"


def value(item: Any) -> str:
    """Any attribute's value as text."""
    if item is None or item in ("", []):
        return "–"
    if isinstance(item, bool):
        return "Yes" if item else "No"
    if isinstance(item, (int, float)):
        return number(item)
    if isinstance(item, list):
        return ", ".join(value(i) for i in item)
    if isinstance(item, dict):
        return ", ".join(f"{words(str(k))}: {value(v)}" for k, v in item.items())
    return str(item)


def source_name(name: str | None) -> str | None:
    """What people call a known source."""
    known = known_table(name) if name else None
    return known.title if known else name


def header_place(row: int) -> str:
    """Where the header of a table stands, as a reader of the file counts."""
    return f"header in row {row + 1}" if row >= 0 else "no header"


def origin_text(candidate: dict[str, Any]) -> str:
    """Where a candidate of a conflict comes from, in a few words."""
    parts = [
        f"row {v}" if k in {"row", "row_number"} else value(v)
        for k, v in candidate.items()
        if k not in {"value", "name", "rule", "id", "import_table_id"} and v not in (None, "", [])
    ]
    return " · ".join(parts)


def evidence_text(item: Any) -> str:
    """One piece of evidence of a dependency, in a line."""
    if not isinstance(item, dict):
        return value(item)
    rows = item.get("rows") or []
    parts = [str(item[k]) for k in ("text", "file", "table") if item.get(k)]
    if not item.get("file") and item.get("source"):
        parts.append(str(item["source"]))
    if rows:
        parts.append(f"{'row' if len(rows) == 1 else 'rows'} {', '.join(str(r) for r in rows)}")
    if int(item.get("count") or 0) > len(rows):
        parts.append(f"{number(item['count'])} in all")
    return " · ".join(parts)


FILTERS: Final = {
    "evidence_text": evidence_text,
    "origin_text": origin_text,
    "source_name": source_name,
    "header_place": header_place,
    "number": number,
    "gib": gib,
    "size": size,
    "seconds": seconds,
    "ago": ago,
    "elapsed": elapsed,
    "exact": exact,
    "clock": clock,
    "until": until,
    "moment": moment,
    "field_moment": field_moment,
    "iso": iso,
    "words": words,
    "sentence": sentence,
    "value": value,
    "flow_status": lambda s: FLOW_STATUS.get(s, sentence(s)),
    "flow_tone": lambda s: FLOW_TONE.get(s, ""),
    "severity_tone": lambda s: SEVERITY_TONE.get(s, ""),
}
