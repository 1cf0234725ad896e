"""Components: disks, adapters, partitions and software of one asset, all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from landbridge.discovery.inventory.authority import authority
from landbridge.discovery.inventory.names import cut
from landbridge.discovery.inventory.observations import Component, Observation
from landbridge.discovery.vocabulary import TableRole

KIND_OF: Final = {
    TableRole.DISKS: "disk",
    TableRole.NICS: "nic",
    TableRole.PARTITIONS: "partition",
    TableRole.SOFTWARE: "software",
}
_RENAMED: Final = {
    "component_capacity_gb": "capacity_gb",
    "component_used_gb": "used_gb",
    "component_free_gb": "free_gb",
    "component_key": "key",
    "storage_gb": "capacity_gb",
    "storage_used_gb": "used_gb",
    "software_version": "version",
}
# Attributes of the owner that component tables repeat on every row.
_OF_OWNER: Final = frozenset(
    (
        *("hostname", "fqdn", "asset_id", "uuid", "host_system", "cluster", "datacenter"),
        *("os_name", "os_version", "os_edition", "os_build", "power_state", "description"),
        *("environment", "component_name", "domain", "location"),
    )
)
# What a row of a component table says about the asset itself.
_ABOUT_OWNER: Final = {"nic": ("ip_address", "mac_address")}


def component_of(kind: str, values: Mapping[str, Any], custom: Mapping[str, str]) -> Component:
    """The component that a row of a component table describes."""
    attributes: dict[str, Any] = {}
    for attribute, value in values.items():
        if attribute not in _OF_OWNER:
            attributes.setdefault(_RENAMED.get(attribute, attribute), value)
    if custom:
        attributes["custom"] = dict(custom)
    name = values.get("component_name") or values.get("component_key") or values.get("model")
    if not name:
        addresses = values.get("mac_address") or values.get("ip_address") or ()
        name = next(iter(addresses), kind)
    return Component(kind, cut(str(name).strip()), attributes)


def about_owner(component: Component) -> dict[str, Any]:
    """What the component says about its asset."""
    found = {a: component.attributes.get(a) for a in _ABOUT_OWNER.get(component.kind, ())}
    return {a: list(v) for a, v in found.items() if v}


def told_apart(components: Sequence[Component]) -> list[Component]:
    """Give components of one name different names: by key, else by number. None is lost."""
    taken: set[tuple[str, str]] = set()
    out: list[Component] = []
    for c in components:
        name, number = c.name, 1
        if (c.kind, name.casefold()) in taken and c.attributes.get("key"):
            name = f"{c.name} [{c.attributes['key']}]"
        while (c.kind, name.casefold()) in taken:
            number += 1
            name = f"{c.name} ({number})"
        taken.add((c.kind, name.casefold()))
        out.append(c if name == c.name else Component(c.kind, name, c.attributes))
    return out


def united(observations: Sequence[Observation]) -> tuple[list[Component], int | None]:
    """The components of all observations, each kind from the most believed source that lists
    any; and the number of the observation that lists the disks.
    """
    order = sorted(
        range(len(observations)),
        key=lambda i: (
            authority("storage_gb", observations[i].source_class),
            -len(observations[i].components),
            observations[i].source,
            sorted((c.kind, c.name) for c in observations[i].components),
        ),
    )
    chosen: dict[str, list[Component]] = {}
    disks: int | None = None
    for number in order:
        mine = observations[number].components
        for kind in sorted({c.kind for c in mine} - chosen.keys()):
            chosen[kind] = told_apart([c for c in mine if c.kind == kind])
            disks = number if kind == "disk" else disks
    return [c for kind in sorted(chosen) for c in chosen[kind]], disks


def total_storage(components: Sequence[Component]) -> float | None:
    """The sum of all disks, in GiB; None when the size of any disk is unknown."""
    sizes = [c.attributes.get("capacity_gb") for c in components if c.kind == "disk"]
    if not sizes or not all(isinstance(s, (int, float)) for s in sizes):
        return None
    return round(float(sum(s for s in sizes if s is not None)), 6)
