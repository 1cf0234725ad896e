"""What the inventory needs to know of an imported table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Final
from uuid import UUID

from landbridge.discovery.inventory.authority import SourceClass, source_class
from landbridge.discovery.inventory.classify import lists_databases
from landbridge.discovery.vocabulary import TableRole

OWN_EXPORT: Final = "landbridge_"
"""What the sources of exports of this program begin with."""
_FLAGS: Final = {
    "is_template": re.compile(r"(?:is[ _]?)?(?:vm[ _]?)?template|vorlage|mod[eè]le de vm", re.I),
    "is_placeholder": re.compile(r"srm[ _]placeholder", re.I),
}
_INSTANCE = re.compile(r"vi[ _]?sdk[ _]?(?:uuid|server)|vcenter(?:[ _](?:server|uuid|name))?", re.I)


@dataclass(frozen=True)
class TableFacts:
    """An imported table, its role, and which column speaks of which attribute.

    Attributes:
        id, import_id, file_id: where it belongs.
        name: name of the sheet or file.
        source: known source of its header, lower case; empty when unknown.
        role: what its rows are.
        columns: headers in order.
        attributes: attribute → the columns mapped to it.
        rows: number of stored rows.
    """

    id: UUID
    import_id: UUID
    file_id: UUID
    name: str
    source: str
    role: TableRole
    columns: Sequence[str]
    attributes: Mapping[str, Sequence[str]]
    rows: int = 0

    @cached_property
    def key(self) -> str:
        """The source whose word a newer import of the same shape replaces."""
        if self.source:
            return f"{self.source}/{self.role}"
        shape = "\x1f".join(sorted(c.strip().casefold() for c in self.columns))
        return f"list/{blake2b(shape.encode(), digest_size=6).hexdigest()}/{self.role}"

    @cached_property
    def family(self) -> str:
        """The tool that gives the ids in this table; ids of different tools never compare."""
        return self.source.partition("_")[0] or self.key

    @property
    def is_own_export(self) -> bool:
        """Whether the table is an export of an inventory of this program."""
        return self.source.startswith(OWN_EXPORT)

    @cached_property
    def source_class(self) -> SourceClass:
        """How much the table is believed about what."""
        return source_class(self.source)

    @cached_property
    def lists_each_once(self) -> bool:
        """Whether two rows are two systems, whatever their names."""
        return self.role is TableRole.ASSETS and self.source_class is SourceClass.HYPERVISOR

    @cached_property
    def lists_databases(self) -> bool:
        """Whether the rows are databases rather than servers."""
        return lists_databases(self.attributes)

    @cached_property
    def flags(self) -> dict[str, list[str]]:
        """Flag → the columns that state it."""
        return {
            flag: [c for c in self.columns if pattern.fullmatch(c.strip())]
            for flag, pattern in _FLAGS.items()
        }

    @cached_property
    def instances(self) -> list[str]:
        """Columns that name the installation (vCenter) that gave the ids."""
        return [c for c in self.columns if _INSTANCE.fullmatch(c.strip())]

    def scope(self, custom: Mapping[str, str]) -> str:
        """The scope of the ids in one row."""
        if not self.instances:
            return self.family
        given = next((custom[c] for c in self.instances if custom.get(c)), "")
        return f"{self.family}@{given.strip().casefold()}" if given else self.family


_TRUE: Final = frozenset(("true", "yes", "y", "1", "x", "ja", "wahr", "oui", "vrai", "sí", "si"))


def is_true(text: str) -> bool:
    """Whether a cell of a flag column says yes."""
    return text.strip().casefold() in _TRUE
