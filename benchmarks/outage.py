"""PostgreSQL goes away for 30 s under load: is every request answered in time, does every flow end,
and is nothing lost or there twice?

    python -m benchmarks.outage [--way kill|freeze] [--away SECONDS] [--json]

The run has a PostgreSQL cluster, a server and two workers of its own. It exits with 1 and lists
what was wrong, else 0.
"""

from __future__ import annotations

import argparse
import json
import sys

from landbridge.kit.logging import configure_logging
from tests.support.cluster import own_cluster
from tests.support.outage import Plan, outage


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--way", choices=("kill", "freeze"), default="kill")
    parser.add_argument("--away", type=float, default=30.0, metavar="SECONDS")
    parser.add_argument("--statement-seconds", type=float, default=30.0, metavar="SECONDS")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    plan = Plan(way=given.way, away=given.away, statement_seconds=given.statement_seconds)
    configure_logging()
    with own_cluster() as cluster:
        report = outage(cluster, plan, lambda line: print(line, file=sys.stderr, flush=True))
    if given.json:
        print(json.dumps(report))
    else:
        for name, value in report.items():
            print(f"{name.replace('_', ' '):36} {value}")
    return 1 if report["violations"] else 0


if __name__ == "__main__":
    sys.exit(main())
