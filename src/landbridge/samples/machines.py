"""Makes true machines one after the other, every name, address and identifier unique."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from landbridge.samples.model import Database, Disk, Kind, Machine, Nic
from landbridge.samples.names import DOMAIN, FIRST_NAMES, LAST_NAMES, SITES, Site
from landbridge.samples.releases import (
    ENGINES,
    ESXI,
    MIDRANGE,
    MODELS,
    VIRTUAL,
    VMWARE,
    Engine,
    Hardware,
    Release,
)

TODAY: Final = datetime.fromisoformat("2026-03-02T06:00:00")
"""When every tool exported, in local time: exports carry no zone."""

_ENV_LETTERS: Final = {"production": "p", "test": "t", "development": "d"}
_SEGMENTS: Final = {"production": 0, "test": 1, "development": 2, "infrastructure": 3}
_X86: Final = tuple(model for model in MODELS if model.family == "x86")
_SITE_WEIGHTS: Final = (40, 25, 20, 15)
_STRIDE: Final = 0x9E3779  # odd, so that every adapter gets a hardware address of its own
_MEMORY: Final = (4, 8, 8, 16, 16, 16, 32, 32, 64)


class MachineFactory:
    """Draws machines from one random stream; the same stream gives the same machines."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._names: Counter[str] = Counter()
        self._addresses: Counter[tuple[int, int]] = Counter()
        self._numbers = 0
        self._adapters = rng.getrandbits(20)

    def person(self) -> str:
        """A full name."""
        return f"{self._rng.choice(FIRST_NAMES)} {self._rng.choice(LAST_NAMES)}"

    def site(self) -> Site:
        """A site, larger ones more often."""
        return self._rng.choices(SITES, _SITE_WEIGHTS)[0]

    def virtual(self, site: Site, role: str, environment: str, family: str | None) -> Machine:
        """A VM; `family` narrows the operating system to windows or linux."""
        release = self._release(VIRTUAL, family)
        cores = self._rng.choice((2, 2, 4, 4, 4, 8, 8, 16))
        return self._machine(Kind.VIRTUAL_MACHINE, site, role, environment, release, VMWARE, cores)

    def physical(self, site: Site, role: str, environment: str, family: str | None) -> Machine:
        """A physical server; unix families come on the hardware that runs them."""
        if family == "unix":
            release = self._release(MIDRANGE, None)
            hardware = next(model for model in MODELS if model.family == release.product)
        else:
            release = self._release(VIRTUAL, family)
            hardware = self._rng.choice(_X86)
        return self._machine(
            Kind.SERVER, site, role, environment, release, hardware, hardware.cores
        )

    def hypervisor(self, site: Site) -> Machine:
        """An ESXi host."""
        hardware = self._rng.choice(_X86)
        host = self._machine(
            Kind.HYPERVISOR_HOST, site, "esx", "production", None, hardware, hardware.cores
        )
        host.memory = self._rng.choice((256, 384, 512, 768)) * 1024 - 330
        host.esxi = self._rng.randrange(len(ESXI))
        return host

    def database(self, machine: Machine) -> None:
        """Put a database instance on a machine whose system can run one."""
        family = machine.release.family if machine.release else "linux"
        engine: Engine = self._rng.choice([e for e in ENGINES if e.family == family])
        name = f"{engine.prefix}{machine.name.replace('-', '')[:3].upper()}{machine.number:04d}"
        machine.database = Database(f"db-{machine.number:05d}", name, engine)
        machine.memory = max(machine.memory, 16 * 1024)

    def identifier(self) -> str:
        """A random UUID as text."""
        return str(uuid.UUID(int=self._rng.getrandbits(128), version=4))

    def address(self, site: Site, segment: int) -> str:
        """The next free address of a site's segment."""
        self._addresses[site.octet, segment] += 1
        index = self._addresses[site.octet, segment] + 9
        third, fourth = divmod(index, 240)
        return f"10.{site.octet + segment + 4 * (third // 250)}.{third % 250}.{fourth + 10}"

    def adapter(self, network: str, address: str, *, virtual: bool) -> Nic:
        """A network adapter with a new hardware address."""
        self._adapters += 1
        tail = self._adapters * _STRIDE & 0x3FFFFF
        maker = "00:50:56" if virtual else "3c:a8:2a"
        mac = f"{maker}:{0x80 | tail >> 16:02x}:{tail >> 8 & 255:02x}:{tail & 255:02x}"
        return Nic(mac, address, network)

    def _release(self, pool: tuple[Release, ...], family: str | None) -> Release:
        fitting = [release for release in pool if family in (None, release.family)]
        return self._rng.choices(fitting, [release.weight for release in fitting])[0]

    def _name(self, site: Site, role: str, environment: str, family: str) -> str:
        fields = {
            "site": site.code,
            "env": _ENV_LETTERS[environment],
            "family": "w" if family == "windows" else "l",
            "role": role,
        }
        stem = site.style.format(number=0, **fields)
        self._names[stem] += 1
        name = site.style.format(number=self._names[stem], **fields)
        return name.upper() if site.code == "lei" else name

    def _machine(
        self, kind: Kind, site: Site, role: str, environment: str, release: Release | None,
        hardware: Hardware, cores: int,
    ) -> Machine:  # fmt: skip
        rng = self._rng
        self._numbers += 1
        number = self._numbers
        virtual = kind is Kind.VIRTUAL_MACHINE
        infrastructure = kind is Kind.HYPERVISOR_HOST or role in ("dc", "bck", "mon")
        segment = _SEGMENTS["infrastructure" if infrastructure else environment]
        network = f"{site.code.upper()}-{(100 + segment * 10)}-{environment[:4].upper()}"
        nics = [self.adapter(network, self.address(site, segment), virtual=virtual)]
        if role in ("db", "fs") or rng.random() < 0.08:
            backup = f"{site.code.upper()}-190-BACKUP"
            nics.append(self.adapter(backup, self.address(site, 3), virtual=virtual))
        bios = self.identifier()
        installed = date(2012, 1, 1) + timedelta(days=rng.randrange(5100))
        return Machine(
            key=f"{kind.value}-{number:05d}",
            number=number,
            kind=kind,
            name=self._name(site, role, environment, release.family if release else "esxi"),
            domain=DOMAIN,
            site=site,
            role=role,
            environment=environment,
            release=release,
            hardware=hardware,
            cores=cores,
            sockets=max(1, cores // 4) if virtual else hardware.sockets,
            memory=rng.choice(_MEMORY) * 1024 * (1 if virtual else 4),
            disks=self._disks(role, release),
            nics=nics,
            uuid=self.identifier(),
            bios_uuid=bios,
            serial=_vmware_serial(bios) if virtual else self._serial(hardware),
            asset_tag=f"P1{number:06d}",
            installed=installed,
            last_seen=TODAY - timedelta(minutes=rng.randrange(60, 60 * 24 * 6)),
            owner=self.person(),
            technician=self.person(),
            department=rng.randrange(8),
            criticality=rng.choices((1, 2, 3, 4), (10, 30, 40, 20))[0],
        )

    def _serial(self, hardware: Hardware) -> str:
        alphabet = "0123456789BCDFGHJKLMNPQRSTVWXYZ"
        if hardware.vendor.startswith("Dell"):
            return "".join(self._rng.choices(alphabet, k=6)) + "2"
        prefix = {"HPE": "CZ", "HP": "CZJ", "FUJITSU": "YLNS"}.get(hardware.vendor, "78")
        return prefix + "".join(self._rng.choices(alphabet, k=8))

    def _disks(self, role: str, release: Release | None) -> list[Disk]:
        if release is None:
            return []
        windows = release.family == "windows"
        system = Disk(self._rng.choice((40, 60, 80, 100)) * 1024, 0, "C:\\" if windows else "/")
        disks = [system]
        more = {"db": 3, "fs": 4, "app": 1}.get(role, 0)
        for index in range(self._rng.randint(more // 2, more)):
            mount = f"{'DEFG'[index]}:\\" if windows else f"/data{index + 1}"
            disks.append(Disk(self._rng.choice((50, 100, 200, 500, 1000)) * 1024, 0, mount))
        for disk in disks:
            disk.used = disk.size * self._rng.randint(15, 92) // 100
        return disks


def _vmware_serial(bios: str) -> str:
    """The serial number a VM's firmware reports: its SMBIOS UUID in VMware's spelling."""
    digits = bios.replace("-", "")
    octets = [digits[i : i + 2] for i in range(0, 32, 2)]
    return f"VMware-{' '.join(octets[:8])}-{' '.join(octets[8:])}"
