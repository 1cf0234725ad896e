"""Foreign ids and foreign accounts: whoever asks, the answer is that of something absent."""

from __future__ import annotations

from collections.abc import Mapping

from landbridge.identity.permissions import Role
from landbridge.proving.canaries import Side, is_uuid
from landbridge.proving.exercise import combinations, named_ids
from landbridge.proving.stage import Stage, absent
from landbridge.proving.surface import ACCOUNT, ENGAGEMENT, Operation
from landbridge.proving.transport import Answer


def strangers(stage: Stage) -> None:
    """Every operation as members of every role of the attacker's account."""

    def attack(operation: Operation) -> None:
        for role in Role:
            headers = stage.attacker.headers[role.value]
            _foreign(stage, operation, headers, f"{role} of the attacker")
        _sweep(stage, operation)

    stage.each(attack, stage.inside())


def two_memberships(stage: Stage) -> None:
    """Somebody who may open both accounts gets nothing of one under the other's address."""
    both = stage.canaries.both

    def attack(operation: Operation) -> None:
        if operation.at("path")[-1].name != ACCOUNT or operation.ids:
            _mixed(stage, operation, both, "a member of both accounts")

    stage.each(attack, stage.inside())


def unchanged(
    stage: Stage, side: Side, before: Mapping[str, str], after_what: str, *, by_member: bool = False
) -> None:
    """Nothing of an account may have changed, but for logs of what its own members tried."""
    now = stage.knowledge.digest(side)
    kept = before.keys() - (stage.knowledge.logs if by_member else set())
    changed = sorted(name for name in kept if before[name] != now.get(name))
    if changed:
        stage.found.add(
            "DATA_CHANGED", ", ".join(changed), after_what, f"rows of the {side.name} are different"
        )


def theirs(operation: Operation, side: Side) -> dict[str, str]:
    """Path values of an account for an operation; made-up ones where it has none."""
    if str(operation) in side.fits:
        return side.fits[str(operation)]
    first = next(combinations(operation, side, 1), None)
    return first or side.place | {s.name: "nothing" for s in operation.ids}


def _foreign(stage: Stage, operation: Operation, headers: Mapping[str, str], who: str) -> None:
    """The victim's account: 404, byte for byte like an account that does not exist."""
    values = theirs(operation, stage.victim)
    nothing = absent(values, list(values))
    foreign = _ask(stage, operation, values, headers, who)
    none = _ask(stage, operation, nothing, headers, who)
    if stage.same(operation, who, (foreign, values), (none, nothing)) and foreign.status != 404:
        stage.found.add(
            "FOREIGN_ACCOUNT_ANSWERED", str(operation), who, f"{foreign.status} instead of 404"
        )


def _mixed(stage: Stage, operation: Operation, headers: Mapping[str, str], who: str) -> None:
    """Ids of the victim under the attacker's own account."""
    victim = theirs(operation, stage.victim)
    own = theirs(operation, stage.attacker)
    names = [s.name for s in operation.at("path") if s.name != ACCOUNT]
    mixes = [[ENGAGEMENT]] if ENGAGEMENT in names else []
    mixes += [[s.name] for s in operation.ids] + ([names] if len(names) > 1 else [])
    for mixed in {tuple(m): m for m in mixes}.values():
        values = own | {name: victim[name] for name in mixed}
        nothing = absent(values, mixed)
        foreign = _ask(stage, operation, values, headers, who)
        none = _ask(stage, operation, nothing, headers, who)
        if not _text_slot_alone(operation, mixed):
            stage.same(operation, who, (foreign, values), (none, nothing))


def _text_slot_alone(operation: Operation, mixed: list[str]) -> bool:
    """Whether only a slot for a word was exchanged: the same word may exist in both accounts."""
    return all(not s.is_id for s in operation.slots if s.place == "path" and s.name in mixed)


def _sweep(stage: Stage, operation: Operation) -> None:
    """One id from every table of the victim in the last id slot of the attacker's own address."""
    slots = [s for s in operation.ids if s.is_id]
    if not slots:
        return
    who, last = "admin of the attacker", slots[-1].name
    own = theirs(operation, stage.attacker)
    nothing = absent(own, [last])
    none = _ask(stage, operation, nothing, stage.attacker.admin, who)
    tried = {own[last]}
    for rows in stage.victim.keys.values():
        fresh = [v for row in rows for v in row.values() if v not in tried]
        for value in [v for v in fresh if is_uuid(v)][:1]:
            tried.add(value)
            values = own | {last: value}
            foreign = _ask(stage, operation, values, stage.attacker.admin, who)
            stage.same(operation, who, (foreign, values), (none, nothing))


def _ask(
    stage: Stage,
    operation: Operation,
    values: Mapping[str, str],
    headers: Mapping[str, str],
    who: str,
) -> Answer:
    own = named_ids(operation, stage.attacker)
    return stage.ask(operation, values, headers, who, secrets=(stage.victim.taint,), **own)
