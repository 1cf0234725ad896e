"""Names of software, versions and where they are installed, read by the kind of list."""

from __future__ import annotations

from landbridge.discovery.mapping.normalise import ColumnName
from landbridge.discovery.mapping.tablefacts import TableFacts
from landbridge.discovery.mapping.values import Profile

CUSTOM = "custom"
_MOST = 0.6
_AND = frozenset({"and", "und", "et", "e", "y", "i", "och", "og", "en", "inkl", "incl", "avec"})
_CLIENTS = frozenset({"client", "clients", "cliente", "clientname"})
_SOFTWARE_SIGNS = frozenset({"publisher", "license", "product", "edition", "software"})


def _version(_i: int, _n: ColumnName, facts: TableFacts, _p: Profile) -> tuple[str, str] | None:
    listed = len(facts.all & _SOFTWARE_SIGNS) >= 2 and not facts.all & {"os", "ip", "memory"}
    if facts.databases or facts.software or facts.applications or listed:
        return "software_version", "the table lists software, not operating systems"
    return None


def _os_version(_i: int, n: ColumnName, _f: TableFacts, p: Profile) -> tuple[str, str] | None:
    if (_two_things(n) or _AND & set(n.tokens)) and not p.share("version") >= 0.5:
        return "os_name", "it names the system as well as its version"
    if n.tokens and n.tokens[-1] == "name" and not p.share("version") >= 0.5:
        return "os_name", "the name of a version"
    return None


def _memory(i: int, n: ColumnName, facts: TableFacts, p: Profile) -> tuple[str, str] | None:
    """`Speicher` is memory or disks in German: beside a column of memory it is disks."""
    if "speicher" not in n.tokens:
        return None
    beside = any("memory" in c for j, c in enumerate(facts.names) if j != i)
    used = "used" in facts.names[i]
    if used and not n.units & {"percent"} and p.share("percent") < _MOST:
        return "storage_used_gb", "what is in use of it is told of disks"
    if not used and (beside or "tb" in n.units):
        return "storage_gb", "beside a column of memory"
    return None


def _two_things(name: ColumnName) -> bool:
    single = all(len(part) == 1 and len(part[0]) > 1 for part in name.parts)
    return len(name.parts) == 2 and single


def _system_name(_i: int, n: ColumnName, facts: TableFacts, p: Profile) -> tuple[str, str] | None:
    of_systems = bool({"system", "systems", "systemname"} & set(n.tokens))
    if facts.applications and of_systems and not p.share("hosts") >= 0.5:
        return "application_name", "the table lists applications"
    return None


def _installed_on(_i: int, _n: ColumnName, _f: TableFacts, p: Profile) -> tuple[str, str] | None:
    if p.share("hostname", "hosts", "fqdn") >= 0.6 and p.share("date") < 0.3:
        return "hostname", "the values are machines it is installed on"
    return None


def _client(i: int, n: ColumnName, facts: TableFacts, p: Profile) -> tuple[str, str] | None:
    coded = p.share("code", "fqdn") >= 0.5 and p.share("hostname", "fqdn") >= 0.6
    if _CLIENTS & set(n.tokens) and coded and not facts.named_elsewhere(i):
        return "hostname", "the values are machines, and no other column names them"
    return None


def _platform(_i: int, _n: ColumnName, facts: TableFacts, p: Profile) -> tuple[str, str] | None:
    if p.share("db") >= 0.6:
        return "db_engine", "the values are database products"
    if facts.applications:
        return CUSTOM, "of an application, not of a machine"
    return None


def _software(_i: int, _n: ColumnName, facts: TableFacts, _p: Profile) -> tuple[str, str] | None:
    if facts.connections:
        return "process_name", "the table lists connections"
    if facts.software and facts.parts != "software" and not facts.all & {"os", "ip", "memory"}:
        return "application_name", "the table lists software"
    return None


def _service_pack(_i: int, n: ColumnName, facts: TableFacts, _p: Profile) -> tuple[str, str] | None:
    if "pack" in n.tokens and not (facts.databases or facts.software):
        return "os_version", "a service pack belongs to the system's version"
    return None


RULES = {
    frozenset({"software"}): _software,
    frozenset({"software", "product"}): _software,
    frozenset({"servicepack"}): _service_pack,
    frozenset({"servicepack", "os"}): _service_pack,
    frozenset({"memory"}): _memory,
    frozenset({"memory", "allocated"}): _memory,
    frozenset({"memory", "used"}): _memory,
    frozenset({"version"}): _version,
    frozenset({"release"}): _version,
    frozenset({"version", "current"}): _version,
    frozenset({"version", "release"}): _version,
    frozenset({"os_version"}): _os_version,
    frozenset({"os", "version"}): _os_version,
    frozenset({"hostname"}): _system_name,
    frozenset({"install"}): _installed_on,
    frozenset({"company"}): _client,
    frozenset({"platform"}): _platform,
}
