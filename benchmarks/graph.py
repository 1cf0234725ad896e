"""Groups and waves of a large estate: strongly connected components, shared services, groups of a
chosen size and waves of 100,000 assets and 500,000 edges, then the product's own flow phase and
the graph of groups on PostgreSQL.

    python -m benchmarks.graph [ASSETS] [EDGES] [--peers] [--json]

With `--peers`, networkx finds communities of the same links in the same run, where it is installed.
The exit code is 1 when the steps together take more than 15 s, or the graph of groups more than
300 ms (median of 9 requests).
"""

from __future__ import annotations

import argparse
import importlib
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import httpx
import numpy as np

from landbridge.discovery.graph.flow import AssetGrouper
from landbridge.discovery.graph.groups import ALONE, Estate, Groups, circles, groups
from landbridge.discovery.graph.shared import shared_services
from landbridge.discovery.graph.waves import Edge, Item, Limits, Plan, plan
from landbridge.kit.settings import Settings
from tests.support.cluster import own_cluster
from tests.support.graphs import stored_estate
from tests.support.http import serving

ASSETS, EDGES, WANTED = 100_000, 500_000, 25
LIMIT_SECONDS: Final = 15.0
LIMIT_REQUEST: Final = 0.3
_REQUESTS: Final = 9
T = TypeVar("T")


def estate(assets: int, edges: int, seed: int = 7) -> Estate:
    """Applications of 5 to 60 machines with most edges inside, some between, and machines that
    everybody asks: name servers, monitoring.
    """
    chance = np.random.default_rng(seed)
    sizes: list[int] = []
    while sum(sizes) < assets:
        sizes.append(min(int(chance.integers(5, 61)), assets - sum(sizes)))
    first = np.cumsum([0, *sizes[:-1]])
    app = np.repeat(np.arange(len(sizes)), sizes)
    shared = chance.choice(assets, 12, replace=False)
    source = chance.integers(0, assets, edges)
    size, start = np.array(sizes)[app[source]], first[app[source]]
    inside = start + (chance.random(edges) * size).astype(np.int64)
    kind = chance.random(edges)
    target = np.where(kind < 0.75, inside, chance.integers(0, assets, edges))
    target = np.where(kind > 0.9, shared[chance.integers(0, shared.size, edges)], target)
    port = np.where(kind > 0.9, 53, chance.choice([443, 1433, 5432, 8080], edges))
    kept = source != target
    names = [f"app{a:05d}-srv{n:06d}" for n, a in enumerate(app.tolist())]
    return Estate(names, source[kept], target[kept], port[kept], np.ones(int(kept.sum())))


def waves_of(found: Groups, of: Estate) -> Plan:
    """The waves of the groups, 20 groups in each."""
    a, b = found.group[of.source], found.group[of.target]
    cross = (a != ALONE) & (b != ALONE) & (a != b)
    pairs = np.unique(a[cross] * np.int64(found.count) + b[cross])
    edges = [Edge(str(p // found.count), str(p % found.count)) for p in pairs.tolist()]
    sizes = np.bincount(found.group[found.group != ALONE])
    items = [Item(str(n), size=int(size)) for n, size in enumerate(sizes.tolist())]
    return plan(items, edges, Limits(items_per_wave=20))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("assets", nargs="?", type=int, default=ASSETS)
    parser.add_argument("edges", nargs="?", type=int, default=EDGES)
    parser.add_argument("--peers", action="store_true", help="measure networkx, too")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    of = estate(given.assets, given.edges)
    seconds: dict[str, float] = {}
    timed(seconds, "strongly connected components", lambda: circles(of.size, of.source, of.target))
    timed(
        seconds,
        "shared services",
        lambda: shared_services(of.names, of.source, of.target, of.port),
    )
    found = timed(seconds, "groups, with the two above", lambda: groups(of, WANTED))
    waves = timed(seconds, "waves", lambda: waves_of(found, of))
    together = seconds["groups, with the two above"] + seconds["waves"]
    report: dict[str, Any] = {
        "assets": of.size,
        "edges": int(of.source.size),
        "groups": found.count,
        "mean": round(found.mean, 1),
        "modularity": round(found.modularity, 3),
        "waves": len(waves.waves),
        "seconds": seconds,
        "together": together,
    }
    report |= _stored(of)
    if given.peers:
        report["peers"] = _peers(of)
    print(json.dumps(report) if given.json else _text(report))
    return 0 if together <= LIMIT_SECONDS and report["request"] <= LIMIT_REQUEST else 1


def timed(seconds: dict[str, float], name: str, action: Callable[[], T]) -> T:
    """What `action` gives; its seconds are noted."""
    begin = time.perf_counter()
    result = action()
    seconds[name] = time.perf_counter() - begin
    return result


def _stored(of: Estate) -> dict[str, Any]:
    """The flow's phase on stored assets and edges, and requests for the graph of groups."""
    with tempfile.TemporaryDirectory() as folder, own_cluster() as cluster:
        account, context = stored_estate(cluster.databases, of, group_size=WANTED)
        with context() as phase:
            begin = time.perf_counter()
            AssetGrouper().run(phase)
        grouped = time.perf_counter() - begin
        settings = Settings(data_dir=Path(folder))
        with serving(cluster.databases, settings=settings) as url:
            place = (
                f"{url}/api/v1/client-accounts/{account.client_account_id}"
                f"/engagements/{account.engagement_id}/groups/graph"
            )
            taken = []
            for _ in range(_REQUESTS):
                begin = time.perf_counter()
                httpx.get(place, headers=account.headers).raise_for_status()
                taken.append(time.perf_counter() - begin)
    return {"phase": grouped, "request": statistics.median(taken), "slowest": max(taken)}


def _peers(of: Estate) -> dict[str, float | None]:
    try:
        networkx: Any = importlib.import_module("networkx")
    except ImportError:
        return {"networkx": None}
    graph = networkx.Graph()
    graph.add_nodes_from(range(of.size))
    graph.add_edges_from(zip(of.source.tolist(), of.target.tolist(), strict=True))
    begin = time.perf_counter()
    networkx.community.louvain_communities(graph, seed=1)
    return {"networkx": time.perf_counter() - begin}


def _text(report: dict[str, Any]) -> str:
    lines = [
        f"{report['assets']:,} assets, {report['edges']:,} edges: {report['groups']:,} groups of"
        f" {report['mean']} on average, modularity {report['modularity']}, {report['waves']} waves",
        *(f"  {name:34} {seconds:8.2f} s" for name, seconds in report["seconds"].items()),
        f"  {'components, groups and waves':34} {report['together']:8.2f} s"
        f"  (at most {LIMIT_SECONDS:.0f})",
        f"  {'the phase: read, group, write':34} {report['phase']:8.2f} s",
        f"  {'graph of groups, a request':34} {1000 * report['request']:8.0f} ms"
        f" (at most {1000 * LIMIT_REQUEST:.0f}), slowest {1000 * report['slowest']:.0f}",
    ]
    for name, seconds in report.get("peers", {}).items():
        told = "is not installed" if seconds is None else f"{seconds:8.2f} s"
        lines.append(f"  communities by {name:19} {told}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
