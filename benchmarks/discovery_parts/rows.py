"""One wide list of virtual machines, as a hypervisor's export joined with a CMDB would give it:
twenty columns, drawn from a seed, so that a size is always the same file.
"""

from __future__ import annotations

import csv
import random
import uuid
from pathlib import Path

HEADER = (
    *("Name", "Power State", "DNS Name", "Primary IP Address", "MAC Address", "OS", "CPUs"),
    *("Memory (MB)", "Provisioned MB", "In Use MB", "Datacenter", "Cluster", "Host"),
    *("Environment", "Owner", "Application", "Serial Number", "VM UUID", "Criticality"),
    "Creation date",
)
_SYSTEMS = (
    *("Microsoft Windows Server 2012 R2", "Microsoft Windows Server 2016 (64-bit)"),
    *("Red Hat Enterprise Linux 8 (64-bit)", "SUSE Linux Enterprise 15"),
    *("Ubuntu Linux (64-bit)", "CentOS 7"),
)
_OWNERS = ("Ada Lovelace", "Grace Hopper", "Alan Turing", "Edsger Dijkstra")


def write(path: Path, rows: int, seed: int = 11) -> int:
    """Write a CSV of so many rows; returns its size in bytes."""
    rng = random.Random(seed)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(_row(rng, number) for number in range(rows))
    return path.stat().st_size


def _row(rng: random.Random, n: int) -> tuple[object, ...]:
    name = f"srv-{n:07}"
    host = n // 25  # 25 machines to a host, 10 hosts to a cluster: real estates grow like this
    return (
        name,
        "poweredOff" if rng.random() < 0.1 else "poweredOn",
        f"{name}.corp.example.com",
        f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}",
        f"00:50:56:{n >> 16 & 255:02x}:{n >> 8 & 255:02x}:{n & 255:02x}",
        _SYSTEMS[rng.randrange(6)],
        rng.choice((2, 4, 8, 16)),
        rng.choice((4096, 8192, 16384)),
        rng.randrange(20_000, 700_000),
        rng.randrange(5_000, 10_000),
        f"dc{host // 10 % 5}",
        f"cl{host // 10}",
        f"esx{host:05}.example.com",
        rng.choice(("prod", "Production", "Test", "QA", "DEV")),
        f"{rng.choice(_OWNERS)} {n % 225}",
        f"App {n // 40}",
        f"SN{n:09}",
        str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        rng.choice(("low", "medium", "High", "1")),
        f"{2010 + n % 15}-{1 + n % 12:02}-{10 + n % 18} 10:00:00",
    )
