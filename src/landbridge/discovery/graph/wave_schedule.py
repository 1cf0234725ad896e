"""The wave of each unit: as early as what it needs, its dates and the room in waves allow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from heapq import heapify, heappop, heappush
from typing import Final

from landbridge.discovery.graph.wave_model import Item, Limits, ReasonCode
from landbridge.discovery.graph.wave_units import Ordered, Units
from landbridge.discovery.vocabulary import Criticality

Because = tuple[ReasonCode, tuple[int, ...]]
"""What put a unit into its wave, and the numbers of the items it is about."""

_NEVER: Final = 1 << 40
_RANKS: Final[dict[Criticality | None, int]] = {
    None: 1,
    **{c: n for n, c in enumerate(Criticality)},
}


def days_of(wave: int, limits: Limits) -> tuple[date, date] | None:
    """The first and last day of a wave, when waves have dates and the calendar goes so far."""
    if limits.start is None:
        return None
    before = (wave - 1) * limits.days_per_wave
    if before + limits.days_per_wave > (date.max - limits.start).days:
        return None
    first = limits.start + timedelta(days=before)
    return first, first + timedelta(days=limits.days_per_wave - 1)


def in_blackout(item: Item, wave: int, limits: Limits) -> bool:
    """Whether the wave touches days on which the item must not move."""
    days = days_of(wave, limits)
    return days is not None and any(
        p.first <= days[1] and days[0] <= p.last for p in item.blackouts
    )


class Room:
    """What is in each wave already, and what still fits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = (limits.items_per_wave, limits.size_per_wave, limits.effort_per_wave)
        self._held: dict[int, tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
        self._open = 1
        self._passed: dict[tuple[int, int, int], int] = {}

    def put(self, load: tuple[int, int, int], wave: int) -> None:
        """Take a load into a wave, whether it fits or not."""
        a, b, c = self._held[wave]
        self._held[wave] = (a + load[0], b + load[1], c + load[2])

    def first(self, load: tuple[int, int, int], wave: int) -> int:
        """The first wave from `wave` on with room; what fits into no wave gets one of its own."""
        while self._is_full(self._open):
            self._open += 1
        passed = max(self._passed.get(load, 1), self._open)
        begun = wave = max(wave, passed)
        while not self._fits(load, wave):
            wave += 1
        if begun == passed:  # waves never get emptier
            self._passed[load] = wave
        return wave

    def is_over(self, wave: int) -> bool:
        """Whether more is in the wave than should be."""
        held = self._held.get(wave, (0, 0, 0))
        return any(m is not None and n > m for n, m in zip(held, self._limits, strict=True))

    def _is_full(self, wave: int) -> bool:
        """No unit fits, however small: each is at least one item."""
        most = self._limits[0]
        return most is not None and self._held.get(wave, (0, 0, 0))[0] >= most

    def _fits(self, load: tuple[int, int, int], wave: int) -> bool:
        held = self._held.get(wave)
        if held is None:
            return True
        return all(
            m is None or h + n <= m for h, n, m in zip(held, load, self._limits, strict=True)
        )


class Schedule:
    """Places units one by one: those first that nothing held back, that pins wait for, and that
    are least critical.

    Attributes:
        wave: of each unit.
        because: of each unit, what put it there, the decisive first.
        room: what is in each wave.
    """

    def __init__(self, of: Ordered, units: Units, limits: Limits) -> None:
        self._of = of
        self._units = units
        self._limits = limits
        self.room = Room(limits)
        self.wave = [0] * len(units.members)
        self.because: list[list[Because]] = [[] for _ in units.members]
        self._pins = [self._pin(members) for members in units.members]
        self._loads = [self._load(members) for members in units.members]
        self._after: list[list[int]] = [[] for _ in units.members]
        self._waiting = [0] * len(units.members)
        for u, before in enumerate(units.before):
            for v in {b[0] for b in before}:
                self._after[v].append(u)
                self._waiting[u] += 1
        self._order = self._topological()
        self._latest = self._deadlines()

    def run(self) -> None:
        """Place all units."""
        for u, pin in enumerate(self._pins):
            if pin is not None:
                self.room.put(self._loads[u], pin)
        waiting = list(self._waiting)
        ready = [self._rank(u) for u, n in enumerate(waiting) if n == 0]
        heapify(ready)
        while ready:
            u = heappop(ready)[-1]
            self._place(u)
            for v in self._after[u]:
                waiting[v] -= 1
                if waiting[v] == 0:
                    heappush(ready, self._rank(v))

    def _rank(self, u: int) -> tuple[int, int, int, int]:
        items = [self._of.items[n] for n in self._units.members[u]]
        critical = max(_RANKS[i.criticality] for i in items)
        return self._latest[u], critical, -self._loads[u][1], u

    def _place(self, u: int) -> None:
        pin = self._pins[u]
        if pin is not None:
            self.wave[u] = pin
            self.because[u].append((ReasonCode.PINNED, self._pinning(u)))
            return
        bounds = self._bounds(u)
        wave = max((b for b, _ in bounds), default=1)
        because = [why for b, why in sorted(bounds) if b == wave and wave > 1]
        while True:
            allowed = self._clear_of_blackouts(u, wave)
            if allowed > wave:
                black = self._blacked_out(u, allowed - 1)
                because.insert(0, (ReasonCode.BLACKOUT, black))
            wave = self.room.first(self._loads[u], allowed)
            if wave == allowed:
                break
            because.insert(0, (ReasonCode.CAPACITY, ()))
        if self._latest[u] < _NEVER:
            because.append((ReasonCode.NEEDED_BY_PINNED, ()))
        self.wave[u] = wave
        self.because[u] = list(dict.fromkeys(because)) or [(ReasonCode.EARLIEST, ())]
        self.room.put(self._loads[u], wave)

    def _bounds(self, u: int) -> list[tuple[int, Because]]:
        bounds: list[tuple[int, Because]] = []
        for v, lag, _, needed in self._units.before[u]:
            code = ReasonCode.TEST_FIRST if lag else ReasonCode.DEPENDENCY
            bounds.append((self.wave[v] + lag, (code, (needed,))))
        limits = self._limits
        critical = self._where(u, lambda i: i.criticality in limits.critical)
        if critical and limits.pilot_waves:
            bounds.append((limits.pilot_waves + 1, (ReasonCode.CRITICAL_NOT_FIRST, critical)))
        if limits.start is not None:
            for n in self._units.members[u]:
                earliest = self._of.items[n].not_before
                if earliest is not None and earliest > limits.start:
                    waves = -(-(earliest - limits.start).days // limits.days_per_wave)
                    bounds.append((waves + 1, (ReasonCode.NOT_BEFORE, (n,))))
        return bounds

    def _clear_of_blackouts(self, u: int, wave: int) -> int:
        items = [i for n in self._units.members[u] if (i := self._of.items[n]).blackouts]
        while any(in_blackout(i, wave, self._limits) for i in items):
            wave += 1
        return wave

    def _blacked_out(self, u: int, wave: int) -> tuple[int, ...]:
        return self._where(u, lambda i: in_blackout(i, wave, self._limits))

    def _pin(self, members: tuple[int, ...]) -> int | None:
        return min((p for n in members if (p := self._of.items[n].pinned)), default=None)

    def _pinning(self, u: int) -> tuple[int, ...]:
        return self._where(u, lambda i: i.pinned == self._pins[u])

    def _load(self, members: tuple[int, ...]) -> tuple[int, int, int]:
        items = [self._of.items[n] for n in members]
        return len(items), sum(i.size for i in items), sum(i.effort for i in items)

    def _where(self, u: int, holds: Callable[[Item], bool]) -> tuple[int, ...]:
        return tuple(n for n in self._units.members[u] if holds(self._of.items[n]))

    def _topological(self) -> list[int]:
        """Units, each after all that it waits for."""
        waiting = list(self._waiting)
        order = [u for u, n in enumerate(waiting) if n == 0]
        for u in order:
            for v in self._after[u]:
                waiting[v] -= 1
                if waiting[v] == 0:
                    order.append(v)
        return order

    def _deadlines(self) -> list[int]:
        """The last wave in which each unit still comes in time for the pins that wait for it."""
        latest = [_NEVER] * len(self._pins)
        for u in reversed(self._order):
            own = self._pins[u]
            wave = latest[u] if own is None else min(own, latest[u])
            for v, lag, _, _ in self._units.before[u]:
                if wave < _NEVER:
                    latest[v] = min(latest[v], wave - lag)
        return latest
