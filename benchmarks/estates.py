"""Synthetic estates for identity resolution: the same machines as five tools would list them,
with the truth known. Everything is drawn from a seed.
"""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from typing import Any

from landbridge.discovery.vocabulary import AssetType

DOMAINS = ("corp.example.com", "emea.example.com", "dmz.example.net", "ad.example.org")
ROLES = ("web", "app", "db", "sql", "file", "mail", "batch", "proxy", "build", "sap", "crm", "mon")
SITES = ("fra", "lon", "nyc", "par", "sgp", "muc", "ams", "mad")
PLACEHOLDERS = ("To Be Filled By O.E.M.", "System Serial Number", "0", "None", "N/A", "123456789")


@dataclass(frozen=True, slots=True)
class Listed:
    """One record of the estate, and the machine it really is."""

    source: str
    values: dict[str, Any]
    truth: int


@dataclass(slots=True)
class _Machine:
    number: int
    name: str
    domain: str
    virtual: bool
    uuid: str
    serial: str
    macs: list[str]
    ips: list[str]


def estate(records: int, seed: int = 7) -> list[Listed]:
    """About `records` records of about a third as many machines, shuffled."""
    rng = random.Random(seed)
    machines = [_machine(rng, i) for i in range(max(3, int(records / 3.05)))]
    for m in machines:
        if rng.random() < 0.04 and m.number:
            m.name = machines[rng.randrange(m.number)].name
            m.domain = rng.choice(DOMAINS)
        if rng.random() < 0.02 and m.number:
            m.ips = machines[rng.randrange(m.number)].ips[:1]
    listed: list[Listed] = []
    for m in machines:
        for chance, lister in (
            (0.9 if m.virtual else 0.0, _hypervisor),
            (0.8, _cmdb),
            (0.7, _scanner),
            (0.45, _spreadsheet),
            (0.4, _monitoring),
            (0.03, _cmdb),
        ):
            if rng.random() < chance:
                source, values = lister(rng, m)
                listed.append(Listed(source, values, m.number))
    rng.shuffle(listed)
    return listed[:records]


def _machine(rng: random.Random, number: int) -> _Machine:
    virtual = rng.random() < 0.75
    name = f"{rng.choice(SITES)}{rng.choice(ROLES)}{number // 7:04d}{rng.choice('pqtd')}"
    nics = 1 + (rng.random() < 0.2)
    prefix = "00:50:56" if virtual else "f4:03:43"
    return _Machine(
        number,
        name,
        DOMAINS[rng.randrange(len(DOMAINS))],
        virtual,
        str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        "" if virtual else "".join(rng.choices("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", k=10)),
        [prefix + "".join(f":{rng.randrange(256):02x}" for _ in range(3)) for _ in range(nics)],
        [
            f"10.{number >> 14 & 255}.{number >> 6 & 255}.{(number & 63) * 4 + n}"
            for n in range(nics)
        ],
    )


def _hypervisor(rng: random.Random, m: _Machine) -> tuple[str, dict[str, Any]]:
    values: dict[str, Any] = {"hostname": _case(rng, m.name), "uuid": m.uuid}
    values["mac_address"] = m.macs
    if rng.random() < 0.8:
        values["ip_address"] = m.ips
    if rng.random() < 0.6:
        values["fqdn"] = f"{m.name}.{m.domain}"
    return "hypervisor", values


def _cmdb(rng: random.Random, m: _Machine) -> tuple[str, dict[str, Any]]:
    values: dict[str, Any] = {"hostname": _case(rng, m.name)}
    if rng.random() < 0.7:
        values["fqdn"] = f"{m.name}.{m.domain}"
    if rng.random() < 0.85:
        values["ip_address"] = m.ips[:1]
    values["serial_number"] = m.serial if rng.random() < 0.85 else rng.choice(PLACEHOLDERS)
    if rng.random() < 0.3:
        values["uuid"] = m.uuid
    return "cmdb", values


def _scanner(rng: random.Random, m: _Machine) -> tuple[str, dict[str, Any]]:
    values: dict[str, Any] = {"ip_address": m.ips, "mac_address": m.macs[:1]}
    if rng.random() < 0.9:
        values["fqdn"] = f"{m.name}.{m.domain}"
    if m.serial and rng.random() < 0.9:
        values["serial_number"] = m.serial.lower()
    return "scanner", values


def _spreadsheet(rng: random.Random, m: _Machine) -> tuple[str, dict[str, Any]]:
    name = _case(rng, m.name)
    dice = rng.random()
    if dice < 0.04:
        name += rng.choice((" (old)", "-vm", "_new", " (VM)"))
    elif dice < 0.06:
        name = name.replace("o", "0", 1) if "o" in name else name[:1] + name[0] + name[1:]
    values: dict[str, Any] = {"hostname": name}
    if rng.random() < 0.9:
        values["ip_address"] = m.ips[:1]
    if m.serial and rng.random() < 0.5:
        values["serial_number"] = m.serial
    if rng.random() < 0.35:
        values["domain"] = m.domain
    return "spreadsheet", values


def _monitoring(rng: random.Random, m: _Machine) -> tuple[str, dict[str, Any]]:
    if rng.random() < 0.08:
        return "monitoring", {"hostname": m.ips[0], "ip_address": m.ips[:1]}
    values: dict[str, Any] = {"hostname": f"{m.name}.{m.domain}"}
    if rng.random() < 0.7:
        values["ip_address"] = m.ips[:1]
    return "monitoring", values


def _case(rng: random.Random, name: str) -> str:
    return rng.choice((name, name.upper(), name.capitalize()))


def asset_type_of(listed: Listed) -> AssetType:
    """What the record would be classified as."""
    return AssetType.VIRTUAL_MACHINE if listed.source == "hypervisor" else AssetType.SERVER
