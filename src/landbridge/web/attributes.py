"""An asset's attributes in the order people look for them, each with its origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from landbridge.discovery.inventory.merge import BY_HAND
from landbridge.discovery.inventory.queries import AssetDetail
from landbridge.discovery.vocabulary import ATTRIBUTES
from landbridge.web.words import value, words

GROUPS: Final = {
    "Identity": "hostname fqdn domain uuid serial_number asset_tag asset_id ip_address mac_address"
    " description",
    "System": "os_name os_version os_edition os_build cpu_cores cpu_sockets cpu_model cpu_speed"
    " memory_gb storage_gb storage_used_gb cpu_utilization memory_utilization manufacturer model"
    " software_version db_instance db_engine",
    "Place": "is_virtual hypervisor host_system cluster datacenter location rack network_segment"
    " power_state status install_date last_seen end_of_life_date",
    "Business": "environment criticality application_name business_owner technical_owner"
    " support_group department company cost_center data_classification migration_strategy"
    " migration_wave",
}


@dataclass(frozen=True, slots=True)
class ShownAttribute:
    """One attribute as the page shows it.

    Attributes:
        name: its name in the vocabulary.
        help: what the attribute means.
        stated: how many source rows state the value; 0 when that is not known.
        by_hand: a person set it.
    """

    name: str
    label: str
    value: str
    help: str
    stated: int
    by_hand: bool = False


def groups(asset: AssetDetail) -> list[tuple[str, list[ShownAttribute]]]:
    """The attributes that have a value, by group; what no group has comes last."""
    left = {k: v for k, v in asset.attributes.items() if k != "custom"}
    origins = asset.provenance.get("attributes", {})
    shown = []
    for title, names in GROUPS.items():
        items = [_shown(n, left.pop(n), origins) for n in names.split() if n in left]
        if items:
            shown.append((title, items))
    if left:
        shown.append(("Other", [_shown(n, item, origins) for n, item in sorted(left.items())]))
    return shown


def custom(attributes: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What has no canonical name, under the names of the source, by name."""
    found = attributes.get("custom") or {}
    return sorted((str(k), value(v)) for k, v in found.items())


def chosen_by(rule: str) -> str:
    """The rule that chose a value, in words."""
    if rule == "sum_of_disks":
        return "The sum of its disks"
    if rule.startswith("authority."):
        return f"From the {rule.partition('.')[2]}, which is believed most for this attribute"
    if rule == BY_HAND:
        return "A person set it by hand"
    return words(rule.replace(".", "_"))


def _shown(name: str, item: Any, origins: Mapping[str, Any]) -> ShownAttribute:
    known = ATTRIBUTES.get(name)
    rows, rule = origins.get(name, ((), ""))
    help_text = known.description if known else ""
    label = words(name)
    return ShownAttribute(name, label, value(item), help_text, len(rows), rule == BY_HAND)
