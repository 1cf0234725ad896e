"""200 flows of five client accounts, while workers are killed, frozen and stopped and the
server crashes: does every flow end as it has to, and is everything there exactly once?

    python -m benchmarks.chaos [--seed N] [--flows N] [--json]

The run has a PostgreSQL cluster of its own. It exits with 1 and lists what was wrong, else 0.
"""

from __future__ import annotations

import argparse
import json
import secrets
import sys
from typing import Any

from landbridge.kit.logging import configure_logging
from tests.support.cluster import own_cluster
from tests.support.ordeal.run import Plan, ordeal


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--seed", type=int, default=None, help="repeats the draw of a run")
    parser.add_argument("--flows", type=int, default=200)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--kill-every", type=float, default=4.0, metavar="SECONDS")
    parser.add_argument("--longest", type=float, default=1.5, metavar="SECONDS")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    plan = Plan(
        seed=secrets.randbelow(1_000_000) if given.seed is None else given.seed,
        flows=given.flows,
        workers=given.workers,
        kill_every=given.kill_every,
        longest=given.longest,
    )
    configure_logging()
    print(f"seed {plan.seed}", file=sys.stderr)
    with own_cluster() as cluster:
        report = ordeal(cluster, plan, _tell)
    print("", file=sys.stderr)
    if given.json:
        print(json.dumps(report, default=str))
    else:
        _print(report)
    return 1 if report["violations"] else 0


def _tell(line: str) -> None:
    print(f"\r{line:70}", end="", file=sys.stderr, flush=True)


def _print(report: dict[str, Any]) -> None:
    for name, value in report.items():
        title = name.replace("_", " ")
        if name == "disturbances":
            print(f"{title}:")
            for at, what in value:
                print(f"  {at:6.1f} s  {what}")
        elif isinstance(value, dict):
            print(f"{title}:")
            for key, number in value.items():
                print(f"  {key:40} {number}")
        elif name != "violations":
            print(f"{title:42} {value}")
    print(f"violations: {len(report['violations'])}")
    for violation in report["violations"]:
        print(f"  {violation}")


if __name__ == "__main__":
    sys.exit(main())
