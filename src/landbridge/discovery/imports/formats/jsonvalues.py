"""JSON values as cells: nested objects become dotted columns, lists are joined."""

from __future__ import annotations

import json
from typing import Any, Final

SEPARATOR: Final = ", "
VALUE: Final = "value"


def merged(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of its key–value pairs; the values of a repeated key become a list."""
    result = dict(pairs)
    if len(result) == len(pairs):
        return result
    result = {}
    seen: set[str] = set()
    for key, value in pairs:
        if key not in seen:
            result[key] = value
            seen.add(key)
        else:
            before = result[key]
            result[key] = [*(before if isinstance(before, list) else [before]), value]
    return result


def text_of(value: Any) -> str:
    """A scalar as JSON writes it, strings without quotation marks, null as nothing."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def flatten(value: Any) -> dict[str, str]:
    """A record as column → text. What is no object becomes the column `value`."""
    cells: dict[str, str] = {}
    if isinstance(value, dict):
        _flatten(value, "", cells)
    else:
        add_cell(cells, VALUE, _joined(value) if isinstance(value, list) else text_of(value))
    return cells


def _flatten(value: dict[str, Any], prefix: str, cells: dict[str, str]) -> None:
    for key, item in value.items():
        path = prefix + key
        if isinstance(item, dict) and item:
            _flatten(item, path + ".", cells)
        elif isinstance(item, list):
            _flatten_list(item, path, cells)
        else:
            add_cell(cells, path, "" if item == {} else text_of(item))


def _flatten_list(items: list[Any], path: str, cells: dict[str, str]) -> None:
    if not items or not all(isinstance(i, dict) for i in items):
        add_cell(cells, path, _joined(items))
        return
    parts: list[dict[str, str]] = []
    for item in items:
        part: dict[str, str] = {}
        _flatten(item, path + ".", part)
        parts.append(part)
    for key in dict.fromkeys(k for part in parts for k in part):
        add_cell(cells, key, SEPARATOR.join(part.get(key, "") for part in parts))


def _joined(items: list[Any]) -> str:
    return SEPARATOR.join(text_of(i) for i in items)


def add_cell(cells: dict[str, str], key: str, text: str) -> None:
    """Put a text into its column, behind what is there."""
    cells[key] = cells[key] + SEPARATOR + text if key in cells else text
