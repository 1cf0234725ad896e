"""What a plan of waves is made from, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from landbridge.discovery.vocabulary import Criticality, Environment

HIGHLY_CRITICAL: Final = frozenset((Criticality.HIGH, Criticality.CRITICAL))


class ReasonCode(StrEnum):
    """Why an item is in its wave."""

    DOES_NOT_MOVE = "does_not_move"
    PINNED = "pinned"
    DEPENDENCY = "dependency"
    TEST_FIRST = "test_first"
    CRITICAL_NOT_FIRST = "critical_not_first"
    NOT_BEFORE = "not_before"
    BLACKOUT = "blackout"
    CAPACITY = "capacity"
    EARLIEST = "earliest"
    NEEDED_BY_PINNED = "needed_by_pinned"
    TWO_WAY = "two_way"
    TOGETHER = "together"


class ViolationCode(StrEnum):
    """What was asked for and cannot be had."""

    DEPENDENCY_LATER = "dependency_later"
    TEST_AFTER_PRODUCTION = "test_after_production"
    PINS_DISAGREE = "pins_disagree"
    PINNED_IN_PILOT = "pinned_in_pilot"
    PINNED_TOO_EARLY = "pinned_too_early"
    PINNED_IN_BLACKOUT = "pinned_in_blackout"
    OVER_CAPACITY = "over_capacity"
    TOO_MANY_WAVES = "too_many_waves"
    DATES_WITHOUT_START = "dates_without_start"
    SPLIT_STAYS = "split_stays"


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Item:
    """What moves as one: an application, or a group of assets.

    Attributes:
        key: tells items apart; any text.
        name: how texts call it; the key when empty.
        size: assets.
        effort: in the unit of `Limits.effort_per_wave`, whatever it is.
        environment: None or unknown binds nothing.
        criticality: None binds nothing.
        moves: False for what is retained or retired: wave 0, and nothing waits for it.
        family: items of one family are the environments of one application.
        together: items with the same word share a wave; empty binds nothing.
        pinned: the wave that a person chose, 1 or more.
        not_before: its wave begins on this day or later.
        blackouts: its wave touches none of these.

    Raises:
        ValueError: a wave below 1, or a size or effort below 0.
    """

    key: str
    name: str = ""
    size: int = 1
    effort: int = 0
    environment: Environment | None = None
    criticality: Criticality | None = None
    moves: bool = True
    family: str = ""
    together: str = ""
    pinned: int | None = None
    not_before: date | None = None
    blackouts: tuple[Period, ...] = ()

    def __post_init__(self) -> None:
        if self.pinned is not None and self.pinned < 1:
            raise ValueError(f"wave {self.pinned} of {self.key}: waves count from 1")
        if self.size < 0 or self.effort < 0:
            raise ValueError(f"size and effort of {self.key} must not be below 0")

    @property
    def title(self) -> str:
        """How texts call it."""
        return self.name or self.key


@dataclass(frozen=True, slots=True)
class Edge:
    """`source` needs `target`, which moves in the same wave or an earlier one."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds for all waves.

    Attributes:
        items_per_wave, size_per_wave, effort_per_wave: None is no limit.
        pilot_waves: in so many first waves nothing highly critical moves.
        critical: what counts as highly critical.
        test_first: development, test and staging move before production of the same family.
        waves: at most so many; more are a violation, and nothing is left out.
        start: the first day of wave 1; without it dates bind nothing.
        days_per_wave: from the start of one wave to that of the next.

    Raises:
        ValueError: a limit below 1, or `pilot_waves` below 0.
    """

    items_per_wave: int | None = None
    size_per_wave: int | None = None
    effort_per_wave: int | None = None
    pilot_waves: int = 1
    critical: frozenset[Criticality] = HIGHLY_CRITICAL
    test_first: bool = True
    waves: int | None = None
    start: date | None = None
    days_per_wave: int = 14

    def __post_init__(self) -> None:
        limits = (self.items_per_wave, self.size_per_wave, self.effort_per_wave, self.waves)
        if any(n is not None and n < 1 for n in (*limits, self.days_per_wave)):
            raise ValueError("limits of waves must be 1 or more")
        if self.pilot_waves < 0:
            raise ValueError("the number of pilot waves must not be below 0")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an item is in its wave; `about` names the keys of other items it is about."""

    code: ReasonCode
    text: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an item moves.

    Attributes:
        key: the item.
        wave: from 1; 0 when it does not move.
        unit: the smallest key of those that cannot be moved apart from it.
        reasons: the first decided the wave.
    """

    key: str
    wave: int
    unit: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Wave:
    """The sums of a wave; its days are known when `Limits.start` is."""

    number: int
    items: int
    size: int
    effort: int
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Violation:
    """What was asked for and cannot be had, with the keys of the items meant."""

    code: ViolationCode
    text: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan, in an order that does not depend on that of the input.

    Attributes:
        placements: one per item, by wave and key.
        waves: those in which something moves.
        violations: by code and keys.
        ignored_edges: edges that name an unknown item, or one and the same.
    """

    placements: tuple[Placement, ...]
    waves: tuple[Wave, ...]
    violations: tuple[Violation, ...]
    ignored_edges: int
