"""Precision, recall and seconds of identity resolution on the synthetic five-source estate,
beside equality of host names in the same run.

    python -m benchmarks.identity [RECORDS ...]
"""

from __future__ import annotations

import resource
import sys
import time
from collections import Counter
from collections.abc import Hashable, Sequence

from benchmarks.estates import Listed, asset_type_of, estate
from landbridge.discovery.inventory.identity import IdentityResolver
from landbridge.discovery.inventory.keys import identity_of, usable_serial
from landbridge.kit.collecting import seldom_collected

_BATCH = 4_000


def resolve(listed: Sequence[Listed]) -> list[int]:
    """The cluster of each record by identity resolution."""
    resolver = IdentityResolver()
    for start in range(0, len(listed), _BATCH):
        batch = listed[start : start + _BATCH]
        resolver.add_all([identity_of(item.values, asset_type_of(item)) for item in batch])
    return resolver.resolve().labels


def by_hostname(listed: Sequence[Listed]) -> list[Hashable]:
    """The cluster of each record by equal short host name, the usual shortcut."""
    labels: list[Hashable] = []
    for number, item in enumerate(listed):
        name = (item.values.get("hostname") or item.values.get("fqdn") or "").lower()
        labels.append((name if name[:1].isdigit() else name.partition(".")[0]) or number)
    return labels


def quality(labels: Sequence[Hashable], truth: Sequence[int]) -> tuple[float, float, float]:
    """Pairwise precision, recall and F1."""

    def pairs(counts: Counter[Hashable]) -> int:
        return sum(v * (v - 1) // 2 for v in counts.values())

    both = pairs(Counter(zip(labels, truth, strict=True)))
    said, real = pairs(Counter(labels)), pairs(Counter(truth))
    return both / max(said, 1), both / max(real, 1), 2 * both / max(said + real, 1)


def torn_serials(labels: Sequence[Hashable], listed: Sequence[Listed]) -> int:
    """How many clusters hold two different real serial numbers."""
    held: dict[Hashable, set[str]] = {}
    for label, item in zip(labels, listed, strict=True):
        serial = usable_serial(item.values.get("serial_number") or "")
        if serial:
            held.setdefault(label, set()).add(serial)
    return sum(len(serials) > 1 for serials in held.values())


def main(sizes: Sequence[int]) -> None:
    """Print one line per size and method."""
    for size in sizes:
        listed = estate(size)
        truth = [item.truth for item in listed]
        for name, method in (("hostname equality", by_hostname), ("evidence", resolve)):
            start = time.perf_counter()
            with seldom_collected():  # as the inventory phase does
                labels = method(listed)
            seconds = time.perf_counter() - start
            p, r, f1 = quality(labels, truth)
            rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(
                f"{len(listed):>9,} records  {name:<18} P={p:.4f} R={r:.4f} F1={f1:.4f} "
                f"clusters={len(set(labels)):,} true={len(set(truth)):,} "
                f"with two serials={torn_serials(labels, listed):,} "
                f"{seconds:.2f} s  peak {rss} MB",
                flush=True,
            )


if __name__ == "__main__":
    main([int(a) for a in sys.argv[1:]] or [10_000, 100_000])
