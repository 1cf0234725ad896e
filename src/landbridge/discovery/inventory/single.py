"""Assets that one row describes: the same outcome as merging, without anything to weigh."""

from __future__ import annotations

from typing import Any

from landbridge.discovery.inventory import content
from landbridge.discovery.inventory.authority import SourceClass
from landbridge.discovery.inventory.classify import Classification
from landbridge.discovery.inventory.merge import LISTS, RULES, Merged, name_of, without_repeats
from landbridge.discovery.inventory.names import NO_NAME, parse_host
from landbridge.discovery.inventory.observations import Observation
from landbridge.discovery.vocabulary import Environment


def is_plain(o: Observation) -> bool:
    """Whether everything about the asset stands in one row."""
    return not o.components and not o.origins


def row(o: Observation) -> tuple[Any, ...]:
    """What `content.row` gives for the merged observation."""
    kind = Classification(o.asset_type, o.rule, o.strength)
    return row_of(o.source_class, str(o.table_id), o.row, kind, o.values, o.custom)


def row_of(
    source_class: SourceClass,
    table_id: str,
    number: int,
    kind: Classification,
    values: dict[str, Any],
    custom: dict[str, str],
) -> tuple[Any, ...]:
    """The same from what an observation is made of."""
    attributes = {a: v for a, v in values.items() if a != "asset_type"}
    if attributes.get("environment") == Environment.UNKNOWN:
        del attributes["environment"]
    for attribute in ("hostname", "fqdn"):
        if attribute in attributes and parse_host(attributes[attribute]) == NO_NAME:
            del attributes[attribute]
    for attribute in LISTS & attributes.keys():
        if len(attributes[attribute]) > 1:
            attributes[attribute] = without_repeats(attributes[attribute])
    merged = Merged("", kind.asset_type, kind.rule, attributes, custom=custom)
    merged.name = name_of(merged)
    provenance: dict[str, Any] = {
        "records": [[source_class.value, table_id, number]],
        "attributes": {},
        "asset_type": kind.rule,
    }
    if attributes:
        provenance["default"] = [[0], RULES[source_class]]
    return content.row_of(merged, provenance)
