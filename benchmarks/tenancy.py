"""What row-level security costs: the product's own queries through the session door, beside the
same statements with an explicit WHERE on every table, run by an administrator whom row-level
security does not bind. Both are measured in turn, in one run, on the same rows.

    python -m benchmarks.tenancy [--accounts 200] [--assets 20000] [--json]

Without --database-url a database is made in a temporary directory and removed afterwards; with
--data-dir it is kept there and used again.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from benchmarks import many_tenants, pinned
from benchmarks.many_tenants import Crowd
from benchmarks.unprotected import Unprotected
from landbridge.database import engine
from landbridge.database.embedded import EmbeddedServer
from landbridge.database.engine import Databases
from landbridge.database.listing import Wanted
from landbridge.discovery.inventory import queries
from landbridge.flows.engine import migrate_engine
from landbridge.kit import jsonio
from landbridge.kit.settings import Settings

SAMPLED: Final = 20  # accounts whose rows are asked for
WARM_UP: Final = 20
LIMITS: Final = {"search": 2.0}
LIMIT: Final = 1.25

_LOCK = text("select a.criticality from app.assets as a where a.id = :id for update")
_UPDATE = text(
    "update app.assets as a set criticality = :criticality, updated_at = now() where a.id = :id"
)


@dataclass(frozen=True, slots=True)
class Target:
    """What one repetition of a measurement asks for."""

    crowd: Crowd
    number: int
    asset: int
    words: str
    cursor: str | None = None

    @property
    def engagement(self) -> Any:
        """The engagement's id."""
        return self.crowd.engagement(self.number)

    @property
    def asset_id(self) -> Any:
        """The asset's id."""
        return self.crowd.asset(self.number, self.asset)


@dataclass(frozen=True, slots=True)
class Measured:
    """One operation; times are medians of whole transactions in milliseconds.

    Attributes:
        ratio: median, over all repetitions, of the time under row-level security over the time
            with an explicit WHERE a moment before or after: what else the machine does in the
            meantime slows both.
        limit: the highest ratio that passes.
    """

    operation: str
    repetitions: int
    protected_ms: float
    protected_p99_ms: float
    explicit_ms: float
    explicit_p99_ms: float
    ratio: float
    limit: float
    passed: bool


def _decide(session: Any, target: Target) -> int:
    """Change one asset as every decision does: lock the row, look at it, write it."""
    named = {"id": target.asset_id}
    now = session.execute(_LOCK, named).scalar_one()
    changed = "high" if now != "high" else "low"
    written: int = session.execute(_UPDATE, {**named, "criticality": changed}).rowcount
    return written


Operation = Callable[[Any, Target], Any]

OPERATIONS: Final[dict[str, tuple[Operation, int]]] = {
    "point read": (lambda s, t: queries.asset(s, t.engagement, t.asset_id), 600),
    "list": (lambda s, t: queries.assets(s, t.engagement, Wanted()), 300),
    "keyset page": (lambda s, t: queries.assets(s, t.engagement, Wanted(cursor=t.cursor)), 300),
    "facets": (lambda s, t: queries.asset_facets(s, t.engagement, Wanted()), 40),
    "search": (lambda s, t: queries.assets(s, t.engagement, Wanted({"q": t.words})), 60),
    "update": (_decide, 1000),
}
"""Name → what is done in one transaction, and how often."""


def measure(databases: Databases, crowd: Crowd, share: float = 1.0) -> list[Measured]:
    """Every operation, both ways; `share` scales how often each is repeated."""
    rng = random.Random(1)
    numbers = rng.sample(range(1, crowd.accounts + 1), min(SAMPLED, crowd.accounts))
    access = dict(zip(numbers, many_tenants.open_accounts(databases, crowd, numbers), strict=True))
    plain = Unprotected(databases)
    try:
        pinned.together(databases.app.engine, plain.engine)
        results = []
        for name, (work, times) in OPERATIONS.items():
            targets = list(_targets(databases, access, crowd, rng, max(10, int(times * share))))

            def protected(target: Target, work: Operation = work) -> Any:
                with databases.app.open(access[target.number]) as session:
                    return work(session, target)

            def explicit(target: Target, work: Operation = work) -> Any:
                with plain.open(crowd.account(target.number)) as session:
                    return work(session, target)

            results.append(_compare(name, targets, protected, explicit))
        return results
    finally:
        plain.close()


def _targets(
    databases: Databases, access: dict[int, Any], crowd: Crowd, rng: random.Random, times: int
) -> Iterator[Target]:
    cursors: dict[int, str | None] = {}
    for number, credential in access.items():
        with databases.app.open(credential) as session:
            page = queries.assets(session, crowd.engagement(number), Wanted(limit=500))
            cursors[number] = page.next
    for _ in range(times):
        number = rng.choice(list(access))
        asset = rng.randint(1, crowd.assets)
        yield Target(crowd, number, asset, f"{asset:06d}"[:5], cursors[number])


def _compare(
    name: str,
    targets: Sequence[Target],
    protected: Callable[[Target], Any],
    explicit: Callable[[Target], Any],
) -> Measured:
    """Both ways for each target, the first one in turn; both must give the same answer."""
    for target in targets[:WARM_UP]:
        if protected(target) != explicit(target):
            raise AssertionError(f"{name}: the two ways give different answers")
    times: dict[Callable[[Target], Any], list[float]] = {protected: [], explicit: []}
    for n, target in enumerate(targets):
        for way in (protected, explicit) if n % 2 else (explicit, protected):
            start = time.perf_counter()
            way(target)
            times[way].append((time.perf_counter() - start) * 1000)
    ours, theirs = (statistics.median(times[way]) for way in (protected, explicit))
    pairs = zip(times[protected], times[explicit], strict=True)
    ratio = statistics.median(one / other for one, other in pairs)
    limit = LIMITS.get(name, LIMIT)
    return Measured(
        name,
        len(targets),
        round(ours, 3),
        round(_p99(times[protected]), 3),
        round(theirs, 3),
        round(_p99(times[explicit]), 3),
        round(ratio, 3),
        limit,
        ratio <= limit,
    )


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99)]


@contextlib.contextmanager
def database(options: argparse.Namespace) -> Iterator[Databases]:
    """The database that the options name, or a temporary one."""
    with contextlib.ExitStack() as stack:
        if options.database_url:
            settings = Settings(database_url=options.database_url)
        else:
            folder = options.data_dir or Path(stack.enter_context(tempfile.TemporaryDirectory()))
            Path(folder).chmod(0o755)
            settings = Settings(data_dir=folder, database_url=None)
            stack.callback(EmbeddedServer(settings.data_dir).stop)
        databases = engine.connect(settings, migrate_engine=migrate_engine)
        stack.callback(databases.close)
        yield databases


def main(arguments: Sequence[str]) -> int:
    """Print a table, or JSON; exit code 1 when a ratio is above its limit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=200)
    parser.add_argument("--assets", type=int, default=20_000, help="of each account")
    parser.add_argument("--database-url", help="an administrator's URL of an empty database")
    parser.add_argument("--data-dir", type=Path, help="keep the embedded database here")
    parser.add_argument("--repeat", type=float, default=1.0, help="scale the repetitions")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with database(options) as databases:
        start = time.perf_counter()
        crowd = many_tenants.found(databases)
        if crowd is None:
            crowd = many_tenants.fill(databases, options.accounts, options.assets)
        filled = time.perf_counter() - start
        results = measure(databases, crowd, options.repeat)
    if options.json:
        shape = {**asdict(crowd), "fill_seconds": round(filled, 1)}
        print(jsonio.dumps({**shape, "operations": [asdict(r) for r in results]}))
    else:
        print(f"{crowd.accounts} accounts × {crowd.assets:,} assets, ready in {filled:.0f} s")
        print(
            f"{'operation':<12} {'RLS ms':>9} {'p99':>8} {'WHERE ms':>9} {'p99':>8}  ratio  limit"
        )
        for r in results:
            print(
                f"{r.operation:<12} {r.protected_ms:>9.2f} {r.protected_p99_ms:>8.2f}"
                f" {r.explicit_ms:>9.2f} {r.explicit_p99_ms:>8.2f}  {r.ratio:>5.2f}"
                f"  {r.limit:>5.2f}{'' if r.passed else '  TOO SLOW'}"
            )
    return 0 if all(r.passed for r in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
