"""Asking within a policy and a budget: what is booked, repeated, refused, and used again."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text

from landbridge.agents import desk, usage
from landbridge.agents.desk import advisor
from landbridge.agents.usage import By
from landbridge.errors.common import NotFound
from landbridge.kit.settings import settings
from tests.support.accounts import make_account
from tests.support.asked import COLOURS, RED, SAID_RED, Words
from tests.support.models import Reply, calling

LATER = {"retry-after": "900"}
SOON = {"retry-after": "0"}


@pytest.fixture
def ask(databases, account, configured, allowing):
    def ask(given=RED, who=account):
        with databases.app.open(who.access) as session:
            agent = advisor(session, who.engagement_id, phase="field_mapping")
            return agent.ask(COLOURS, given)

    return ask


@pytest.fixture
def booked(databases, account):
    def booked():
        with databases.app.open(account.access) as session:
            return usage.calls(session, limit=100).items

    return booked


def test_an_answer_is_booked_with_its_tokens_and_its_cost(
    databases, account, configured, ask, booked
):
    configured.replies = [calling(SAID_RED)]
    found = ask()
    assert found.refusal is None
    assert found.suggestion.model == "openai:small"
    (call,) = booked()
    assert (call.outcome, call.requests, call.input_tokens, call.output_tokens) == (
        "answered", 1, 100, 20,
    )  # fmt: skip
    assert (call.cost_micros, call.engagement_id, call.phase) == (
        300, account.engagement_id, "field_mapping",
    )  # fmt: skip
    with databases.app.open(account.access) as session:
        for by in By:
            found = usage.usage(session, by=by)
            assert found.groups[0].cost_micros == found.total.cost_micros == 300
        assert found.month_micros == 300


def test_the_same_question_is_not_asked_again(configured, ask, booked, allowing):
    configured.think = lambda _: SAID_RED
    first, second = ask(), ask()
    assert second.suggestion.output == first.suggestion.output
    assert [c.outcome for c in booked()] == ["cached", "answered"]
    assert len(configured.asked) == 1
    allowing(cache_days=0)
    ask()
    assert len(configured.asked) == 2


def test_answers_are_not_shared_between_accounts(databases, configured, ask, allowing):
    configured.think = lambda _: SAID_RED
    ask()
    other = make_account(databases)
    with databases.app.open(other.access) as session:
        assert advisor(session) is None
        assert usage.calls(session).items == []


@pytest.mark.parametrize(
    ("reply", "requests", "code"),
    [
        (Reply(401, {}), 1, "SERVICE_CREDENTIAL_REFUSED"),
        (Reply(429, {}, LATER), 1, "SERVICE_OVERLOADED"),
        (Reply(429, {}, SOON), 2, "SERVICE_OVERLOADED"),
        (Reply(500, {}), 2, "SERVICE_FAILED"),
        (calling("{"), 1, "SERVICE_ANSWER_MALFORMED"),
    ],
)
def test_faults_end_in_the_rules_and_calls_are_bounded(
    configured, ask, booked, reply, requests, code
):
    configured.replies = [reply] * 5
    found = ask()
    assert found.refusal.code == code
    assert found.suggestion.model == "rules"
    assert [c.word for c in found.suggestion.output.colours] == ["red"]
    assert len(configured.asked) == requests
    (call,) = booked()
    spent = 300 if code == "SERVICE_ANSWER_MALFORMED" else 0
    assert (call.outcome, call.code, call.requests, call.cost_micros) == (
        "refused", code, requests, spent,
    )  # fmt: skip


def test_a_failure_that_passes_costs_one_repetition(configured, ask, booked):
    configured.replies = [Reply(500, {}), calling(SAID_RED)]
    assert ask().refusal is None
    (call,) = booked()
    assert (call.outcome, call.requests, call.cost_micros) == ("answered", 2, 300)


def test_a_service_that_keeps_failing_is_left_alone(configured, ask, booked):
    configured.think = lambda _: SAID_RED
    configured.replies = [Reply(500, {})] * 20
    codes = [ask(Words(words=[f"red {n}"])).refusal.code for n in range(5)]
    assert codes[-1] == "SERVICE_CIRCUIT_OPEN"
    assert len(configured.asked) == 5


def test_a_budget_is_never_exceeded(configured, ask, booked, allowing):
    configured.think = lambda _: {"colours": []}
    allowing(limits={"monthly_micros": 12_000})
    questions = [Words(words=[f"word {n}"]) for n in range(6)]
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(ask, questions))
    refused = [f.refusal.code for f in found if f.refusal]
    assert refused
    assert set(refused) == {"AGENT_BUDGET_EXHAUSTED"}
    assert len(configured.asked) == 6 - len(refused)
    assert sum(c.cost_micros for c in booked()) <= 12_000


def test_questions_in_a_minute_are_limited(configured, ask, booked, allowing):
    configured.think = lambda _: {"colours": []}
    allowing(limits={"calls_per_minute": 1})
    assert ask(Words(words=["a"])).refusal is None
    refusal = ask(Words(words=["b"])).refusal
    assert refusal.code == "AGENT_RATE_LIMITED"
    assert 1 <= refusal.fields["retry_after"] <= 60
    assert [c.outcome for c in booked()] == ["denied", "answered"]


def test_a_model_without_a_price_is_not_asked(configured, ask, booked, monkeypatch):
    monkeypatch.setenv("LANDBRIDGE_AGENT_MODEL", "openai:unheard-of")
    settings.cache_clear()
    assert ask().refusal.code == "AGENT_PRICE_UNKNOWN"
    assert configured.asked == []


def test_nobody_is_asked_without_leave_or_with_a_setting_that_names_none(
    databases, account, configured, allowing, monkeypatch
):
    allowing(enabled=False)
    with databases.app.open(account.access) as session:
        assert advisor(session) is None
    allowing()
    monkeypatch.setenv("LANDBRIDGE_AGENT_MODEL", "nobody")
    settings.cache_clear()
    with databases.app.open(account.access) as session:
        assert advisor(session) is None


def test_what_was_spent_outlives_what_is_rolled_back(
    databases, account, configured, allowing, booked
):
    configured.think = lambda _: SAID_RED

    def ask_and_fail():
        with databases.app.open(account.access) as session:
            advisor(session).ask(COLOURS, RED)
            raise NotFound

    with pytest.raises(NotFound):
        ask_and_fail()
    assert [c.cost_micros for c in booked()] == [300]


def test_a_slow_answer_does_not_cost_the_transaction_of_the_phase(
    databases, account, configured, allowing, monkeypatch
):
    monkeypatch.setattr(desk, "PULSE_SECONDS", 0.05)
    configured.replies = [replace(calling(SAID_RED), pause=1.5)]
    with databases.app.open(account.access) as session:
        session.execute(text("set local idle_in_transaction_session_timeout = '700ms'"))
        assert advisor(session).ask(COLOURS, RED).refusal is None
        assert session.execute(text("select 1")).scalar_one() == 1
