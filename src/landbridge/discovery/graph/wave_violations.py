"""What a plan of waves could not keep, found in the finished plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from landbridge.discovery.graph.wave_model import Limits, Violation, ViolationCode
from landbridge.discovery.graph.wave_schedule import Schedule, days_of, in_blackout
from landbridge.discovery.graph.wave_units import Ordered, Units

_SHOWN = 5


def violations(of: Ordered, units: Units, schedule: Schedule, limits: Limits) -> list[Violation]:
    """All that was asked for and is not so."""
    waves = [schedule.wave[u] for u in units.unit_of]
    found = [
        *_orders(of, waves),
        *_pins(of, units, waves, limits),
        *_room(of, schedule, waves, limits),
        *_stays(of),
        *_dates(of, limits),
    ]
    return sorted(set(found), key=lambda v: (v.code.value, v.keys, v.text))


def _orders(of: Ordered, waves: list[int]) -> Iterator[Violation]:
    for a, b in of.needs:
        if waves[b] > waves[a]:
            one, other = of.items[a], of.items[b]
            text = f"{one.title} moves in wave {waves[a]}, before {other.title}, which it needs"
            keys = (one.key, other.key)
            yield Violation(ViolationCode.DEPENDENCY_LATER, f"{text} (wave {waves[b]})", keys)
    for a, b in of.rehearsals:
        if waves[b] >= waves[a]:
            one, other = of.items[a], of.items[b]
            text = f"{other.title} does not move before its production, {one.title}"
            text = f"{text}: waves {waves[b]} and {waves[a]}"
            keys = (one.key, other.key)
            yield Violation(ViolationCode.TEST_AFTER_PRODUCTION, text, keys)


def _pins(of: Ordered, units: Units, waves: list[int], limits: Limits) -> Iterator[Violation]:
    for members in units.members:
        pinned = {n: p for n in members if (p := of.items[n].pinned) is not None}
        if len(set(pinned.values())) > 1:
            keys = tuple(of.items[n].key for n in pinned)
            names = of.names(tuple(pinned))
            text = f"{names} cannot be moved apart, but are pinned to different waves"
            yield Violation(ViolationCode.PINS_DISAGREE, text, keys)
        for n in members if pinned else ():
            item, wave = of.items[n], waves[n]
            if wave <= limits.pilot_waves and item.criticality in limits.critical:
                text = f"{item.title} is highly critical and pinned to wave {wave}, a pilot"
                yield Violation(ViolationCode.PINNED_IN_PILOT, text, (item.key,))
            days = days_of(wave, limits)
            if days and item.not_before and item.not_before > days[0]:
                text = f"{item.title} must not move before {item.not_before}, but is pinned"
                text = f"{text} to wave {wave}, from {days[0]}"
                yield Violation(ViolationCode.PINNED_TOO_EARLY, text, (item.key,))
            if in_blackout(item, wave, limits):
                text = f"{item.title} must not move on days of wave {wave}, to which it is pinned"
                yield Violation(ViolationCode.PINNED_IN_BLACKOUT, text, (item.key,))


def _room(of: Ordered, schedule: Schedule, waves: list[int], limits: Limits) -> Iterator[Violation]:
    held: dict[int, list[int]] = defaultdict(list)
    for n, wave in enumerate(waves):
        held[wave].append(n)
    for wave, members in held.items():
        if schedule.room.is_over(wave):
            keys = tuple(of.items[n].key for n in members)
            text = f"wave {wave} holds more than it should: {of.names(members)}"
            yield Violation(ViolationCode.OVER_CAPACITY, text, keys)
    if limits.waves is not None and held and max(held) > limits.waves:
        late = [n for n, wave in enumerate(waves) if wave > limits.waves]
        text = f"{len(late):,} move after wave {limits.waves}, which should be the last"
        keys = tuple(of.items[n].key for n in late)
        yield Violation(ViolationCode.TOO_MANY_WAVES, text, keys)


def _stays(of: Ordered) -> Iterator[Violation]:
    for n, needed in of.stays:
        item = of.items[n]
        names = ", ".join(i.title for i in needed[:_SHOWN])
        more = f" and {len(needed) - _SHOWN:,} more" if len(needed) > _SHOWN else ""
        text = f"{item.title} moves, and needs what does not move: {names}{more}"
        keys = (item.key, *(i.key for i in needed))
        yield Violation(ViolationCode.SPLIT_STAYS, text, keys)


def _dates(of: Ordered, limits: Limits) -> Iterator[Violation]:
    dated = [n for n, i in enumerate(of.items) if i.not_before is not None or i.blackouts]
    if dated and limits.start is None:
        keys = tuple(of.items[n].key for n in dated)
        text = f"dates of {of.names(dated)} bind nothing: the first wave has no date"
        yield Violation(ViolationCode.DATES_WITHOUT_START, text, keys)
