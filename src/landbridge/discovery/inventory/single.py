"""Assets that one row describes: the same outcome as merging, without anything to weigh."""

from __future__ import annotations

from typing import Any

from landbridge.discovery.inventory import content
from landbridge.discovery.inventory.merge import LISTS, RULES, Merged, name_of, without_repeats
from landbridge.discovery.inventory.names import NO_NAME, parse_host
from landbridge.discovery.inventory.observations import Observation
from landbridge.discovery.vocabulary import Environment


def is_plain(o: Observation) -> bool:
    """Whether everything about the asset stands in one row."""
    return not o.components and not o.origins


def row(o: Observation) -> tuple[Any, ...]:
    """What `content.row` gives for the merged observation."""
    attributes: dict[str, Any] = {}
    for attribute, value in o.values.items():
        if attribute == "asset_type":
            continue
        if (attribute == "environment" and value == Environment.UNKNOWN) or (
            attribute in ("hostname", "fqdn") and parse_host(value) == NO_NAME
        ):
            continue
        repeats = attribute in LISTS and len(value) > 1
        attributes[attribute] = without_repeats(value) if repeats else value
    merged = Merged("", o.asset_type, o.rule, attributes, custom=o.custom)
    merged.name = name_of(merged)
    provenance: dict[str, Any] = {
        "records": [[o.source_class.value, str(o.table_id), o.row]],
        "attributes": {},
        "asset_type": o.rule,
    }
    if attributes:
        provenance["default"] = [[0], RULES[o.source_class]]
    return content.row_of(merged, provenance)
