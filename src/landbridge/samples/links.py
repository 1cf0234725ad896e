"""Draws the true network dependencies between the machines of the applications."""

from __future__ import annotations

from random import Random
from typing import Final

from landbridge.samples.model import Application, Link, Machine
from landbridge.samples.names import LAB_DOMAIN

RUNTIMES: Final = {
    "java": ("java", 8443),
    "dotnet": ("w3wp.exe", 443),
    "php": ("php-fpm", 443),
    "python": ("python3", 8000),
    "node": ("node", 3000),
    "go": ("server", 8080),
}
"""Process and service port of each technology's application servers."""

_WEB_SERVERS: Final = {"windows": "w3wp.exe", "linux": "nginx", "unix": "httpd"}
_BUS: Final = "Integration Bus"


class _Links:
    """The links found so far, each pair and port once."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str, int], Link] = {}

    def add(self, source: Machine, target: Machine, port: int, client: str, service: str) -> None:
        connected = source.powered_on and target.powered_on and source is not target
        if connected and LAB_DOMAIN not in (source.domain, target.domain):
            link = Link(source, target, port, client, service)
            self.found.setdefault((source.key, target.key, port), link)


def draw_links(
    rng: Random, applications: list[Application], infrastructure: list[Machine]
) -> list[Link]:
    """Tiers inside each application and environment, interfaces between applications, the
    integration bus and the file servers. Machines that are off, and lab copies, have none.
    """
    links = _Links()
    shares = [machine for machine in infrastructure if machine.role == "fs"]
    producers = {a.key: _workers(a) for a in applications}
    bus = next(producers[a.key] for a in applications if a.name == _BUS)
    others = [workers for workers in producers.values() if workers]
    for application in applications:
        _tiers(rng, links, application)
        workers = producers[application.key]
        if not workers:
            continue
        process = RUNTIMES[application.technology][0]
        for peers in rng.sample(others, rng.randint(0, min(3, len(others)))):
            links.add(rng.choice(workers), rng.choice(peers), 443, process, "nginx")
        if bus and rng.random() < 0.4:
            links.add(workers[0], rng.choice(bus), 1414, process, "amqzmppa")
        if rng.random() < 0.3:
            links.add(workers[0], rng.choice(shares), 445, "System", "System")
    return list(links.found.values())


def _workers(application: Application) -> list[Machine]:
    return [m for m in application.members if m.role == "app" and m.environment == "production"]


def _tiers(rng: Random, links: _Links, application: Application) -> None:
    process, port = RUNTIMES[application.technology]
    for environment in ("production", "test", "development"):
        local = [m for m in application.members if m.environment == environment]
        workers = [m for m in local if m.role == "app"]
        stores = [(m, m.database.engine) for m in local if m.database]
        for front in (m for m in local if m.role == "web"):
            client = _WEB_SERVERS[front.release.family if front.release else "linux"]
            for worker in rng.sample(workers, min(2, len(workers))):
                links.add(front, worker, port, client, process)
        for worker in workers:
            for store, engine in rng.sample(stores, min(2, len(stores))):
                links.add(worker, store, engine.port, process, engine.process)
