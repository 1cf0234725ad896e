"""Waves: what binds is kept or said, nothing is torn apart, and the order of input is nothing."""

from __future__ import annotations

import random
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbridge.discovery.graph.waves import (
    Edge,
    Item,
    Limits,
    Period,
    Plan,
    ReasonCode,
    ViolationCode,
    plan,
)
from landbridge.discovery.vocabulary import Criticality, Environment

KEYS = [f"a{n}" for n in range(12)]
START = date(2026, 1, 5)
DAYS = st.dates(date(2026, 1, 1), date(2026, 6, 30))


@st.composite
def estates(draw: st.DrawFn) -> tuple[list[Item], list[Edge], Limits]:
    items = [
        Item(
            key,
            size=draw(st.integers(0, 5)),
            environment=draw(st.sampled_from([None, *Environment])),
            criticality=draw(st.sampled_from([None, *Criticality])),
            moves=draw(st.integers(0, 9)) > 0,
            family=draw(st.sampled_from(["", "", "f", "g"])),
            together=draw(st.sampled_from(["", "", "", "t"])),
            pinned=draw(st.sampled_from([None, None, None, 1, 3])),
            not_before=draw(st.none() | DAYS),
            blackouts=tuple(Period(d, d) for d in draw(st.lists(DAYS, max_size=2))),
        )
        for key in KEYS[: draw(st.integers(1, len(KEYS)))]
    ]
    ends = st.sampled_from([i.key for i in items])
    edges = [Edge(a, b) for a, b in draw(st.lists(st.tuples(ends, ends), max_size=20))]
    limits = Limits(
        items_per_wave=draw(st.none() | st.integers(1, 4)),
        size_per_wave=draw(st.none() | st.integers(1, 9)),
        pilot_waves=draw(st.integers(0, 2)),
        waves=draw(st.none() | st.integers(1, 3)),
        start=draw(st.none() | st.just(START)),
    )
    return items, edges, limits


def waves_of(found: Plan) -> dict[str, int]:
    return {p.key: p.wave for p in found.placements}


def said(found: Plan, code: ViolationCode) -> set[str]:
    return {key for v in found.violations if v.code is code for key in v.keys}


@settings(max_examples=150, deadline=None)
@given(estates(), st.randoms(use_true_random=False))
def test_same_input_in_any_order_gives_the_same_plan(
    estate: tuple[list[Item], list[Edge], Limits], chance: random.Random
) -> None:
    items, edges, limits = estate
    first = plan(items, edges, limits)
    assert plan(chance.sample(items, len(items)), chance.sample(edges, len(edges)), limits) == first


@settings(max_examples=150, deadline=None)
@given(estates())
def test_what_binds_is_kept_or_said(estate: tuple[list[Item], list[Edge], Limits]) -> None:
    items, edges, limits = estate
    found = plan(items, edges, limits)
    waves = waves_of(found)
    by_key = {i.key: i for i in items}
    assert waves.keys() == by_key.keys()
    assert all(p.reasons for p in found.placements)
    late = {v.keys for v in found.violations if v.code is ViolationCode.DEPENDENCY_LATER}
    for e in edges:
        if waves[e.source] and waves[e.target] and e.source != e.target:
            assert (waves[e.target] > waves[e.source]) == ((e.source, e.target) in late)
    unit = {p.key: p.unit for p in found.placements}
    assert all(waves[key] == waves[u] for key, u in unit.items())
    tied = {unit[i.key] for i in items if i.together and i.moves}
    assert len(tied) <= 1
    over = said(found, ViolationCode.OVER_CAPACITY)
    for wave in found.waves:
        members = [k for k, w in waves.items() if w == wave.number]
        is_over = (limits.items_per_wave is not None and wave.items > limits.items_per_wave) or (
            limits.size_per_wave is not None and wave.size > limits.size_per_wave
        )
        assert is_over == over.issuperset(members)
        if is_over:
            pins = any(by_key[k].pinned for u in members for k in unit if unit[k] == unit[u])
            assert pins or len({unit[k] for k in members}) == 1
    pilot = said(found, ViolationCode.PINNED_IN_PILOT)
    for key, wave in waves.items():
        if 0 < wave <= limits.pilot_waves and by_key[key].criticality in limits.critical:
            assert key in pilot
    if limits.start:
        early = said(found, ViolationCode.PINNED_TOO_EARLY)
        days = {w.number: w for w in found.waves}
        for key, wave in waves.items():
            earliest, first = by_key[key].not_before, days[wave].first if wave else None
            assert not (first and earliest and earliest > first) or key in early


@settings(max_examples=100, deadline=None)
@given(estates())
def test_two_way_dependencies_share_a_wave(
    estate: tuple[list[Item], list[Edge], Limits],
) -> None:
    items, edges, limits = estate
    waves = waves_of(plan(items, [*edges, *(Edge(e.target, e.source) for e in edges)], limits))
    assert all(
        waves[e.source] == waves[e.target] for e in edges if waves[e.source] and waves[e.target]
    )


def reasons(found: Plan, key: str) -> list[ReasonCode]:
    return [r.code for p in found.placements if p.key == key for r in p.reasons]


def test_reasons_in_words() -> None:
    test = Item("test", environment=Environment.TEST, family="shop")
    prod = Item("prod", name="Shop", environment=Environment.PRODUCTION, family="shop")
    front = Item("front", criticality=Criticality.LOW)
    old = Item("old", moves=False)
    found = plan([prod, test, front, old], [Edge("front", "prod"), Edge("front", "old")])
    assert waves_of(found) == {"old": 0, "test": 1, "front": 2, "prod": 2}
    assert reasons(found, "prod") == [ReasonCode.TEST_FIRST]
    assert reasons(found, "front") == [ReasonCode.DEPENDENCY]
    front_said = next(p for p in found.placements if p.key == "front").reasons[0]
    assert front_said.text == "Shop is needed and moves in wave 2"
    assert front_said.about == ("prod",)
    assert [v.code for v in found.violations] == [ViolationCode.SPLIT_STAYS]


def test_full_waves_and_dates_push_on() -> None:
    items = [Item(f"a{n}") for n in range(3)]
    held = Item("x", not_before=date(2026, 2, 1), blackouts=(Period(START, date(2026, 3, 1)),))
    found = plan([*items, held], [], Limits(items_per_wave=2, start=START))
    assert waves_of(found) == {"a0": 1, "a1": 1, "a2": 2, "x": 5}
    assert reasons(found, "a2") == [ReasonCode.CAPACITY]
    assert reasons(found, "x") == [ReasonCode.BLACKOUT, ReasonCode.NOT_BEFORE]
    assert found.waves[-1].first == date(2026, 3, 2)


def test_a_pin_pulls_forward_what_it_needs() -> None:
    items = [*(Item(f"a{n}") for n in range(4)), Item("base"), Item("top", pinned=1)]
    found = plan(items, [Edge("top", "base")], Limits(items_per_wave=2))
    waves = waves_of(found)
    assert (waves["top"], waves["base"]) == (1, 1)
    assert reasons(found, "base") == [ReasonCode.NEEDED_BY_PINNED]
    assert not found.violations


def test_a_blackout_without_end_ends_with_the_calendar() -> None:
    held = Item("x", blackouts=(Period(START, date.max),))
    assert plan([held], [], Limits(start=START, days_per_wave=365)).placements[0].wave > 1


@pytest.mark.parametrize("wrong", [{"pinned": 0}, {"size": -1}, {"effort": -1}])
def test_impossible_items_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"must not|count from"):
        Item("a", **wrong)  # type: ignore[arg-type]


def test_two_items_with_one_key_are_refused() -> None:
    with pytest.raises(ValueError, match="two items"):
        plan([Item("a"), Item("a")], [])
