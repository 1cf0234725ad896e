"""Scoring: the evidence of every candidate pair, vectorised over pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from landbridge.discovery.inventory import evidence as weigh
from landbridge.discovery.inventory.names import similar
from landbridge.discovery.inventory.pairs import Ints, KeyColumn, contains, distinct

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_BLOCKING: Final = ("names", "loose", "uuid", "instance", "serial", "macs", "ips", "source_id")


@dataclass(frozen=True, slots=True)
class Candidates:
    """What pairs are made from.

    Attributes:
        n: number of units.
        columns: key values by kind.
        single: per single-valued kind (uuid, instance, serial, domain): (units, codes).
        groups: the group of each unit.
        bare: units that say nothing but an address.
        named: units that have names.
        names_of: the names of a unit that has any.
    """

    n: int
    columns: dict[str, KeyColumn]
    single: dict[str, tuple[Ints, Ints]]
    groups: Ints
    bare: Flags
    named: Flags
    names_of: Callable[[int], list[str]]


class Scored:
    """Candidate pairs with their weights, and why."""

    def __init__(self, left: Ints, right: Ints, too_common: int) -> None:
        self.left, self.right, self.too_common = left, right, too_common
        self.weights: Floats = np.zeros(len(left))
        self._agree: dict[str, Flags] = {}
        self._differ: dict[str, Flags] = {}

    def note(self, kind: str, agree: Flags, plus: float, differ: Flags, minus: float) -> None:
        """Add the evidence of one kind."""
        self.weights += plus * agree + minus * differ
        self._agree[kind] = self._agree.get(kind, False) | agree
        self._differ[kind] = self._differ.get(kind, False) | differ

    def keep(self, wanted: Flags) -> None:
        """Drop all other pairs."""
        self.left, self.right = self.left[wanted], self.right[wanted]
        self.weights = self.weights[wanted]
        self._agree = {k: v[wanted] for k, v in self._agree.items()}
        self._differ = {k: v[wanted] for k, v in self._differ.items()}

    def reviews(
        self, labels: Ints, per_cluster: int
    ) -> Iterator[tuple[int, int, float, tuple[str, ...]]]:
        """Pairs of different clusters worth a person's look, best first."""
        doubtful = np.flatnonzero(
            (self.weights >= weigh.REVIEW) & (labels[self.left] != labels[self.right])
        )
        seen: set[tuple[int, int]] = set()
        shown: dict[int, int] = {}
        for i in doubtful[np.argsort(-self.weights[doubtful], kind="stable")].tolist():
            a, b = int(self.left[i]), int(self.right[i])
            pair = (int(labels[a]), int(labels[b]))
            pair = pair if pair[0] < pair[1] else (pair[1], pair[0])
            if pair in seen or max(shown.get(pair[0], 0), shown.get(pair[1], 0)) >= per_cluster:
                continue
            seen.add(pair)
            for cluster in pair:
                shown[cluster] = shown.get(cluster, 0) + 1
            yield a, b, round(float(self.weights[i]), 2), self._reasons(i)

    def _reasons(self, i: int) -> tuple[str, ...]:
        reasons = []
        for kind, (same, other) in weigh.EXPLANATIONS.items():
            if kind in self._agree and self._agree[kind][i]:
                reasons.append(same)
            elif other and kind in self._differ and self._differ[kind][i]:
                reasons.append(other)
        return tuple(reasons)


def score(c: Candidates) -> Scored:
    """The candidate pairs: all that share a usable value of some kind."""
    blocks = {kind: c.columns[kind].blocks() for kind in _BLOCKING}
    pairs = {kind: b.pairs(c.n) for kind, b in blocks.items()}
    keys = distinct(np.concatenate(list(pairs.values())))
    keys = keys[c.groups[keys // c.n] == c.groups[keys % c.n]]
    left, right = keys // c.n, keys % c.n
    scored = Scored(left, right, sum(b.too_common for b in blocks.values()))
    nothing = np.zeros(len(keys), dtype=bool)

    def both(flags: Flags) -> Flags:
        return np.asarray(flags[left] & flags[right])

    for kind, plus, minus in (
        ("serial", weigh.SAME_SERIAL, weigh.OTHER_SERIAL),
        ("uuid", weigh.SAME_UUID, weigh.OTHER_UUID),
        ("instance", weigh.SAME_UUID, weigh.OTHER_UUID),
    ):
        code = _code_of(c, kind)
        known = both(code >= 0)
        same = known & (code[left] == code[right])
        scored.note("uuid" if kind == "instance" else kind, same, plus, known & ~same, minus)

    same = contains(pairs["macs"], keys)
    known = both(blocks["macs"].having(c.n)) & ~same
    one = both(blocks["macs"].single(c.n))
    scored.note("mac", same, weigh.SAME_MAC, known & one, weigh.OTHER_MAC)
    scored.note("mac", nothing, 0, known & ~one, weigh.OTHER_MACS)

    same = contains(pairs["ips"], keys)
    known = both(blocks["ips"].having(c.n)) & ~same
    scored.note("ip", same, weigh.SAME_IP, known, weigh.OTHER_IP)
    scored.weights += weigh.ONLY_IP * (same & both(c.bare))
    same = contains(pairs["source_id"], keys)
    scored.note("source_id", same, weigh.SAME_SOURCE_ID, nothing, 0)

    exact = contains(pairs["names"], keys)
    loose = contains(pairs["loose"], keys) & ~exact
    differ = both(c.named) & ~exact & ~loose
    alike = _misspelt(c, left, right, differ & (scored.weights > 0))
    scored.note("name", exact, weigh.SAME_NAME, differ & ~alike, weigh.OTHER_NAME)
    scored.note("name", loose, weigh.LIKE_NAME, nothing, 0)
    scored.weights += weigh.SIMILAR_NAME * alike

    domain = _code_of(c, "domain")
    known = both(domain >= 0)
    same = known & (domain[left] == domain[right])
    scored.note("domain", same & exact, weigh.SAME_DOMAIN, known & ~same, weigh.OTHER_DOMAIN)
    scored.keep((scored.weights >= weigh.REVIEW) | c.bare[left] | c.bare[right])
    return scored


def _code_of(c: Candidates, kind: str) -> Ints:
    units, codes = c.single[kind]
    of_unit: Ints = np.full(c.n, -1, dtype=np.int64)
    of_unit[units] = codes
    return of_unit


def _misspelt(c: Candidates, left: Ints, right: Ints, where: Flags) -> Flags:
    alike = np.zeros(len(left), dtype=bool)
    for i in np.flatnonzero(where).tolist():
        mine, theirs = c.names_of(int(left[i])), c.names_of(int(right[i]))
        alike[i] = any(similar(*sorted((a, b))) for a in mine for b in theirs)
    return alike
