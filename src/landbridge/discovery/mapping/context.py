"""Names that mean different things in different tables (`Name`, `Host`, `Type`, `CPU`, …), read
by what the other columns and the values say.
"""

from __future__ import annotations

from landbridge.discovery.mapping import softwarenames
from landbridge.discovery.mapping.normalise import ColumnName
from landbridge.discovery.mapping.pairs import whole_of
from landbridge.discovery.mapping.tablefacts import SOURCE_SIDE, TARGET_SIDE, TableFacts
from landbridge.discovery.mapping.values import Profile

CUSTOM = "custom"
_OF_PARTS = {"storage_gb": "component_capacity_gb", "storage_used_gb": "component_used_gb"}
_SHARES = frozenset(
    {"utilization", "utilisation", "usage", "util", "load", "auslastung", "uso", "utilizacion"}
)
_OF_GUESTS = frozenset(
    {"vm", "vcpu", "cluster", "datacenter", "power", "hypervisor", "resource_pool", "datastore",
     "tools", "snapshot", "template", "portgroup", "virtual", "pv"}
)  # fmt: skip
_NAMED = frozenset({"application", "name", "display_name"})
_MANY_HOSTS = frozenset({"hosts", "hotes", "anfitriones"})
_END_WORDS = frozenset(
    {"name", "hostname", "server", "computer", "host", "system", "ci", "device", "vm", "node",
     "asset", "object", "fqdn", "entity", "record", "resource", "instance", "tier"}
)  # fmt: skip
_STRONG_HOST_WORDS = frozenset({"hostname", "computer", "server", "fqdn"})
_PROCESSOR_WORDS = (
    "processor", "processeur", "prozessor", "procesador", "processore", "processador",
    "procesor", "proc", "nrproc", "numproc", "numberofproc",
)  # fmt: skip


def reading_in_context(
    ordinal: int, name: ColumnName, facts: TableFacts, profile: Profile
) -> tuple[str, str] | None:
    """What an ambiguous name means in this table.

    Returns:
        A label and the reason in words, or None where the name decides by itself.
    """
    concepts = frozenset(facts.names[ordinal])
    whole = whole_of(ordinal, facts)
    if whole is not None:
        return whole, "another column holds what is in use of it"
    rule = _RULES.get(concepts)
    if rule is not None:
        found = rule(ordinal, name, facts, profile)
        if found is not None:
            return (_OF_PARTS.get(found[0], found[0]), found[1]) if facts.parts else found
    return _general(ordinal, name, facts, profile, concepts)


def _bare_name(i: int, _n: ColumnName, facts: TableFacts, _p: Profile) -> tuple[str, str] | None:
    if facts.applications:
        return "application_name", "the table lists applications"
    if facts.parts == "software":
        return "component_name", "the table lists software"
    if facts.databases and not facts.others(i, frozenset({"db_instance", "database"})):
        return "db_instance", "the table lists databases"
    if facts.relations:
        return CUSTOM, "the table lists relationships"
    return None


def _runs_on(_i: int, _n: ColumnName, facts: TableFacts, _p: Profile) -> tuple[str, str] | None:
    if facts.applications:
        return "depends_on", "an application runs on them"
    return None


def _code(i: int, _n: ColumnName, facts: TableFacts, _p: Profile) -> tuple[str, str] | None:
    if any(i != j and {"application"} <= set(c) <= _NAMED for j, c in enumerate(facts.names)):
        return "asset_id", "another column names the application"
    return None


def _disk_used(_i: int, n: ColumnName, _f: TableFacts, p: Profile) -> tuple[str, str] | None:
    sizes = n.units & {"mb", "gb", "tb", "kb"} or p.share("size") >= 0.6
    if not sizes and _SHARES & set(n.tokens) and (p.largest is None or p.largest <= 100):
        return CUSTOM, "a share of the disk space"
    return None


def _disks(_i: int, n: ColumnName, _f: TableFacts, p: Profile) -> tuple[str, str] | None:
    if n.units & {"mb", "gb", "tb"} or p.share("size") >= 0.6:
        return "storage_gb", "it holds sizes"
    return None


def _instance(_i: int, _n: ColumnName, facts: TableFacts, _p: Profile) -> tuple[str, str] | None:
    if facts.databases:
        return "db_instance", "the table lists databases"
    return None


def _vm(i: int, n: ColumnName, facts: TableFacts, p: Profile) -> tuple[str, str] | None:
    if p.share("boolean") >= 0.6:
        return "is_virtual", "the values are yes or no"
    if p.share("small") >= 0.6:
        return CUSTOM, "a count of virtual machines"
    if i == 0:
        return None
    if any(t.endswith("s") for t in n.tokens) and facts.named_elsewhere(i):
        return CUSTOM, "a count of virtual machines"
    if not p.count and "flag" not in facts.names[i] and facts.others(i, _STRONG_HOST_WORDS):
        return "is_virtual", "another column names the machine"
    return None


def _firmware(_i: int, _n: ColumnName, facts: TableFacts, _p: Profile) -> tuple[str, str] | None:
    if facts.all & {"array", "switch", "router", "firewall"} and "os" not in facts.all:
        return "os_version", "the firmware is such a device's operating system"
    return None


def _used(_i: int, n: ColumnName, facts: TableFacts, p: Profile) -> tuple[str, str] | None:
    if n.units & {"mb", "gb", "tb", "kb"} or p.share("size") >= 0.6:
        return "storage_used_gb", "it holds sizes"
    beside = facts.all & {"storage", "disk", "capacity"} and not _SHARES & set(n.tokens)
    if beside and (p.share("number") >= 0.6 or not p.count):
        return "storage_used_gb", "beside a column of disk space"
    return CUSTOM, "it does not say what is used"


def _host(i: int, n: ColumnName, facts: TableFacts, p: Profile) -> tuple[str, str] | None:
    if facts.databases or facts.relations:
        return None
    if (
        n.tokens
        and n.tokens[-1] in _MANY_HOSTS
        and (p.share("small") >= 0.6 or (not p.count and facts.named_elsewhere(i)))
    ):
        return CUSTOM, "a count of hosts"
    if p.share("ip") >= 0.6 and not facts.guests:
        return "ip_address", "the values are IP addresses"
    current = "current" in facts.names[i]
    if facts.named_elsewhere(i) and (current or facts.guests or facts.all & _OF_GUESTS):
        return "host_system", "another column names the machine itself"
    return None


def _device(i: int, _n: ColumnName, facts: TableFacts, _p: Profile) -> tuple[str, str] | None:
    if (
        facts.guests or facts.all & {"vcpu", "vm", "cluster", "hypervisor"}
    ) and facts.named_elsewhere(i):
        return "host_system", "the table lists virtual machines and names them elsewhere"
    return None


def _server(_i: int, n: ColumnName, facts: TableFacts, p: Profile) -> tuple[str, str] | None:
    plural = bool(n.tokens) and n.tokens[-1].endswith(("s", "x", "es"))
    if facts.applications and (plural or p.lists > 0.3):
        return "depends_on", "an application runs on them"
    return None


def _short_name(_i: int, _n: ColumnName, facts: TableFacts, _p: Profile) -> tuple[str, str] | None:
    if facts.applications or facts.relations:
        return CUSTOM, "the short name of an application"
    return None


def _number(_i: int, n: ColumnName, _f: TableFacts, _p: Profile) -> tuple[str, str] | None:
    if n.tokens and n.tokens[0] in {"nr", "nro", "no", "n", "num", "numero", "lfd", "#", "sl"}:
        return CUSTOM, "a running number"
    return None


def _bare_side(_i: int, _n: ColumnName, facts: TableFacts, _p: Profile) -> tuple[str, str] | None:
    if not facts.relations:
        return CUSTOM, "it does not say the source or target of what"
    return None


def _switch(i: int, _n: ColumnName, facts: TableFacts, _p: Profile) -> tuple[str, str] | None:
    if facts.named_elsewhere(i):
        return CUSTOM, "another column names the machine"
    return None


def _cpu(i: int, name: ColumnName, facts: TableFacts, p: Profile) -> tuple[str, str] | None:
    bare = frozenset(facts.names[i]) == {"cpu"}
    plural = name.tokens[-1].endswith("s") if name.tokens else False
    processor = any(t.startswith(_PROCESSOR_WORDS) for t in name.tokens)
    if p.count and p.share("cpu") >= 0.5:
        return "cpu_model", "the values are processor models"
    if p.count and p.share("percent") >= 0.5:
        return "cpu_utilization", "the values are percentages"
    if bare and processor and not plural and not p.share("number") >= 0.5:
        return "cpu_model", "a processor named in the singular"
    cores = any(
        i != j and ({"core"} & set(c)) and "per" not in c for j, c in enumerate(facts.names)
    )
    if cores and bare and not plural and not p.count:
        return "cpu_model", "another column counts the cores"
    counted = any(
        i != j and "cpu" in c and {"count", "number"} & set(c) for j, c in enumerate(facts.names)
    )
    if counted and bare and not plural and not p.count:
        return "cpu_model", "another column counts the processors"
    if cores:
        return "cpu_sockets", "another column counts the cores"
    if processor and not bare and not facts.guests:
        return "cpu_sockets", "processors are counted"
    return None


def _vcpu(i: int, _n: ColumnName, facts: TableFacts, _p: Profile) -> tuple[str, str] | None:
    of_hosts = ("host",) in facts.names and not any(
        set(c) <= {"vm", "hostname", "name"} for c in facts.names if c
    )
    if of_hosts and ("core" in facts.all or "cpu" in facts.all):
        return CUSTOM, "virtual processors of a host's guests"
    return None


def _type(_i: int, _n: ColumnName, facts: TableFacts, p: Profile) -> tuple[str, str] | None:
    if facts.relations:
        return "rel_type", "the table lists relationships"
    if p.share("virtual") >= max(0.6, p.share("asset_class")):
        return "is_virtual", "the values say virtual or physical"
    if p.share("db") >= 0.6:
        return "db_engine", "the values are database products"
    if p.share("power") >= 0.9:
        return None
    return None


def _entity_type(i: int, n: ColumnName, facts: TableFacts, p: Profile) -> tuple[str, str] | None:
    if p.share("virtual") >= max(0.6, p.share("asset_class")):
        return "is_virtual", "the values say virtual or physical"
    if p.share("model") >= 0.5:
        return "model", "the values are hardware models"
    concepts = set(facts.names[i])
    if concepts & {"device", "computer"} and not p.share("asset_class") >= 0.5:
        others = [c for j, c in enumerate(facts.names) if j != i]
        if any("manufacturer" in c for c in others) and not any("model" in c for c in others):
            return "model", "beside the manufacturer, and no other column holds the model"
    return _type(i, n, facts, p)


def _classification(_i: int, _n: ColumnName, _f: TableFacts, p: Profile) -> tuple[str, str] | None:
    if p.share("environment") >= 0.6:
        return "environment", "the values are environments"
    return None


def _caption(i: int, _n: ColumnName, facts: TableFacts, p: Profile) -> tuple[str, str] | None:
    if p.share("os") >= 0.6:
        return "os_name", "the values are operating systems"
    if not p.count and facts.others(i, _STRONG_HOST_WORDS):
        return "os_name", "another column names the machine"
    return None


def _organization(i: int, _n: ColumnName, facts: TableFacts, p: Profile) -> tuple[str, str] | None:
    if p.share("company") >= 0.3:
        return "company", "the values are companies"
    if p.share("department") >= 0.4:
        return "department", "the values are departments"
    if facts.others(i, frozenset({"department"})):
        return "company", "another column holds the department"
    if facts.others(i, frozenset({"company"})):
        return "department", "another column holds the company"
    return None


def _status(_i: int, _n: ColumnName, facts: TableFacts, p: Profile) -> tuple[str, str] | None:
    if facts.connections:
        return CUSTOM, "the state of a connection"
    if p.share("power") >= 0.9 and p.share("lifecycle") < 0.9 and "power" not in facts.all:
        return "power_state", "the values are power states"
    return None


def _address(_i: int, _n: ColumnName, _f: TableFacts, p: Profile) -> tuple[str, str] | None:
    if p.count and p.share("ip") < 0.5:
        return "location", "the values are no IP addresses"
    return None


def _kind_os(i: int, _n: ColumnName, facts: TableFacts, p: Profile) -> tuple[str, str] | None:
    if p.share("os") >= 0.6 and p.share("os_family") < 0.5:
        return "os_name", "the values name operating systems in full"
    if facts.others(i, frozenset({"os"})):
        return CUSTOM, "another column names the operating system in full"
    return None


def _logical(i: int, _n: ColumnName, facts: TableFacts, _p: Profile) -> tuple[str, str] | None:
    if any(i != j and {"core", "vcpu"} & set(c) for j, c in enumerate(facts.names)):
        return CUSTOM, "another column counts the cores"
    return None


def _tier(_i: int, _n: ColumnName, _f: TableFacts, p: Profile) -> tuple[str, str] | None:
    if p.share("environment") >= 0.6:
        return "environment", "the values are environments"
    return None


def _allocated(i: int, n: ColumnName, facts: TableFacts, p: Profile) -> tuple[str, str] | None:
    if not (n.units & {"mb", "gb", "tb", "kb"} or p.share("size", "number") >= 0.6):
        return CUSTOM, "it does not say what is allocated"
    if any(i != j and {"raw", "usable"} & set(c) for j, c in enumerate(facts.names)):
        return "storage_used_gb", "another column holds the capacity"
    return None


def _system(_i: int, _n: ColumnName, facts: TableFacts, p: Profile) -> tuple[str, str] | None:
    if p.share("os") >= 0.5:
        return "os_name", "the values are operating systems"
    if facts.applications:
        return "application_name", "the table lists applications"
    return None


def _guest(i: int, _n: ColumnName, facts: TableFacts, p: Profile) -> tuple[str, str] | None:
    if p.share("os") >= 0.5:
        return "os_name", "the values are operating systems"
    return None


def _guest_id(_i: int, _n: ColumnName, _f: TableFacts, p: Profile) -> tuple[str, str] | None:
    if p.share("os") >= 0.5:
        return "os_name", "the values are operating systems"
    return None


_BY = frozenset({"by", "von", "durch", "par", "por", "da", "door"})
_DONE_BY = frozenset({"seen", "created", "updated", "install", "purchased", "eol", "first_seen"})
_RULES = {
    **softwarenames.RULES,
    frozenset({"name"}): _bare_name,
    frozenset({"name", "full"}): _bare_name,
    frozenset({"display_name"}): _bare_name,
    frozenset({"instance"}): _instance,
    frozenset({"instance", "name"}): _instance,
    frozenset({"vm"}): _vm,
    frozenset({"server"}): _server,
    frozenset({"server", "application"}): _server,
    frozenset({"short_name"}): _short_name,
    frozenset({"number"}): _number,
    frozenset({"source"}): _bare_side,
    frozenset({"target"}): _bare_side,
    frozenset({"switch"}): _switch,
    frozenset({"switch", "name"}): _switch,
    frozenset({"firmware"}): _firmware,
    frozenset({"vmhost"}): _runs_on,
    frozenset({"application", "code"}): _code,
    frozenset({"used"}): _used,
    frozenset({"used", "average"}): _used,
    frozenset({"disks"}): _disks,
    frozenset({"disk", "used"}): _disk_used,
    frozenset({"storage", "used"}): _disk_used,
    frozenset({"space", "used"}): _disk_used,
    frozenset({"host"}): _host,
    frozenset({"host", "name"}): _host,
    frozenset({"host", "primary"}): _host,
    frozenset({"host", "current"}): _host,
    frozenset({"host", "computer"}): _host,
    frozenset({"host", "device"}): _host,
    frozenset({"host", "server"}): _host,
    frozenset({"node"}): _device,
    frozenset({"device"}): _device,
    frozenset({"cpu"}): _cpu,
    frozenset({"cpu", "count"}): _cpu,
    frozenset({"cpu", "number"}): _cpu,
    frozenset({"cpu", "total"}): _cpu,
    frozenset({"cpu", "count", "total"}): _cpu,
    frozenset({"cpu", "allocated"}): _cpu,
    frozenset({"vcpu", "count"}): _vcpu,
    frozenset({"vcpu"}): _vcpu,
    frozenset({"type"}): _type,
    frozenset({"category"}): _type,
    frozenset({"kind"}): _type,
    frozenset({"class"}): _type,
    frozenset({"server", "type"}): _entity_type,
    frozenset({"device", "type"}): _entity_type,
    frozenset({"computer", "type"}): _entity_type,
    frozenset({"asset", "type"}): _entity_type,
    frozenset({"system", "type"}): _entity_type,
    frozenset({"host", "type"}): _entity_type,
    frozenset({"classification"}): _classification,
    frozenset({"caption"}): _caption,
    frozenset({"organization"}): _organization,
    frozenset({"status"}): _status,
    frozenset({"server", "status"}): _status,
    frozenset({"address"}): _address,
    frozenset({"kind_os"}): _kind_os,
    frozenset({"logical"}): _logical,
    frozenset({"count", "logical"}): _logical,
    frozenset({"cpu", "count", "logical"}): _logical,
    frozenset({"cpu", "logical"}): _logical,
    frozenset({"tier"}): _tier,
    frozenset({"allocated"}): _allocated,
    frozenset({"system"}): _system,
    frozenset({"guest"}): _guest,
    frozenset({"guest", "id"}): _guest_id,
}


def _general(
    ordinal: int, name: ColumnName, facts: TableFacts, profile: Profile, concepts: frozenset[str]
) -> tuple[str, str] | None:
    """Rules that hold for many names at once."""
    if len(name.tokens) > 1 and name.tokens[-1] in _BY and concepts & _DONE_BY:
        return CUSTOM, "it says who did it"
    sides = concepts & (SOURCE_SIDE | TARGET_SIDE)
    if facts.relations and sides == concepts and profile.share("ip") >= 0.6:
        label = "source_ip" if concepts & SOURCE_SIDE else "target_ip"
        return label, "the values are IP addresses"
    if facts.relations and sides:
        label = "rel_source" if concepts & SOURCE_SIDE else "rel_target"
        better = _better_end(ordinal, facts, sides)
        if concepts - sides <= {"application", "service"} and concepts - sides and better:
            return CUSTOM, "another column names the system at this end"
        if "id" in concepts and better:
            return CUSTOM, "another column names the system at this end"
        if concepts - sides <= _END_WORDS:
            return label, "one end of a relationship"
    if (
        facts.relations
        and "dependency" in facts.all
        and ordinal < 2
        and concepts
        and concepts <= {"system", "application", "server", "service", "ci", "hostname", "name"}
        and not facts.all & SOURCE_SIDE
    ):
        return "rel_source", "what the row's dependency belongs to"
    if facts.relations and concepts == {"dependency"} and not facts.all & TARGET_SIDE:
        return "rel_target", "what it depends on"
    if (
        facts.connections
        and concepts
        and concepts <= {"hostname", "computer", "server", "host", "name", "vm", "device", "node"}
        and not _named_end(facts)
    ):
        return "rel_source", "the machine that the connections were seen on"
    return None


def _better_end(ordinal: int, facts: TableFacts, sides: frozenset[str]) -> bool:
    named = {"hostname", "server", "computer", "host", "system", "vm", "device", "node", "fqdn"}
    for i, other in enumerate(facts.names):
        rest = set(other) - sides
        if (
            i != ordinal
            and sides & set(other)
            and "id" not in rest
            and (rest & named or rest <= {"name"})
        ):
            return True
    return False


def _named_end(facts: TableFacts) -> bool:
    named = {"hostname", "server", "computer", "host", "system", "vm", "device", "node", "name"}
    return any(set(n) & SOURCE_SIDE and set(n) & named for n in facts.names)
