"""An asset's attributes in the order people look for them, each with its origin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

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
        help: what the attribute means.
        origin: where its value came from, as label → text; empty when that is not known.
    """

    label: str
    value: str
    help: str
    origin: dict[str, str]


def groups(asset: AssetDetail) -> list[tuple[str, list[ShownAttribute]]]:
    """The attributes that have a value, by group; what has no canonical name comes last."""
    left = dict(asset.attributes)
    custom = left.pop("custom", None) or {}
    shown = []
    for title, names in GROUPS.items():
        items = [_shown(n, left.pop(n), asset.provenance) for n in names.split() if n in left]
        if items:
            shown.append((title, items))
    others = [_shown(name, item, asset.provenance) for name, item in sorted(left.items())]
    if others:
        shown.append(("Other", others))
    if custom:
        items = [ShownAttribute(k, value(v), "", {}) for k, v in sorted(custom.items())]
        shown.append(("Custom attributes", items))
    return shown


def _shown(name: str, item: Any, provenance: dict[str, Any]) -> ShownAttribute:
    known = ATTRIBUTES.get(name)
    return ShownAttribute(
        words(name), value(item), known.description if known else "", _origin(provenance.get(name))
    )


def _origin(found: Any) -> dict[str, str]:
    if isinstance(found, dict):
        return {words(k): value(v) for k, v in found.items() if v not in (None, "", [])}
    return {"Source": value(found)} if found else {}
