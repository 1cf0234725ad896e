"""Edges: statements about assets, united over sources, with evidence and confidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from uuid import UUID

from landbridge.discovery.dependencies.kinds import DependencyKind
from landbridge.discovery.inventory.tables import OWN_EXPORT


class EdgeKey(NamedTuple):
    """What makes two edges one; the key of the table."""

    from_asset_id: UUID
    to_asset_id: UUID
    kind: DependencyKind
    port: int
    protocol: str


@dataclass(slots=True)
class Edge:
    """An edge as the sources state it.

    Attributes:
        evidence: source → {import_table_id, rows, count, text, confidence, processes}.
    """

    evidence: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, source: str, item: dict[str, Any]) -> None:
        """Add what a source says; two statements of one source add up."""
        held = self.evidence.get(source)
        if held is None:
            self.evidence[source] = item
            return
        held["count"] += item["count"]
        held["confidence"] = max(held["confidence"], item["confidence"])
        held["rows"] = sorted({*held["rows"], *item["rows"]})[:5]
        if item.get("processes"):
            held["processes"] = sorted({*held.get("processes", ()), *item["processes"]})[:5]


_WHERE: Final = frozenset(("import_table_id", "rows"))


def united(
    before: Iterable[Mapping[str, Any]], now: Mapping[str, Mapping[str, Any]]
) -> list[dict[str, Any]] | None:
    """The evidence after an import: its sources' word replaces what they said before. An export
    of this inventory confirms nothing that is already known.

    Args:
        before: stored evidence, each item with its `source`.
        now: source → what it says now.

    Returns:
        The evidence, or None when nothing but the place of the rows differs.
    """
    held = {str(item["source"]): dict(item) for item in before}
    changed = False
    for source, item in now.items():
        if held and source.startswith(OWN_EXPORT):
            continue
        new = {"source": source, **item}
        if source not in held or _said(held[source]) != _said(new):
            held[source] = new
            changed = True
    return [held[s] for s in sorted(held)] if changed else None


def _said(item: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in item.items() if k not in _WHERE}


def confidence_of(evidence: Iterable[Mapping[str, Any]]) -> int:
    """The confidence of an edge per mille: independent sources add up, and an observation made
    often counts more than one made once.
    """
    doubt = 1.0
    for share in shares_of(evidence):
        doubt *= 1 - share
    return min(995, round((1 - doubt) * 1000))


def shares_of(evidence: Iterable[Mapping[str, Any]]) -> Iterator[float]:
    """What each source is worth by itself, 0 to 0.99."""
    for item in evidence:
        repeated = min(int(item["count"]).bit_length() - 1, 6) * 0.02
        yield min(item["confidence"] / 1000 + repeated, 0.99)


def observations_of(evidence: Iterable[Mapping[str, Any]]) -> int:
    """How often the edge was observed or stated."""
    return sum(int(item["count"]) for item in evidence)
