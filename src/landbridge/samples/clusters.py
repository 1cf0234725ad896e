"""Hypervisor hosts and clusters, and which VM runs where."""

from __future__ import annotations

from random import Random
from typing import Final

from landbridge.samples.machines import MachineFactory
from landbridge.samples.model import Cluster, Kind, Machine
from landbridge.samples.names import SITES, Site

VMS_PER_HOST: Final = 18
HOSTS_PER_CLUSTER: Final = 6


def make_clusters(
    factory: MachineFactory, machines: list[Machine]
) -> tuple[list[Machine], list[Cluster]]:
    """Hosts and clusters enough for the VMs of each site, and every VM placed on a host."""
    hosts: list[Machine] = []
    clusters: list[Cluster] = []
    for site in SITES:
        virtual = [m for m in machines if m.kind is Kind.VIRTUAL_MACHINE and m.site is site]
        needed = max(2, -(-len(virtual) // VMS_PER_HOST))
        local: list[Machine] = []
        for index in range(needed):
            if index % HOSTS_PER_CLUSTER == 0:
                clusters.append(_cluster(site, index // HOSTS_PER_CLUSTER + 1))
            host = factory.hypervisor(site)
            host.cluster = clusters[-1].name
            clusters[-1].hosts.append(host)
            local.append(host)
        for index, machine in enumerate(virtual):
            host = local[index % len(local)]
            machine.host, machine.cluster = host.fqdn, host.cluster
        hosts.extend(local)
    return hosts, clusters


def _cluster(site: Site, index: int) -> Cluster:
    name = f"{site.code.upper()}-CL{index:02d}"
    return Cluster(f"cluster-{name}", name, site)


def place(rng: Random, machine: Machine, clusters: list[Cluster]) -> None:
    """Put a VM on a host of its site."""
    cluster = rng.choice([c for c in clusters if c.site is machine.site])
    machine.cluster, machine.host = cluster.name, rng.choice(cluster.hosts).fqdn
