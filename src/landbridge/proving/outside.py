"""Addresses below no client account: people, sessions, traces, and what is for operators. They
answer the ids of another account like ids that do not exist, and nobody gets what needs a person.
"""

from __future__ import annotations

from collections.abc import Iterator

from landbridge.proving.canaries import Side
from landbridge.proving.credentials import NOBODY, REFUSED, UNKNOWN
from landbridge.proving.exercise import named_ids
from landbridge.proving.stage import Stage, absent, candidates
from landbridge.proving.strangers import theirs
from landbridge.proving.surface import Operation

MOST_VALUES = 6


def outside(stage: Stage) -> None:
    """Every operation outside the accounts, with what the victim has in its place. Writes are
    sent one after another, by somebody who is not needed afterwards: they may end a session.
    """
    apart = [o for o in stage.operations if not o.in_account]
    stage.each(lambda o: _attack(stage, o, stage.attacker), (o for o in apart if o.reads))
    for operation in apart:
        if not operation.reads:
            _attack(stage, operation, stage.canaries.disposable)


def _attack(stage: Stage, operation: Operation, side: Side) -> None:
    names = [s.name for s in operation.at("path")]
    more = named_ids(operation, side)
    callers = (
        (NOBODY, "nobody"),
        (UNKNOWN, "an unknown credential"),
        (side.admin, f"admin of the {side.name}"),
    )
    for headers, who in callers:
        for values in _values(operation, stage.victim):
            secrets = (stage.victim.taint,)
            foreign = stage.ask(operation, values, headers, who, secrets=secrets, **more)
            if any(values[name] not in stage.victim.words for name in names):
                nothing = absent(values, names)
                none = stage.ask(operation, nothing, headers, who, secrets=secrets, **more)
                stage.same(operation, who, (foreign, values), (none, nothing))
            refusals = REFUSED if headers is not side.admin else ()
            if "401" in operation.documented and refusals and foreign.status not in refusals:
                told = f"{foreign.status} instead of 401"
                stage.found.add("ANSWERED_WITHOUT_CREDENTIAL", str(operation), who, told)


def _values(operation: Operation, victim: Side) -> Iterator[dict[str, str]]:
    """Path values of the victim: those of each kind that the last slot may take."""
    values = theirs(operation, victim)
    slots = operation.at("path")
    yield values
    if slots:
        told = candidates(slots[-1], victim)
        own = [v for v in told if v not in victim.words and v != values[slots[-1].name]]
        yield from (values | {slots[-1].name: value} for value in own[: MOST_VALUES - 1])
