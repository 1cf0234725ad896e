"""Owners: which record of a file a row of a detail table (disks, adapters, …) belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landbridge.discovery.inventory.names import parse_host


class OwnerIndex:
    """The records of one file by everything a detail row may name them with."""

    def __init__(self) -> None:
        self._by: dict[tuple[str, ...], int | list[int]] = {}

    def add(self, number: int, values: Mapping[str, Any], scope: str) -> None:
        """Enter a record."""
        for key in _keys(values, scope):
            held = self._by.setdefault(key, number)
            if isinstance(held, list):
                held.append(number)
            elif held != number:
                self._by[key] = [held, number]

    def find(self, values: Mapping[str, Any], scope: str) -> list[int]:
        """The records that could be the owner: none, one, or several that share the name.

        Ids are asked first, then the name on its host, then the name alone; what leads to one
        record is believed before what leads to several.
        """
        several: list[int] = []
        for key in _keys(values, scope):
            held = self._by.get(key)
            if isinstance(held, int):
                return [held]
            several = several or held or []
        return several


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
