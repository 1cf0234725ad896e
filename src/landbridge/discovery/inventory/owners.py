"""Owners: which record of a file a row of a detail table (disks, adapters, …) belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from landbridge.discovery.inventory.names import parse_host

NOBODY: Final = -1
AMBIGUOUS: Final = -2


class OwnerIndex:
    """The records of one file by everything a detail row may name them with."""

    def __init__(self) -> None:
        self._by: dict[tuple[str, ...], int] = {}

    def add(self, number: int, values: Mapping[str, Any], scope: str) -> None:
        """Enter a record; a key that two records share leads to neither."""
        for key in _keys(values, scope):
            held = self._by.setdefault(key, number)
            if held != number:
                self._by[key] = AMBIGUOUS

    def find(self, values: Mapping[str, Any], scope: str) -> int:
        """The number of the owner, NOBODY, or AMBIGUOUS when several could be meant.

        Ids are asked first, then the name on its host, then the name alone.
        """
        outcome = NOBODY
        for key in _keys(values, scope):
            found = self._by.get(key, NOBODY)
            if found >= 0:
                return found
            outcome = min(outcome, found)
        return outcome


def _keys(values: Mapping[str, Any], scope: str) -> list[tuple[str, ...]]:
    keys: list[tuple[str, ...]] = []
    if values.get("uuid"):
        keys.append(("uuid", values["uuid"]))
    if values.get("asset_id"):
        keys.append(("id", scope, values["asset_id"].casefold()))
    name = (values.get("hostname") or values.get("fqdn") or "").strip().casefold()
    if name:
        if values.get("host_system"):
            keys.append(("at", name, values["host_system"].casefold()))
        keys.append(("name", name))
        short = parse_host(name).name
        if short and short != name:
            keys.append(("name", short))
    return keys
