"""What the rows of a table are."""

from __future__ import annotations

from collections.abc import Collection

from landbridge.discovery.mapping.tablefacts import TableFacts
from landbridge.discovery.vocabulary import TableRole

_OF_AN_ASSET = frozenset({"hostname", "fqdn", "uuid", "asset_id", "serial_number"})
_NAMES_AN_ASSET = frozenset(
    {"hostname", "fqdn", "ip_address", "serial_number", "uuid", "db_instance"}
)

_ROLES = {
    "disk": TableRole.DISKS,
    "nic": TableRole.NICS,
    "partition": TableRole.PARTITIONS,
    "software": TableRole.SOFTWARE,
}


def role_of(facts: TableFacts, attributes: Collection[str]) -> TableRole:
    """The role of a table of no known source.

    Args:
        facts: what its columns' words and its name say.
        attributes: the attributes its columns are mapped to.
    """
    found = set(attributes)
    ends = {"rel_source", "source_ip"} & found and {"rel_target", "target_ip"} & found
    if ends:
        wired = found & {"source_ip", "target_ip", "port", "protocol"}
        typed = {"rel_source", "rel_target", "rel_type"} <= found and not found & {
            "source_ip",
            "target_ip",
        }
        return TableRole.CONNECTIONS if wired and not typed else TableRole.RELATIONS
    if {"target_ip", "port"} <= found:
        return TableRole.CONNECTIONS
    component = _component_role(facts, found)
    if component is not None:
        return component
    if facts.applications and "application_name" in found and "db_instance" not in found:
        return TableRole.APPLICATIONS
    if found & _NAMES_AN_ASSET:
        return TableRole.ASSETS
    if "application_name" in found:
        return TableRole.APPLICATIONS
    return TableRole.REFERENCE


def _component_role(facts: TableFacts, found: set[str]) -> TableRole | None:
    if not found & _OF_AN_ASSET:
        return None
    parts = any(a.startswith("component_") for a in found)
    if facts.parts == "nic" and found & {"mac_address", "ip_address"}:
        return TableRole.NICS
    return _ROLES.get(facts.parts) if parts else None
