"""Arranging the phases of a flow: what runs one after the other, and what beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the arrangement: a phase, or branches that run beside each other.

    Attributes:
        phase: the phase's key; empty for branches.
        branches: each a sequence of its own.
    """

    phase: str = ""
    branches: tuple[tuple[Step, ...], ...] = field(default=())

    @property
    def phases(self) -> list[str]:
        """Every phase in it."""
        own = [self.phase] if self.phase else []
        return own + [key for branch in self.branches for step in branch for key in step.phases]


def arrange(after: Mapping[str, Sequence[str]]) -> tuple[Step, ...]:
    """Arrange phases, given what each comes after; phases are listed after what they need.

    The flow is cut into stages where everything before is needed by everything behind. In a
    stage, what is not connected becomes branches; what is connected crosswise is shown level
    by level.
    """
    return _sequence(list(after), after) if after else ()


def _sequence(keys: list[str], after: Mapping[str, Sequence[str]]) -> tuple[Step, ...]:
    if len(keys) == 1:
        return (Step(keys[0]),)
    branches = _components(keys, after)
    if len(branches) > 1:
        return (Step(branches=tuple(_sequence(branch, after) for branch in branches)),)
    stages = _stages(keys, after)
    if len(stages) == 1:
        return _levels(keys, after)
    return tuple(step for stage in stages for step in _sequence(stage, after))


def _stages(keys: list[str], after: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Cut where everything before the cut is needed by everything behind it."""
    before = _ancestors(keys, after)
    ordered = sorted(keys, key=lambda key: (len(before[key]), keys.index(key)))
    cuts = [
        n
        for n in range(1, len(ordered))
        if all(before[key].issuperset(ordered[:n]) for key in ordered[n:])
    ]
    return [ordered[start:end] for start, end in pairwise([0, *cuts, len(ordered)])]


def _levels(keys: list[str], after: Mapping[str, Sequence[str]]) -> tuple[Step, ...]:
    level: dict[str, int] = {}
    for key in keys:
        level[key] = 1 + max((level[n] for n in after[key] if n in level), default=-1)
    rows = [[k for k in keys if level[k] == n] for n in sorted(set(level.values()))]
    return tuple(
        Step(row[0]) if len(row) == 1 else Step(branches=tuple((Step(k),) for k in row))
        for row in rows
    )


def _ancestors(keys: Iterable[str], after: Mapping[str, Sequence[str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for key in keys:
        direct = {needed for needed in after[key] if needed in found}
        found[key] = direct.union(*(found[needed] for needed in direct))
    return found


def _components(keys: list[str], after: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Groups of phases that nothing connects, in the order of their first phase."""
    group = {key: key for key in keys}
    for key in keys:
        for needed in after[key]:
            if needed in group:
                old, new = group[key], group[needed]
                group = {k: new if g == old else g for k, g in group.items()}
    groups: dict[str, list[str]] = {}
    for key in keys:
        groups.setdefault(group[key], []).append(key)
    return list(groups.values())
