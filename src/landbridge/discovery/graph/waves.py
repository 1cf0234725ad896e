"""Waves: who moves when, and why.

What binds: an item moves in the same wave as what it needs or later; items that need each other,
or that are asked to stay together, share a wave; development, test and staging move before the
production of the same application; nothing highly critical moves in the pilot waves; pins, dates
and the room of each wave. What cannot be kept is said, never dropped. The result depends on what
is given, not on its order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from landbridge.discovery.graph.wave_model import (
    Edge,
    Item,
    Limits,
    Period,
    Placement,
    Plan,
    Reason,
    ReasonCode,
    Violation,
    ViolationCode,
    Wave,
)
from landbridge.discovery.graph.wave_schedule import Because, Schedule, days_of
from landbridge.discovery.graph.wave_units import Ordered, Units, ordered, units
from landbridge.discovery.graph.wave_violations import violations

__all__ = (
    "Edge",
    "Item",
    "Limits",
    "Period",
    "Placement",
    "Plan",
    "Reason",
    "ReasonCode",
    "Violation",
    "ViolationCode",
    "Wave",
    "plan",
)
_LISTED: Final = 20
"""Items named with an item that cannot be moved apart from them."""


def plan(items: Iterable[Item], edges: Iterable[Edge], limits: Limits | None = None) -> Plan:
    """Place items in waves.

    Args:
        items: with keys of their own.
        edges: what needs what.
        limits: what holds for all waves.

    Raises:
        ValueError: two items have the same key.
    """
    limits = limits or Limits()
    everything = list(items)
    of = ordered(everything, edges, test_first=limits.test_first)
    joined = units(of)
    schedule = Schedule(of, joined, limits)
    schedule.run()
    placements = [
        *(_staying(item) for item in everything if not item.moves),
        *(_placed(n, of, joined, schedule, limits) for n in range(len(of.items))),
    ]
    return Plan(
        tuple(sorted(placements, key=lambda p: (p.wave, p.key))),
        _waves(of, joined, schedule, limits),
        tuple(violations(of, joined, schedule, limits)),
        of.ignored,
    )


def _staying(item: Item) -> Placement:
    why = Reason(ReasonCode.DOES_NOT_MOVE, f"{item.title} does not move")
    return Placement(item.key, 0, item.key, (why,))


def _placed(n: int, of: Ordered, joined: Units, schedule: Schedule, limits: Limits) -> Placement:
    u = joined.unit_of[n]
    reasons = [_reason(why, schedule.wave[u], of, limits) for why in schedule.because[u]]
    others = [m for m in joined.two_way[n][: _LISTED + 1] if m != n]
    if others:
        more = len(joined.two_way[n]) - 1
        keys = tuple(of.items[m].key for m in others)
        text = f"it and {more:,} more need each other: {of.names(others)}"
        reasons.append(Reason(ReasonCode.TWO_WAY, text, keys))
    word = of.items[n].together
    tied = [m for m in joined.members[u] if word and of.items[m].together == word and m != n]
    if tied:
        keys = tuple(of.items[m].key for m in tied[:_LISTED])
        text = f"it stays together with {of.names(tied)}"
        reasons.append(Reason(ReasonCode.TOGETHER, text, keys))
    unit = of.items[joined.members[u][0]].key
    return Placement(of.items[n].key, schedule.wave[u], unit, tuple(reasons))


def _reason(because: Because, wave: int, of: Ordered, limits: Limits) -> Reason:
    code, about = because
    names = of.names(about)
    days = days_of(wave, limits)
    start = f"wave {wave}, from {days[0]}," if days else f"wave {wave}"
    texts = {
        ReasonCode.PINNED: f"{names} was put into wave {wave} by hand",
        ReasonCode.DEPENDENCY: f"{names} is needed and moves in wave {wave}",
        ReasonCode.TEST_FIRST: f"{names} tries the move out one wave before",
        ReasonCode.CRITICAL_NOT_FIRST: (
            f"{names} is highly critical, and the first {limits.pilot_waves} waves are pilots"
        ),
        ReasonCode.NOT_BEFORE: f"{start} is the first that {names} may move in",
        ReasonCode.BLACKOUT: f"{names} must not move on days of the wave before",
        ReasonCode.CAPACITY: f"the waves before {wave} had no room left",
        ReasonCode.EARLIEST: "nothing holds it back",
        ReasonCode.NEEDED_BY_PINNED: "something with a wave chosen by hand waits for it",
    }
    return Reason(code, texts[code], tuple(of.items[n].key for n in about))


def _waves(of: Ordered, joined: Units, schedule: Schedule, limits: Limits) -> tuple[Wave, ...]:
    held: dict[int, list[Item]] = defaultdict(list)
    for n, item in enumerate(of.items):
        held[schedule.wave[joined.unit_of[n]]].append(item)
    found = []
    for number, members in sorted(held.items()):
        size, effort = sum(i.size for i in members), sum(i.effort for i in members)
        days = days_of(number, limits) or (None, None)
        found.append(Wave(number, len(members), size, effort, *days))
    return tuple(found)
