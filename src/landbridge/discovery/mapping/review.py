"""What always goes to a person, however alike it looks."""

from __future__ import annotations

from landbridge.discovery.mapping.calibration import decides
from landbridge.discovery.mapping.normalise import ColumnName
from landbridge.discovery.mapping.pairs import used_beside_whole
from landbridge.discovery.mapping.tablefacts import INFRASTRUCTURE, TableFacts
from landbridge.discovery.mapping.values import Profile
from landbridge.discovery.mapping.votes import AGREES, Vote

_BARE = frozenset({"name", "type", "version", "display_name", "class", "category", "kind"})
_ANY_THING = frozenset({"asset", "ci", "object", "resource", "record", "device", "system"})
_VAGUE = frozenset(
    {
        "address",
        "host",
        "device",
        "node",
        "system",
        "service",
        "source",
        "target",
        "from",
        "to",
        "parent",
        "child",
        "number",
        "label",
        "size",
        "capacity",
        "used",
        "allocated",
        "speed",
        "platform",
        "classification",
        "tier",
        "group",
        "organization",
        "owner",
        "contact",
        "space",
        "guest",
        "caption",
        "object",
        "instance",
        "record",
        "entity",
        "zone",
        "phase",
        "start",
        "end",
        "date",
        "power",
        "service_in",
        "usage",
        "release",
        "build",
        "transport",
        "raw",
        "local",
        "remote",
        "network",
        "product",
        "chassis",
        "hardware",
        "left",
        "right",
        "lifecycle",
        "supplier",
        "room",
        "operational",
        "resource_pool",
        "servicepack",
    }
)


_OTHER_VALUES = frozenset({"secondary", "target", "limit"})
_TURNING = frozenset(
    {"in", "on", "by", "not", "non", "without", "before", "after", "since", "per",
     "auf", "ohne", "nicht", "vor", "nach", "seit", "pro", "sur", "dans", "sans", "avant", "apres",
     "depuis", "par", "en", "sin", "antes", "despues", "desde", "senza", "prima", "dopo", "sem",
     "op", "zonder", "voor", "na", "bez", "przed", "po"}
)  # fmt: skip
_GROUPING = frozenset(
    {"batch", "lot", "lote", "lotto", "bundle", "group", "groupe", "grupo", "gruppe", "phase",
     "fase", "sprint", "tranche", "los", "event", "palier"}
)  # fmt: skip
_SOFTWARE = (
    "software", "app", "prod", "package", "middleware", "program", "sw", "db", "dat", "sql",
    "oracle", "java", "logiciel", "anwend", "base", "banco", "bd",
)  # fmt: skip
_CLIENTS = frozenset({"client", "clients", "cliente"})
_PARTICIPLES = ("ed", "legt", "mustert", "kundigt", "ire", "iree", "ado", "ada", "ato", "ata")
_BY_SOMEBODY = frozenset({"end_of_life_date", "technical_owner", "business_owner"})
_MOST = 0.6
_OF_MIGRATIONS = ("wave", "welle", "vague", "ola", "migr", "move", "umzug", "cutover", "onda")


def must_be_reviewed(
    label: str,
    concepts: tuple[str, ...],
    name: ColumnName,
    values: Profile,
    facts: TableFacts,
    opinion: Vote,
) -> str | None:
    """Why this mapping is never approved without a person, or None."""
    found = frozenset(concepts)
    plain_table = not (facts.applications or facts.databases or facts.software or facts.relations)
    if found <= _BARE and (
        not plain_table or label not in {"hostname", "asset_type", "os_version"}
    ):
        return "A bare name like this means different things in such lists: please check."
    if found <= {"name", "display_name"} and len(facts.all & INFRASTRUCTURE) < 2:
        return "Little else in this table describes a machine: please check."
    if found == {"domain"} and not plain_table:
        return "In such lists a domain may be one of the business: please check."
    if found <= _ANY_THING and not decides(opinion):
        return "The name alone says only what the rows are: please check."
    if label == "asset_type" and "type" in found and not values.count:
        return "Without values this may also be a model, or virtual and physical: please check."
    if found == {"version"} and "os" not in facts.all:
        return "A bare version without an operating system beside it: please check."
    if "id" in found or ("code" in found and label in {"asset_id", "hostname"}):
        return "A column of identifiers can point at this record or at another one: please check."
    if label in {"cpu_utilization", "memory_utilization"} and not found & {"used", "percentage"}:
        return "A bare name holding percentages: please check."
    if "bytes" in found or "bytes" in name.units:
        return "A counter in bytes: please check what it counts."
    if found & {"flag", "count"} and label in {
        "status",
        "hostname",
        "application_name",
        "asset_id",
    }:
        return "A count or a flag: please check."
    if label in {"status", "criticality", "data_classification", "power_state"} and (
        values.share("boolean") >= 0.6
    ):
        return "Yes or no is too little to be sure: please check."
    if name.cut and not decides(opinion):
        return "The name is abbreviated: please check."
    if "email" in found:
        return "An address of mail, not a name: please check."
    if found & _OTHER_VALUES and len(found) > 1 and not facts.relations:
        return "This may be an additional, a former or a planned value: please check."
    if name.tokens and {name.tokens[0], name.tokens[-1]} & _TURNING and not _agrees(opinion):
        return "A small word may turn what this name means: please check."
    if label == "status" and len(name.tokens) == 1 and facts.guests and not decides(opinion):
        return "Of a virtual machine this may be its power state: please check."
    if used_beside_whole(found, facts):
        return "Beside the whole of it this may be what is in use: please check."
    if label == "os_version" and values.share("os") >= _MOST > values.share("version"):
        return "The values name whole operating systems: please check."
    if label == "software_version" and plain_table and not _of_software(name):
        return "Nothing says of which software this is the version: please check."
    if label == "cpu_cores" and len(name.tokens) > 1 and name.tokens[0] == "core":
        return "This may be the core of something else: please check."
    if label == "memory_gb" and "speicher" in name.tokens:
        return "The word may mean memory or disks: please check."
    if label == "description" and "details" in found and not values.count:
        return "Details may be of any kind: please check."
    if label == "company" and _CLIENTS & set(name.tokens) and opinion.kind != "companies":
        return "A client may be a customer or a machine: please check."
    if label in _BY_SOMEBODY and not values.count and _done(name):
        return "This may be a date or a person, or yes or no: please check."
    if label == "migration_wave" and _groups_of_other_things(name, facts, opinion):
        return "Nothing says that these are groups of a migration: please check."
    if found == {"dns", "primary"} or (found == {"dns"} and facts.all & {"mask", "gateway"}):
        return "This may be the server that is asked for names: please check."
    if len(found - {"name"}) == 1 and found <= _VAGUE | {"name"} and not decides(opinion):
        return "The name alone is too vague to be sure: please check."
    return None


def _of_software(name: ColumnName) -> bool:
    return any(t.startswith(_SOFTWARE) for t in name.tokens)


def _done(name: ColumnName) -> bool:
    """A participle (`Retired`, `Stillgelegt`) that says that, not when."""
    return len(name.tokens) == 1 and name.tokens[0].endswith(_PARTICIPLES)


def _agrees(opinion: Vote) -> bool:
    return opinion.verdict == AGREES and opinion.telling


def _groups_of_other_things(name: ColumnName, facts: TableFacts, opinion: Vote) -> bool:
    told = any(t.startswith(_OF_MIGRATIONS) for t in name.tokens)
    grouped = bool(_GROUPING & set(name.tokens))
    return grouped and not told and "strategy" not in facts.all and opinion.kind != "waves"
