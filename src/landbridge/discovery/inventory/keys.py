"""The identity keys of a record. The same function writes `asset_keys` and compares records
in memory, so that what is matched and what is stored can never differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple

from landbridge.discovery.inventory.names import NO_NAME, dns_domain, keyable, name_key, parse_host
from landbridge.discovery.vocabulary import AssetType


class KeyKind(StrEnum):
    """Kinds of identity keys, as stored."""

    UUID = "uuid"
    INSTANCE_UUID = "instance_uuid"  # VMware's own id of a VM, beside its BIOS UUID
    SERIAL = "serial"
    MAC = "mac"
    FQDN = "fqdn"
    HOSTNAME = "hostname"
    IP = "ip"
    SOURCE_ID = "source_id"
    CLUSTER = "cluster"
    DATABASE = "database"
    SERVICE = "service"
    NAME = "name"  # plain name of a cluster, database or service: leads to it, identifies nothing


class Group(StrEnum):
    """Assets of different groups are never the same asset."""

    MACHINE = "machine"
    CLUSTER = "cluster"
    DATABASE = "database"
    SERVICE = "service"


GROUP_OF: Final = {
    AssetType.CLUSTER: Group.CLUSTER,
    AssetType.DATABASE: Group.DATABASE,
    AssetType.SERVICE: Group.SERVICE,
}

# Serial numbers and UUIDs that firmware and forms put where the real one is missing.
_PLACEHOLDER_SERIAL = re.compile(
    r"(?:TOBEFILLEDBYOEM|SYSTEMSERIALNUMBER|SERIALNUMBER|CHASSISSERIALNUMBER|DEFAULTSTRING"
    r"|NOTSPECIFIED|NOTAPPLICABLE|NOTAVAILABLE|UNKNOWN|UNBEKANNT|NONE|NULL|NA|N/A|OEM|INVALID|VMWARE"
    r"|VIRTUAL|PHYSICAL|(.)\1*|0?123456789\d*|1234567|ABC123|XXXX+|TBD|TEST|EMPTY|ASSET\w*TAG)"
)
_SERIAL_FILLERS = re.compile(r"[\s._-]+")
_BAD_MAC = re.compile(
    r"00:00:00:00:00:00|ff:ff:ff:ff:ff:ff|02:00:54:55:4e:01|00:00:5e:00:0[12]:..|00:00:0c:07:ac:.."
    r"|00:00:0c:9f:f.:..|02:42:.*|00:00:00:00:00:e0|50:50:54:50:30:30|33:50:6f:45:30:30|20:41:53:59:4e:ff"
    r"|.[13579bdf]:.*"
)
_NOT_TELLING_IP = re.compile(
    r"127\.|0\.|169\.254\.|(?:22[4-9]|23\d|24\d|25[0-5])\.|::1?$|fe[89ab]|ff", re.IGNORECASE
)
_NOT_UNIQUE: Final = frozenset(("255.255.255.255", "172.17.0.1", "192.168.122.1"))
_INSTANCE_UUID = re.compile(r"50[0-3][0-9a-f]{5}-")
_RFC_UUID = re.compile(r".{14}4.{4}[89ab]")


class Identity(NamedTuple):
    """What a record says about which asset it means. Tuples are sorted and without repeats.

    Attributes:
        group: what sort of thing is named.
        names: host names (or the plain name of a cluster, database or service).
        loose: the same names without decoration and separators.
        domain: DNS domain of the host; the data centre of a cluster, the host of a database.
        uuid, instance, serial: hardware UUID, VMware instance UUID, serial number.
        macs, ips: addresses that belong to one system only.
        source_id: `scope:id` of the record in its source system.
    """

    group: str
    names: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    domain: str = ""
    uuid: tuple[str, ...] = ()
    instance: tuple[str, ...] = ()
    serial: tuple[str, ...] = ()
    macs: tuple[str, ...] = ()
    ips: tuple[str, ...] = ()
    source_id: tuple[str, ...] = ()

    @property
    def names_nothing(self) -> bool:
        """Whether the record names no asset at all."""
        return not any(self[1:3]) and not any(self[4:])

    @property
    def names_only_addresses(self) -> bool:
        """Whether IP addresses are all that the record says."""
        if self.names or not self.ips:
            return False
        return self._replace(ips=()).names_nothing


def identity_of(
    values: Mapping[str, Any],
    asset_type: AssetType,
    scope: str = "",
    also_uuids: Iterable[str] = (),
) -> Identity:
    """The identity of a cleansed record.

    Args:
        values: attribute → cleansed value.
        asset_type: what the record was classified as.
        scope: the system that gave `asset_id`; ids of different systems are not compared.
        also_uuids: further UUIDs of the asset (BIOS UUID beside an instance UUID).
    """
    group = GROUP_OF.get(asset_type, Group.MACHINE)
    if group is not Group.MACHINE:
        own_id = values.get("asset_id") or ""
        source_id = (source_key(scope, own_id),) if own_id and scope else ()
        return _of_named_thing(values, group, source_id)
    told: list[Any] = [values.get(attribute) for attribute in TELLING]
    return machine_identity(scope, also_uuids, *told)


TELLING: Final = (
    *("hostname", "fqdn", "domain", "ip_address", "mac_address", "uuid", "serial_number"),
    "asset_id",
)
"""The attributes that tell which machine a record means, as `machine_identity` takes them."""


def machine_identity(
    scope: str,
    also_uuids: Iterable[str],
    hostname: str | None,
    fqdn: str | None,
    domain: str | None,
    ip_address: Iterable[str] | None,
    mac_address: Iterable[str] | None,
    uuid: str | None,
    serial_number: str | None,
    asset_id: str | None,
) -> Identity:
    """The identity of a record of a machine, from the values of TELLING."""
    first = parse_host(hostname) if hostname else NO_NAME
    second = parse_host(fqdn) if fqdn else NO_NAME
    ips = tuple(ip for ip in ip_address or () if usable_ip(ip))
    if first.address or second.address:
        ips += tuple(a for a in (first.address, second.address) if a and usable_ip(a))
    hardware, instance = _split_uuids((uuid, *also_uuids) if uuid else also_uuids)
    macs = tuple(m for m in mac_address or () if usable_mac(m))
    serial = usable_serial(serial_number) if serial_number else ""
    return Identity(
        _MACHINE,
        _pair(first.name, second.name),
        _pair(first.loose, second.loose),
        second.domain or first.domain or (dns_domain(domain) if domain else ""),
        hardware,
        instance,
        (serial,) if serial else (),
        macs if len(macs) < 2 else _unique(*macs),
        ips if len(ips) < 2 else _unique(*ips),
        (source_key(scope, asset_id),) if asset_id and scope else (),
    )


PLACE: Final = ("hostname", "host_system", "datacenter")
"""Tells systems of one name apart where a hypervisor's export has no ids."""


def numbered(identity: Identity, scope: str, *place: str | None) -> Identity:
    """The identity of a row of a hypervisor's export: where the row has no id of any sort, its
    place is one.
    """
    if identity.source_id or identity.uuid or identity.instance:
        return identity
    text = "|".join(str(part or "").casefold() for part in place)
    return identity._replace(source_id=(source_key(scope, text),))


def row_key(identity: Identity, *place: str | None) -> str:
    """The key of a row in an export that lists every system once."""
    ids = identity.source_id or identity.instance or identity.uuid
    return ids[0] if ids else "|".join(str(part or "").casefold() for part in place)


def source_key(scope: str, own_id: str) -> str:
    """The key of a record's id in its source system."""
    return keyable(f"{scope}:{own_id.strip().casefold()}")


def _of_named_thing(
    values: Mapping[str, Any], group: Group, source_id: tuple[str, ...]
) -> Identity:
    name, within = values.get("hostname") or "", ""
    if group is Group.CLUSTER:
        name, within = name or values.get("cluster") or "", values.get("datacenter") or ""
    elif group is Group.DATABASE and values.get("db_instance"):
        name, within = values["db_instance"], parse_host(name).name or name
    name = name or values.get("asset_id") or ""
    key = name_key(name) if name else ""
    names = (key,) if key else ()
    return Identity(group, names, names, name_key(within) if within else "", source_id=source_id)


def keys_of(identity: Identity) -> list[tuple[str, str]]:
    """The stored keys (kind, value) of an identity, sorted."""
    keys = [(kind, v) for kind, vs in zip(_KIND_NAMES, identity[4:], strict=True) for v in vs]
    group, names, domain = identity.group, identity.names, identity.domain
    if group == _MACHINE:
        keys += [(_HOSTNAME, n) for n in names]
        if domain:
            keys += [(_FQDN, f"{n}.{domain}") for n in names]
    else:
        at = f"@{domain}" if domain else ""
        keys += [(str(group), n + at) for n in names]
        keys += [(str(KeyKind.NAME), n) for n in names]
    keys.sort()
    return keys


def identity_from_keys(keys: Iterable[tuple[str, str]]) -> Identity:
    """The inverse of `keys_of`, for assets that are already stored."""
    found: dict[str, list[str]] = {}
    for kind, value in keys:
        found.setdefault(kind, []).append(value)
    several = [_unique(*found.get(kind, ())) for kind in _KINDS]
    for group in (Group.CLUSTER, Group.DATABASE, Group.SERVICE):
        if group in found:
            parts = [v.partition("@") for v in found[group]]
            names = _unique(*(p[0] for p in parts))
            within = next((p[2] for p in parts if p[2]), "")
            return Identity(group, names, names, within, *several)
    names = _unique(*found.get(KeyKind.HOSTNAME, ()))
    loose = _unique(*(parse_host(n).loose or n for n in names))
    domain = ""
    for fqdn in sorted(found.get(KeyKind.FQDN, ())):
        domain = next((fqdn[len(n) + 1 :] for n in names if fqdn.startswith(f"{n}.")), domain)
    return Identity(Group.MACHINE, names, loose, domain, *several)


_KINDS: Final = (
    KeyKind.UUID,
    KeyKind.INSTANCE_UUID,
    KeyKind.SERIAL,
    KeyKind.MAC,
    KeyKind.IP,
    KeyKind.SOURCE_ID,
)

_KIND_NAMES: Final = tuple(kind.value for kind in _KINDS)
_MACHINE, _HOSTNAME, _FQDN = Group.MACHINE.value, KeyKind.HOSTNAME.value, KeyKind.FQDN.value


def usable_serial(text: str) -> str:
    """The serial number in its comparable form; empty for a placeholder."""
    serial = (text if text.isalnum() else _SERIAL_FILLERS.sub("", text)).upper()
    return "" if not 4 <= len(serial) <= 100 or _PLACEHOLDER_SERIAL.fullmatch(serial) else serial


def usable_ip(ip: str) -> bool:
    """Whether a canonical address can tell systems apart: not loopback, link-local, multicast
    or unspecified, and not one that every installation has.
    """
    return not _NOT_TELLING_IP.match(ip) and ip not in _NOT_UNIQUE


def usable_mac(mac: str) -> bool:
    """Whether a MAC belongs to one system: no broadcast, no virtual router, no container."""
    return len(mac) == 17 and not _BAD_MAC.fullmatch(mac)


def canonical_uuid(text: str) -> str:
    """One form for both byte orders in which tools write a BIOS UUID; empty if unusable."""
    u = text.strip().lower().strip("{}")
    if (
        len(u) != 36
        or (len(set(u)) < 4 and len(set(u.replace("-", ""))) < 3)
        or u.startswith("03000200-0400-0500-0006")
    ):
        return ""
    swapped = f"{u[6:8]}{u[4:6]}{u[2:4]}{u[0:2]}-{u[11:13]}{u[9:11]}-{u[16:18]}{u[14:16]}{u[18:]}"
    return min(u, swapped)


def _split_uuids(texts: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    hardware: list[str] = []
    instance: list[str] = []
    for text in texts:
        u = text.strip().lower()
        if not u:
            continue
        if _INSTANCE_UUID.match(u) and not _RFC_UUID.match(u):
            instance.append(u)
        elif canonical := canonical_uuid(u):
            hardware.append(canonical)
    if len(hardware) + len(instance) > 1:
        return _unique(*hardware), _unique(*instance)
    return tuple(hardware), tuple(instance)


def _unique(*values: str) -> tuple[str, ...]:
    return tuple(sorted({v for v in values if v}))


def _pair(a: str, b: str) -> tuple[str, ...]:
    """The same for two."""
    if a == b or not b:
        return (a,) if a else ()
    return (b,) if not a else (a, b) if a < b else (b, a)
