"""Why the assets of a group are together, in words and numbers."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from landbridge.discovery.dependencies.ports import service_name
from landbridge.discovery.graph.groups import ALONE, Estate, Groups
from landbridge.discovery.graph.links import Ints

_SHOWN: Final = 3
_TELLING: Final = 0.5
_STEM: Final = re.compile(r"[a-zäöüß]{3,}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Described:
    """A group as it is shown.

    Attributes:
        name: after its application, the stem of its names, or its most needed asset.
        members: numbers of its assets.
        circle: assets of the largest set that need each other; 0 when there is none.
        inside, outside: edges among its assets, and between them and other groups.
        reasons: each with a code, a text and the numbers it was made from.
        bond: per mille, of each member: how much of what it is linked by lies within the group.
    """

    name: str
    members: Ints
    circle: int
    inside: int
    outside: int
    reasons: list[dict[str, Any]]
    bond: Ints


def described(estate: Estate, found: Groups, applications: list[str]) -> list[Described]:
    """All groups, in the order of their numbers.

    Args:
        estate: what was grouped.
        found: the groups.
        applications: the application of each asset; empty where there is none.
    """
    of_source, of_target = found.group[estate.source], found.group[estate.target]
    grouped = (of_source != ALONE) & (of_target != ALONE)
    inner = grouped & (of_source == of_target)
    size = estate.size
    ends = np.concatenate((estate.source, estate.target))
    near = np.bincount(ends[np.concatenate((inner, inner))], minlength=size)
    all_of = np.bincount(ends[np.concatenate((grouped, grouped))], minlength=size)
    needed = np.bincount(estate.target[inner], minlength=size)
    inside = np.bincount(of_source[inner], minlength=found.count)
    cross = grouped & ~inner
    outside = np.bincount(of_source[cross], minlength=found.count)
    outside = outside + np.bincount(of_target[cross], minlength=found.count)
    services = _services(of_source[inner], estate.port[inner], found.count)
    order = np.argsort(found.group, kind="stable")
    bounds = np.searchsorted(found.group[order], np.arange(found.count + 1))
    circles = np.bincount(found.circle, minlength=size)
    result = []
    for number in range(found.count):
        members = order[bounds[number] : bounds[number + 1]]
        listed = members.tolist()
        circle, whole = _circle(found.circle[members], circles)
        edges, away = int(inside[number]), int(outside[number])
        names = [estate.names[m] for m in listed]
        apps = Counter(a for m in listed if (a := applications[m]))
        reasons = [_edges(edges, away, services[number])]
        if circle:
            text = f"{circle:,} of them need each other and cannot be moved apart"
            if whole > circle:
                text = (
                    f"{circle:,} of them are in a circle of {whole:,} assets that need each other,"
                    " too many for one group: it is cut where the least holds it together"
                )
            reasons.append({"code": "circle", "text": text, "count": circle})
        reasons += _applications(apps, len(listed))
        stem, sharing = _stem(names)
        if stem:
            text = f"{sharing:,} of {len(listed):,} names contain “{stem}”"
            reasons.append({"code": "names", "text": text, "count": sharing, "stem": stem})
        first = apps.most_common(1)
        if first and first[0][1] >= _TELLING * len(listed):
            name = first[0][0]
        else:
            name = stem or estate.names[int(members[np.argmax(needed[members])])]
        bond = 1000 * near[members] // np.maximum(all_of[members], 1)
        result.append(Described(name, members, circle, edges, away, reasons, bond))
    return result


def between(estate: Estate, found: Groups) -> list[tuple[int, int, int]]:
    """(group, group it needs, edges), for every two groups with edges."""
    a, b = found.group[estate.source], found.group[estate.target]
    cross = (a != ALONE) & (b != ALONE) & (a != b)
    size = np.int64(max(found.count, 1))
    key, count = np.unique(a[cross] * size + b[cross], return_counts=True)
    columns = (key // size).tolist(), (key % size).tolist(), count.tolist()
    return list(zip(*columns, strict=True))


def _circle(circle: Ints, circles: Ints) -> tuple[int, int]:
    """The most members of one circle, and how many assets that circle has; 0 without any."""
    heads, counts = np.unique(circle, return_counts=True)
    counts = np.where(circles[heads] > 1, counts, 0)
    most = int(counts.argmax())
    return int(counts[most]), int(circles[heads[most]]) if counts[most] else 0


def _edges(inside: int, outside: int, services: list[tuple[str, int]]) -> dict[str, Any]:
    share = inside / max(inside + outside, 1)
    text = f"{inside:,} edges among them, {share:.0%} of all they have with groups"
    if services:
        text += ": " + ", ".join(f"{name} {count:,}" for name, count in services)
    return {"code": "edges", "text": text, "inside": inside, "outside": outside}


def _services(group: Ints, port: Ints, count: int) -> list[list[tuple[str, int]]]:
    """The services most used inside each group."""
    found: list[Counter[str]] = [Counter() for _ in range(count)]
    key, counts = np.unique(group * np.int64(1 << 16) + port, return_counts=True)
    for number, times in zip(key.tolist(), counts.tolist(), strict=True):
        if number % (1 << 16):
            at = number % (1 << 16)
            found[number >> 16][service_name(at) or f"port {at}"] += times
    return [sorted(c.items(), key=lambda i: (-i[1], i[0]))[:_SHOWN] for c in found]


def _applications(apps: Counter[str], size: int) -> list[dict[str, Any]]:
    if not apps:
        return []
    ranked = sorted(apps.items(), key=lambda i: (-i[1], i[0]))
    shown = ", ".join(f"{name} ({count:,})" for name, count in ranked[:_SHOWN])
    text = f"{sum(apps.values()):,} of {size:,} belong to applications: {shown}"
    return [{"code": "applications", "text": text, "applications": dict(ranked[:_SHOWN])}]


def _stem(names: list[str]) -> tuple[str, int]:
    """The word that most names contain, when more than half do and there are several."""
    words = Counter(w for n in names for w in {m.casefold() for m in _STEM.findall(n)})
    if len(names) < 2 or not words:
        return "", 0
    stem, count = min(words.items(), key=lambda i: (-i[1], -len(i[0]), i[0]))
    return (stem, count) if count > len(names) * _TELLING else ("", 0)
