"""Flows in numbers: a crowd created at once, a crowd that waits through a restart, fairness
between client accounts, and what orchestration costs beside the bare engine.

    python -m benchmarks.flows [at_once] [waiting] [fairness] [ratio] [--json]

The run has a PostgreSQL cluster of its own and real worker processes. It exits with 1 when a
flow was left behind, or when ours reaches less than 0.6 of the bare engine.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from typing import Any

from benchmarks.flow_parts import crowd, noise
from benchmarks.flow_parts.ratio import ratio
from landbridge.kit.logging import configure_logging
from tests.support.cluster import Cluster, own_cluster
from tests.support.fleet import Fleet, fleet

ENOUGH = 0.6


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("parts", nargs="*", help="which of them; all without")
    parser.add_argument("--at-once", type=int, default=1000, metavar="FLOWS")
    parser.add_argument("--waiting", type=int, default=2000, metavar="FLOWS")
    parser.add_argument("--behind", type=int, default=500, metavar="FLOWS")
    parser.add_argument("--each", type=int, default=300, metavar="FLOWS")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    configure_logging()
    parts: dict[str, Callable[[Cluster, Fleet], dict[str, Any]]] = {
        "at_once": lambda c, f: crowd.at_once(c, f, given.at_once),
        "waiting": lambda c, f: crowd.waiting(c, f, given.waiting),
        "fairness": lambda c, f: crowd.fairness(c, f, given.behind),
        "ratio": lambda c, f: ratio(c, f, given.each, given.rounds),
    }
    report: dict[str, Any] = {"noise_at_the_beginning": noise()}
    with own_cluster() as cluster, fleet(cluster.databases, cluster.directory) as workers:
        for name in given.parts or parts:
            report[name] = parts[name](cluster, workers)
            if not given.json:
                _print(name, report[name])
    if given.json:
        print(json.dumps(report))
    else:
        print(report["noise_at_the_beginning"])
    return 0 if _is_good(report) else 1


def _is_good(report: dict[str, Any]) -> bool:
    crowds = [report[name] for name in ("at_once", "waiting") if name in report]
    all_there = all(part["completed"] == part["flows"] for part in crowds)
    return all_there and report.get("ratio", {}).get("ours_to_raw", 1) >= ENOUGH


def _print(name: str, part: dict[str, Any]) -> None:
    print(f"{name.replace('_', ' ')}:")
    for key, value in part.items():
        print(f"  {key.replace('_', ' '):50} {value}")


if __name__ == "__main__":
    sys.exit(main())
