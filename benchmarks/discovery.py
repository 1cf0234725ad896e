"""Discovery at size: all six phases over a list of 20 columns, by the product's own path – a
received file, a flow, a worker, PostgreSQL with its row-level security, audit and constraints.

    python -m benchmarks.discovery [ROWS ...] [--peers] [--json]

Beside it stands the server's own COPY of the same file in the same run. With `--peers`, what
else loads the rows is measured on the same file too. The exit code is 1 when a flow did not
give one asset for each row.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.discovery_parts import loading, product, rows
from benchmarks.flow_parts import noise
from tests.support.cluster import own_cluster

SIZES = (10_000, 100_000, 1_000_000)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("rows", nargs="*", type=int, help="numbers of rows; 10k, 100k, 1M without")
    parser.add_argument("--peers", action="store_true", help="measure what else loads rows")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    report: dict[str, Any] = {"noise_at_the_beginning": noise(), "sizes": []}
    for size in given.rows or SIZES:
        measured = _measure(size, peers=given.peers)
        report["sizes"].append(measured)
        if not given.json:
            _print(measured)
    if given.json:
        print(json.dumps(report))
    else:
        print(report["noise_at_the_beginning"])
        _print_linearity(report["sizes"])
    return 0 if all(s["assets"] >= s["rows"] for s in report["sizes"]) else 1


def _measure(size: int, *, peers: bool) -> dict[str, Any]:
    """One size, on a cluster of its own, so that no size inherits another's tables."""
    with tempfile.TemporaryDirectory() as folder, own_cluster() as cluster:
        path = Path(folder) / "machines.csv"
        size_bytes = rows.write(path, size)
        measured = product.run(cluster, path)
        admin = cluster.databases.admin_url
        assert admin is not None
        copied = loading.copy_seconds(admin, path)
        measured |= {
            "rows": size,
            "megabytes": size_bytes / 1e6,
            "copy_seconds": copied,
            "ratio_to_copy": measured["seconds"] / copied,
            "microseconds_per_row": 1e6 * measured["seconds"] / size,
        }
        if peers:
            measured["peers"] = loading.peers(admin, path)
    return measured


def _print(m: dict[str, Any]) -> None:
    print(f"{m['rows']:,} rows, {m['megabytes']:.0f} MB, {m['assets']:,} assets:")
    for phase, seconds in m["phases"].items():
        print(f"  {phase:24} {seconds:9.2f} s  {100 * seconds / m['seconds']:5.1f} %")
    print(f"  {'all, with receiving':24} {m['seconds']:9.2f} s")
    print(f"  {'per row':24} {m['microseconds_per_row']:9.1f} µs")
    print(f"  {'client: processor':24} {m['client_cpu_seconds']:9.2f} s")
    print(f"  {'server: processor':24} {m['server_cpu_seconds']:9.2f} s")
    print(f"  {'client: peak memory':24} {m['client_rss_mb']:9.0f} MB")
    copied = m["copy_seconds"]
    print(f"  {'COPY of the same rows':24} {copied:9.2f} s  ratio {m['ratio_to_copy']:.1f}")
    for name, seconds in m.get("peers", {}).items():
        if seconds is None:
            print(f"  {name:24} not installed: uv sync --group benchmarks")
        else:
            print(f"  {name:24} {seconds:9.2f} s  ratio {seconds / copied:.1f}  (only loads)")


def _print_linearity(sizes: list[dict[str, Any]]) -> None:
    if len(sizes) > 1:
        costs = [s["microseconds_per_row"] for s in sizes]
        middle = (min(costs) + max(costs)) / 2
        print(f"time per row within ± {100 * (max(costs) / middle - 1):.0f} % over the sizes")


if __name__ == "__main__":
    sys.exit(main())
