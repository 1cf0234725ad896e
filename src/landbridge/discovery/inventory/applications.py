"""Applications: from application lists and from the application columns of assets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final
from uuid import UUID

from landbridge.discovery.inventory.names import NO_NAME, cut, name_key, parse_host
from landbridge.discovery.inventory.tables import TableFacts
from landbridge.discovery.records import Record

_NAMES: Final = ("application_name", "hostname", "component_name")
_LINKS: Final = ("hostname", "fqdn", "ip_address")


@dataclass(slots=True)
class Application:
    """An application as the files describe it.

    Attributes:
        name: as first written.
        attributes: attribute → value of application lists; `custom` holds further columns.
        hosts: name of an asset → where the file says that it belongs to the application.
    """

    name: str
    attributes: dict[str, Any] = field(default_factory=dict)
    hosts: dict[str, dict[str, Any]] = field(default_factory=dict)


Links = dict[tuple[str, UUID], dict[str, Any]]


@dataclass
class ApplicationBook:
    """Collects the applications of an import, by the key of their name.

    Attributes:
        applications: key → application.
        links: (key, asset) → evidence: table, row, column text; of what `take` has not given.
    """

    applications: dict[str, Application] = field(default_factory=dict)
    links: Links = field(default_factory=dict)
    _taken: int = 0

    def named(self, name: str) -> tuple[str, Application] | None:
        """The application of this name, entered if it is new; None for a placeholder."""
        if parse_host(name) == NO_NAME:
            return None
        key = name_key(name)
        application = self.applications.get(key)
        if application is None:
            application = self.applications[key] = Application(cut(name.strip()))
        return key, application

    def take(self) -> tuple[dict[str, Application], Links]:
        """What was entered since it was last asked for."""
        new = dict(islice(self.applications.items(), self._taken, None))
        self._taken = len(self.applications)
        links, self.links = self.links, {}
        return new, links

    def add_row(self, table: TableFacts, record: Record) -> bool:
        """Take in a row of an application list; False when it names no application."""
        attribute = next((a for a in _NAMES if record.values.get(a)), None)
        if attribute is None:
            return False
        stated = record.values[attribute]
        entered = [self.named(n) for n in (stated if isinstance(stated, list) else [stated])]
        found = [e for e in entered if e is not None]
        attributes = {a: v for a, v in record.values.items() if a != attribute}
        if record.custom:
            attributes["custom"] = dict(record.custom)
        for _, application in found:
            application.attributes |= attributes
            for host in _hosts(record.values, attribute):
                application.hosts.setdefault(
                    host, {"import_table_id": str(table.id), "row": record.row_number}
                )
        return bool(found)

    def link(self, names: Iterable[str], asset_id: UUID, evidence: Mapping[str, Any]) -> None:
        """Note that an asset states its applications."""
        for name in names:
            entered = self.named(name)
            if entered is not None:
                self.links.setdefault((entered[0], asset_id), {**evidence, "text": name})


def _hosts(values: Mapping[str, Any], name_attribute: str) -> list[str]:
    hosts: list[str] = []
    for attribute in _LINKS:
        stated = values.get(attribute)
        if attribute != name_attribute and stated:
            hosts += stated if isinstance(stated, list) else [stated]
    return hosts
