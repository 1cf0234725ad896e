"""What kind of table it is, told from all its columns together: the ground for reading words
that mean different things in different tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from landbridge.discovery.mapping.lexicon import concepts as to_concepts
from landbridge.discovery.mapping.normalise import parse

SOURCE_SIDE = frozenset({"source", "parent", "from", "consumer", "left", "client"})
TARGET_SIDE = frozenset({"target", "child", "to", "provider_side", "right", "remote", "listener"})
_COLOURING_SIDES = frozenset({"source", "parent", "from", "local", "remote"})
INFRASTRUCTURE = frozenset(
    {
        "ip",
        "mac",
        "os",
        "os_version",
        "kind_os",
        "cpu",
        "core",
        "vcpu",
        "memory",
        "disk",
        "storage",
        "serial",
        "rack",
        "hypervisor",
        "vmhost",
        "guid",
        "power",
        "model",
        "asset_tag",
        "fqdn",
        "vlan",
    }
)
_APPLICATION_SIGNS = frozenset(
    {
        "business_owner",
        "business_process",
        "user_count",
        "technology",
        "readiness",
        "data_classification",
        "criticality",
        "lifecycle",
        "rto",
        "strategy",
        "interface_owner",
        "department",
        "publisher",
        "application",
        "technical_owner",
        "license",
        "cloud",
        "dependency",
    }
)
_HOST_WORDS = frozenset({"hostname", "server", "computer", "vm", "fqdn"})
_PART_TABLES = {
    "partition": frozenset({"partition"}),
    "disk": frozenset({"disk", "disks", "volume"}),
    "nic": frozenset({"nic", "interface"}),
}
_PART_KEYS = frozenset({"name", "label", "id", "number", "path", "key"})
_OF_WHOLE_ASSETS = frozenset(
    {"os", "memory", "cpu", "core", "vcpu", "serial", "model", "environment", "criticality"}
)
_GUEST_WORDS = frozenset({"vm", "vms", "guest", "vmname", "vmid", "virtual"})
_OF_DATABASES_TOO = frozenset({"os", "ip", "power", "cpu", "memory", "core"})


@dataclass(frozen=True, slots=True)
class TableFacts:
    """What is known of a table before its columns are mapped one by one.

    Attributes:
        names: for each column, its concepts.
        all: every concept of the table.
        table: the concepts of the table's own name.
        applications: rows look like applications.
        databases: rows look like databases.
        relations: columns come as a source and a target side.
        connections: as relations, with ports, addresses or protocols.
        software: rows look like installed products.
        guests: rows look like virtual machines.
        parts: what of an asset the rows describe (`disk`, `nic`, `partition`, `software`);
            empty where they describe assets.
    """

    names: tuple[tuple[str, ...], ...]
    all: frozenset[str]
    table: frozenset[str]
    applications: bool
    databases: bool
    relations: bool
    connections: bool
    software: bool
    guests: bool = False
    parts: str = ""

    def named_elsewhere(self, ordinal: int) -> bool:
        """Another column plainly names the machine of the row."""
        return any(
            i != ordinal
            and set(c) - {"name", "primary", "full", "current"}
            <= {"hostname", "vm", "server", "computer", "fqdn", "guest", "display_name", "object"}
            for i, c in enumerate(self.names)
            if c
        )

    def others(self, ordinal: int, wanted: frozenset[str]) -> bool:
        """Another column consists of one of these concepts (beside qualifiers)."""
        return any(
            i != ordinal and wanted & set(c) and len(c) <= 2 for i, c in enumerate(self.names)
        )


def table_facts(
    names: Sequence[tuple[str, ...]], table_name: str, first_words: frozenset[str] = frozenset()
) -> TableFacts:
    """Read a table's kind.

    Args:
        names: the concepts of each column.
        table_name: sheet or file name.
        first_words: the words of the first columns, as written.
    """
    found = frozenset(c for name in names for c in name)
    table = frozenset(to_concepts(parse(table_name).tokens)) if table_name else frozenset()
    local_remote = "local" in found and "remote" in found
    wired = bool(found & {"port", "protocol", "transport", "process", "packet"}) or any(
        set(n) & (SOURCE_SIDE | TARGET_SIDE) and set(n) & {"ip", "address"} for n in names
    )
    relations = _paired(names) or local_remote or _lists_dependencies(names, found)
    infrastructure = found & INFRASTRUCTURE
    database_words = {"db_engine", "db_instance", "db_version", "database"}
    databases = bool(table & database_words) or (
        bool(found & database_words) and len(infrastructure - _OF_DATABASES_TOO) <= 2
    )
    software = "software" in table or (
        "software" in found and bool(found & {"version", "software_version", "publisher"})
    )
    applications = not relations and _lists_applications(names, found, table, infrastructure)
    return TableFacts(
        tuple(names),
        found,
        table,
        applications,
        databases and not relations and not applications,
        relations,
        relations and (wired or local_remote),
        software and not relations,
        "vmhost" in found or bool(first_words & _GUEST_WORDS) or "vm" in table,
        _parts(names, found, table, software=software) if table_name and not relations else "",
    )


def _parts(
    names: Sequence[tuple[str, ...]],
    found: frozenset[str],
    table: frozenset[str],
    *,
    software: bool,
) -> str:
    """Told from the table's name, or from columns that only parts of an asset have."""
    if software:
        return "software"
    for part, words in _PART_TABLES.items():
        if table & words:
            return part
    if found & _OF_WHOLE_ASSETS:
        return ""
    sized = bool(found & {"capacity", "size", "storage", "free", "space"})
    if any(set(n) <= {"partition", "name"} and "partition" in n for n in names) and sized:
        return "partition"
    if sized and any({"disk", "volume"} & set(n) and _PART_KEYS & set(n) for n in names):
        return "disk"
    if "mac" in found and any({"nic", "interface"} & set(n) for n in names):
        return "nic"
    return ""


def _lists_dependencies(names: Sequence[tuple[str, ...]], found: frozenset[str]) -> bool:
    """A thing, what it depends on, and the kind of dependency."""
    return (
        len(names) <= 12
        and {"dependency", "relation"} <= found
        and not found & INFRASTRUCTURE - {"ip"}
        and any(set(n) <= {"system", "application", "server", "service", "ci"} for n in names[:2])
    )


def _lists_applications(
    names: Sequence[tuple[str, ...]],
    found: frozenset[str],
    table: frozenset[str],
    infrastructure: frozenset[str],
) -> bool:
    """Rows are applications: named as such at the front, or described like one."""
    hosted = any(set(n) & _HOST_WORDS for n in names[:3])
    named = any("application" in n and len(n) <= 2 for n in names[:3])
    signs = len(found & _APPLICATION_SIGNS)
    if hosted:
        return False
    if table & {"application", "service"} or (named and len(infrastructure) <= 2 and signs >= 3):
        return True
    anywhere = any(set(n) & _HOST_WORDS and len(n) <= 2 for n in names)
    return not anywhere and len(infrastructure) <= 1 and signs >= 3


def in_a_plain_table(facts: TableFacts) -> TableFacts:
    """In a table without two ends, `source`, `parent`, `local` and the like only colour the
    words beside them ("Parent Cluster", "Client IP Address").
    """
    if facts.relations:
        return facts
    return replace(facts, names=tuple(without_sides(n) for n in facts.names))


def without_sides(name: tuple[str, ...]) -> tuple[str, ...]:
    """The concepts of a name without words that only say on which side it is."""
    if not set(name) - _COLOURING_SIDES:
        return name
    colouring = _colouring(name)
    return tuple(c for c in name if c not in colouring)


def _colouring(name: tuple[str, ...]) -> frozenset[str]:
    addressed = {"ip", "mac", "hostname", "address", "os", "fqdn"} & set(name)
    return _COLOURING_SIDES | {"client"} if addressed else _COLOURING_SIDES


_TELLS_NO_ENDS = frozenset(
    {"os", "os_version", "version", "cloud", "environment", "region", "location", "datacenter",
     "platform", "cpu", "core", "memory", "storage", "strategy", "size", "instance_type", "date",
     "vcpu", "site", "building", "city", "country", "cluster", "datastore", "folder", "tenant",
     "disk", "status", "kind_os", "network", "subnet", "source_of", "type", "class"}
)  # fmt: skip


def _paired(names: Sequence[tuple[str, ...]]) -> bool:
    """A source side and a target side are named for the same thing, and it is an end."""
    left = {frozenset(n) - SOURCE_SIDE for n in names if SOURCE_SIDE & set(n)}
    right = {frozenset(n) - TARGET_SIDE for n in names if TARGET_SIDE & set(n)}
    left = {rest for rest in left if not rest & _TELLS_NO_ENDS}
    right = {rest for rest in right if not rest & _TELLS_NO_ENDS}
    return bool(left & right) or (bool(left and right) and (frozenset() in left | right))
