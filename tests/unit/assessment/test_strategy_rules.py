"""Rules decide in order, say what is unknown, and never take unknown for a yes or a no."""

from __future__ import annotations

import pytest

from landbridge.assessment.sixr.errors import StrategyRulesInvalid
from landbridge.assessment.sixr.evaluate import checks, evaluate, verdict
from landbridge.assessment.sixr.facts import FACTS, Known, as_json, from_json
from landbridge.assessment.sixr.rules import parse, shipped
from landbridge.assessment.sixr.strategies import Strategy, strategy_called

RULES = """
[[rule]]
id = "old"
strategy = "retire"
confidence = 0.9
because = "Nobody uses it."
when = [{ fact = "share_retired", at_least = 1 }]
unless = [{ fact = "needed_by", at_least = 1 }]

[[rule]]
id = "fine"
strategy = "rehost"
confidence = 0.8
because = "It is supported."
when = [{ fact = "os_ended", is = false }]

[[rule]]
id = "maybe"
strategy = "relocate"
confidence = 0.5
because = "It could."
when = [{ fact = "share_vmware", at_least = 1 }]
offers = true
"""


def test_the_first_rule_that_holds_decides() -> None:
    facts = {
        "share_retired": Known(1.0),
        "needed_by": Known(0),
        "os_ended": Known(False),
        "share_vmware": Known(1.0),
    }
    outcome = evaluate(parse(RULES), facts)
    assert (outcome.strategy, outcome.rule, outcome.confidence) == (Strategy.RETIRE, "old", 0.9)
    assert [(a.strategy, a.missing) for a in outcome.alternatives] == [
        (Strategy.REHOST, ()),
        (Strategy.RELOCATE, ()),
    ]
    assert outcome.missing == ()


def test_what_is_not_known_decides_nothing_but_costs_confidence_and_is_named() -> None:
    outcome = evaluate(parse(RULES), {"os_ended": Known(False)})
    assert (outcome.strategy, outcome.confidence) == (Strategy.REHOST, 0.75)
    assert outcome.arithmetic == "0.80 of the rule - 1 x 0.05 for what is not known (old) = 0.75"
    assert outcome.missing == ("share_retired", "needed_by")
    assert outcome.alternatives[0].missing == ("share_retired", "needed_by")


def test_where_no_rule_holds_nothing_is_recommended() -> None:
    outcome = evaluate(parse(RULES), {"share_retired": Known(0.5), "os_ended": Known(True)})
    assert (outcome.strategy, outcome.rule, outcome.confidence) == (None, None, 0.0)
    assert evaluate(shipped(), {}).strategy is None


def test_an_exception_that_holds_stops_a_rule_whatever_else_is_unknown() -> None:
    (old, *_) = parse(RULES).rules
    assert verdict(old, {"needed_by": Known(2)}) is False
    assert verdict(old, {"share_retired": Known(1.0)}) is None
    held = checks(old, {"share_retired": Known(1.0), "needed_by": Known(0)})
    assert [c.holds for c in held] == [True, True]


def test_a_list_that_is_not_whole_can_say_yes_but_not_no() -> None:
    book = parse(
        '[[rule]]\nid = "aa"\nstrategy = "retain"\nconfidence = 0.5\nbecause = "x"\n'
        'when = [{ fact = "operating_systems", mentions = ["aix"] }]'
    )
    some = Known(["IBM AIX 7.2"], whole=False)
    assert evaluate(book, {"operating_systems": some}).strategy is Strategy.RETAIN
    other = Known(["RHEL"], whole=False)
    assert evaluate(book, {"operating_systems": other}).missing == ("operating_systems",)
    assert evaluate(book, {"operating_systems": Known(["Maix"])}).missing == ()


def test_facts_survive_storage() -> None:
    facts = {"a": Known(["x"], whole=False), "b": Known(0.5), "c": Known(None, whole=False)}
    assert from_json(as_json(facts)) == facts


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "rule"),
        ("x = [", "not TOML"),
        (RULES.replace("share_retired", "age"), "there is no fact 'age'"),
        (RULES.replace("at_least = 1 }]\nunless", "is = true }]\nunless"), "does not fit"),
        (RULES.replace('"fine"', '"old"'), "used twice"),
        (RULES.replace('"retire"', '"forget"'), "strategy"),
        (RULES.replace("0.9", "9"), "confidence"),
        (RULES.replace("because", "why"), "because"),
        (RULES + "x" * 100_000, "longer"),
    ],
)
def test_rules_that_do_not_fit_are_refused_with_the_reason(text: str, says: str) -> None:
    with pytest.raises(StrategyRulesInvalid) as refused:
        parse(text)
    assert says in refused.value.detail


def test_the_shipped_rules_name_every_strategy() -> None:
    assert {rule.strategy for rule in shipped().rules} == set(Strategy)
    assert {c.fact for r in shipped().rules for c in (*r.when, *r.unless)} <= set(FACTS)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Lift & Shift", Strategy.REHOST),
        ("Re-Platform", Strategy.REPLATFORM),
        ("Stilllegen", Strategy.RETIRE),
        ("Rearchitect", Strategy.REFACTOR),
        ("TBD", None),
    ],
)
def test_words_of_sources(said: str, meant: Strategy | None) -> None:
    assert strategy_called(said) is meant
