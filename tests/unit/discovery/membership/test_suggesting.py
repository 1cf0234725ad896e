"""Which application is suggested for an asset without one, and when none is."""

from __future__ import annotations

import random

import pytest

from landbridge.discovery.membership.suggesting import Estate, Evidence, suggestions, template

APPLICATIONS = ["Web Shop", "Customer Relations", "Payroll"]
SHOP, CRM, PAYROLL = range(3)


def of(*applications: int) -> frozenset[int]:
    return frozenset(applications)


def test_what_an_asset_connects_to_speaks_the_more_the_more_agree() -> None:
    names = ["a", "b", "c", "x", "y", "z"]
    member = {0: of(SHOP), 1: of(SHOP), 2: of(CRM)}
    pairs = [(3, 0), (1, 3), (4, 0), (5, 0), (5, 2)]
    found = {s.asset: s for s in suggestions(Estate(names, APPLICATIONS, member, (), pairs))}
    assert found.keys() == {3, 4}
    assert found[3].application == found[4].application == SHOP
    assert found[3].confidence == pytest.approx(0.75)
    assert found[4].confidence == pytest.approx(0.45)
    (reason,) = found[3].reasons
    assert (reason.evidence, reason.of, reason.all) == (Evidence.CONNECTIONS, 2, 2)
    assert reason.about == (0, 1)


def test_what_runs_on_an_asset_speaks_for_it() -> None:
    estate = Estate(["db", "server"], APPLICATIONS, {0: of(PAYROLL)}, [(0, 1)])
    (found,) = suggestions(estate)
    assert (found.asset, found.application, found.confidence) == (1, PAYROLL, pytest.approx(0.9))


@pytest.mark.parametrize(
    ("name", "application"),
    [("srv-payroll-01", PAYROLL), ("WEBSHOP3.corp.example", SHOP), ("shop7", SHOP)],
)
def test_a_name_may_hold_the_applications(name: str, application: int) -> None:
    (found,) = suggestions(Estate([name], APPLICATIONS, {}))
    assert (found.application, found.reasons[0].evidence) == (application, Evidence.NAME)


def test_like_names_speak_when_there_are_several() -> None:
    names = ["ber-x-01", "ber-x-02", "ber-x-03", "ham-x-01", "ham-x-02"]
    member = {0: of(SHOP), 1: of(SHOP), 3: of(CRM)}
    (found,) = suggestions(Estate(names, APPLICATIONS, member))
    assert (names[found.asset], found.application) == ("ber-x-03", SHOP)
    assert template("BER-x-0042.corp.example") == "ber-x-#"


def test_what_people_rejected_is_not_suggested_again() -> None:
    names = ["a", "b", "payroll-1"]
    pairs = [(2, 0), (2, 1)]
    member = {0: of(SHOP), 1: of(SHOP)}
    best = suggestions(Estate(names, APPLICATIONS, member, (), pairs))
    assert [s.application for s in best] == []  # 0.75 and 0.7 are too near
    rejected = frozenset({(2, PAYROLL)})
    (found,) = suggestions(Estate(names, APPLICATIONS, member, (), pairs, rejected))
    assert found.application == SHOP


def test_the_order_of_the_pairs_does_not_matter() -> None:
    dice = random.Random(3)
    names = [f"n-{n}" for n in range(60)]
    member = {n: of(dice.randrange(3)) for n in range(40)}
    pairs = [(dice.randrange(60), dice.randrange(60)) for _ in range(150)]
    first = suggestions(Estate(names, APPLICATIONS, member, (), pairs))
    assert first
    dice.shuffle(pairs)
    assert suggestions(Estate(names, APPLICATIONS, member, (), pairs)) == first
