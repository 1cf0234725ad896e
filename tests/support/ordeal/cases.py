"""What is asked of the flows of an ordeal, and how each has to end. Drawn from a seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

from tests.support.accounts import Account

MAX_ATTEMPTS = 4


@dataclass
class Case:
    """One flow and what is right for it.

    Attributes:
        label: what it is about, as the report counts it.
        answers: what the person says at a gate: approve, reject or the key of a choice.
        status: how it has to end.
        done: the phases that have to be completed; None where that depends on the moment.
        failures: the attempts that have to be failed ones.
        paused: a person pauses it for a while.
        cancelled: a person cancels it.
    """

    label: str
    flow_type: str
    inputs: dict[str, Any]
    account: Account
    status: str = "completed"
    done: frozenset[str] | None = frozenset()
    failures: int = 0
    answers: Mapping[str, str] = field(default_factory=dict)
    paused: bool = False
    cancelled: bool = False
    flow_id: UUID = field(default_factory=lambda: UUID(int=0))


LINE = frozenset({"first", "second", "third"})
DIAMOND = frozenset({"split", "left", "middle", "right", "join"})
STEPS = frozenset({"one", "two", "three"})
SHORT = frozenset({"look", "arrive"})
LONG = SHORT | {"detour"}

KINDS: tuple[tuple[str, int, str, dict[str, Any]], ...] = (
    ("approved", 20, "line", {"done": LINE, "answers": {"check": "approve"}}),
    (
        "rejected",
        6,
        "line",
        {"done": LINE - {"third"}, "answers": {"check": "reject"}, "status": "cancelled"},
    ),
    ("branches and a join", 22, "diamond", {"done": DIAMOND}),
    ("a branch is retried", 10, "diamond", {"done": DIAMOND, "failures": 2}),
    ("chosen by a person", 10, "avenue", {"done": LONG, "answers": {"way": "long"}}),
    ("default of a deadline", 10, "road", {"done": SHORT}),
    ("retried by policy", 10, "steps", {"done": STEPS, "failures": 1}),
    (
        "out of attempts",
        4,
        "steps",
        {"done": frozenset({"one"}), "failures": MAX_ATTEMPTS, "status": "failed"},
    ),
    ("paused and resumed", 4, "diamond", {"done": DIAMOND, "paused": True}),
    ("cancelled", 4, "diamond", {"done": None, "cancelled": True, "status": "cancelled"}),
)
FAILING = {"diamond": "middle", "steps": "two"}


def draw(random: Random, accounts: list[Account], count: int, longest: float) -> list[Case]:
    """`count` cases in the proportions above, each kind at least once when there is room."""
    weights = [kind[1] for kind in KINDS]
    kinds = [*KINDS[:count], *random.choices(KINDS, weights, k=max(0, count - len(KINDS)))]
    random.shuffle(kinds)
    return [_case(random, accounts, n, kind, longest) for n, kind in enumerate(kinds)]


def _case(
    random: Random,
    accounts: list[Account],
    number: int,
    kind: tuple[str, int, str, dict[str, Any]],
    longest: float,
) -> Case:
    label, _, flow_type, values = kind
    inputs: dict[str, Any] = {"seconds": round(random.uniform(longest / 8, longest), 2)}
    if values.get("failures"):
        inputs |= {"fail_in": FAILING[flow_type], "failures": values["failures"]}
    return Case(label, flow_type, inputs, accounts[number % len(accounts)], **values)
