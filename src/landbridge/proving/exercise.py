"""Not vacuous: every operation succeeds with the own ids, or a refusal of foreign ones says
nothing. Reads are tried on the victim and the attacker, which also warms every cache with the
victim's data; writes on an account that is there for this.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any, Final

from landbridge.proving.canaries import Side, reinstate
from landbridge.proving.stage import Stage, absent, candidates
from landbridge.proving.surface import Operation, Slot
from landbridge.proving.transport import Answer

MOST_READS: Final = 150
MOST_WRITES: Final = 60
FIRST_WRITES: Final = 6
MOST_BODIES: Final = 40
VALIDATORS: Final = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
"""Header of an answer that may be kept → header that asks whether it still holds."""
NOT_REACHED: Final = (401, 403, 404, 405)
_ORDER: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")


def learn_reads(stage: Stage, side: Side) -> None:
    """Find, for every read, ids of this account that it answers."""
    reads = [o for o in stage.inside() if o.reads and not o.for_operators]
    shown: list[Operation] = []

    def learn(operation: Operation) -> None:
        answer = None
        for values in combinations(operation, side, MOST_READS):
            answer = stage.ask(
                operation, values, side.admin, side.name, **named_ids(operation, side)
            )
            if answer.status < 300:
                side.fits[str(operation)] = values
                side.validators[str(operation)] = {
                    k: v for k, v in answer.headers if k in VALIDATORS
                }
                if side.taint in answer.text:
                    shown.append(operation)
                return
        last = answer.status if answer else "none"
        told = f"no id of the own account was answered; the last answer was {last}"
        stage.found.add("VACUOUS", str(operation), side.name, told)

    reads.sort(key=lambda o: len(o.ids))
    for _, alike in itertools.groupby(reads, key=lambda o: len(o.ids)):
        stage.each(learn, alike)  # what fits an address helps to find what fits those below it
    stage.found.counts["reads that show data"] = len(shown)
    if len(reads) > 20 and len(shown) < len(reads) // 3:
        told = f"only {len(shown)} of {len(reads)} show the own data"
        stage.found.add("VACUOUS", "all reads", side.name, told)


def exercise_writes(stage: Stage, owner: Any) -> None:
    """Do everything once on the disposable account; remembers bodies that were accepted."""
    side = stage.canaries.disposable
    writes = [o for o in stage.inside() if not o.reads and not o.for_operators]
    for operation in sorted(writes, key=_turn):
        answer = _try(stage, operation, side, FIRST_WRITES)
        if answer is not None and answer.status in NOT_REACHED:
            reinstate(owner, side)
            _make_another(stage, operation, side)
            stage.knowledge.complete(side, stage.found, states=False)
            stage.knowledge.learn(side)
            answer = _try(stage, operation, side, MOST_WRITES)
        if answer is not None and answer.status in NOT_REACHED:
            stage.found.add(
                "VACUOUS",
                str(operation),
                side.name,
                f"an admin with own ids got {answer.status}, so refusals prove nothing here",
            )
        elif answer is not None and answer.status >= 400:
            _looked_up(stage, operation, side, answer)


def _turn(operation: Operation) -> tuple[bool, int, int]:
    """What makes things comes before what takes them away."""
    return operation.takes_away, _ORDER.index(operation.method), len(operation.ids)


def _looked_up(stage: Stage, operation: Operation, side: Side, refusal: Answer) -> None:
    """A refusal of own ids must not be one that ids which do not exist get as well."""
    slots = [s.name for s in operation.ids if s.is_id]
    if not slots:
        return
    own = side.fits[str(operation)]
    nothing = absent(own, slots[-1:])
    named = named_ids(operation, side)
    for body in itertools.chain(
        ({},), itertools.islice(_bodies(stage, operation, side), MOST_BODIES)
    ):
        sent = {**named, **body}
        first, other = (
            stage.ask(operation, values, side.admin, side.name, **sent) for values in (own, nothing)
        )
        if first.status != other.status:
            stage.bodies[str(operation)] = {**stage.bodies.get(str(operation), {}), **body}
            return
    told = f"own ids and ids that do not exist were both answered {refusal.status}"
    stage.found.add("VACUOUS", str(operation), side.name, told)


def _make_another(stage: Stage, operation: Operation, side: Side) -> None:
    """Create again what an operation before may have taken away."""
    collection = operation.path[: operation.path.rfind("/{")]
    for creating in stage.inside():
        if creating.method == "POST" and creating.path == collection and not creating.ids:
            stage.ask(creating, side.place, side.admin, side.name, **named_ids(creating, side))


def _try(stage: Stage, operation: Operation, side: Side, most: int) -> Answer | None:
    """The first answer that reached the operation, else the last one."""
    answer = None
    named = named_ids(operation, side)
    for number, values in enumerate(combinations(operation, side, most)):
        answer = stage.ask(operation, values, side.admin, side.name, **named)
        if answer.status in (422, 400) or (answer.status == 404 and number == 0):
            answer = _other_bodies(stage, operation, side, values, answer)
        if answer.status not in NOT_REACHED:
            side.fits[str(operation)] = values
            return answer
    return answer


def _other_bodies(
    stage: Stage, operation: Operation, side: Side, values: dict[str, str], answer: Answer
) -> Answer:
    """Try other values in the body, until one is accepted."""
    named = named_ids(operation, side)
    optional = {n: v[0] for n, v in ids_in_request(operation, side).items() if v}.keys() - named
    for name in optional:
        side.optional[str(operation)] = {name}
        answer = stage.ask(operation, values, side.admin, side.name, **named_ids(operation, side))
        if answer.status not in (400, 404, 422):
            return answer
    side.optional.pop(str(operation), None)
    for body in itertools.islice(_bodies(stage, operation, side), MOST_BODIES):
        answer = stage.ask(operation, values, side.admin, side.name, **{**named, **body})
        if answer.status not in (400, 404, 422):
            if side.title not in body.values():
                stage.bodies[str(operation)] = body
            break
    return answer


def _bodies(stage: Stage, operation: Operation, side: Side) -> Iterator[dict[str, Any]]:
    """Values for the body's slots: the name of the account, and the words that the document of
    any operation offers for a choice, those of few words first.
    """
    words = _vocabulary(stage.operations)
    if any(s.name == "name" for s in operation.at("body")):
        yield {"name": side.title}
    for slot in operation.at("body"):
        for choice in _closed(slot):
            yield {slot.name: choice}
        if slot.is_text and not slot.is_id:
            yield from ({slot.name: word} for word in words)


def _closed(slot: Slot) -> list[Any]:
    schema = slot.schema
    choices = [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else ())]
    for part in schema.get("anyOf", ()):
        choices += part.get("enum", ())
    return choices


def _vocabulary(operations: Sequence[Operation]) -> list[str]:
    choices = sorted((_closed(s) for o in operations for s in o.slots), key=len)
    found = [str(choice) for few in choices for choice in few]
    return list(dict.fromkeys(["1", "true", *found]))


def combinations(operation: Operation, side: Side, most: int) -> Iterator[dict[str, str]]:
    """Path values of this account, the likeliest first."""
    slots = operation.ids
    choices = [candidates(slot, side) for slot in slots]
    ranked = (
        sorted(
            itertools.product(*(enumerate(c[: max(2, most)]) for c in choices)),
            key=lambda combination: sum(rank for rank, _ in combination),
        )
        if len(slots) <= 1
        else _diagonal(choices, most)
    )
    for combination in itertools.islice(ranked, most):
        chosen = {s.name: v for s, (_, v) in zip(slots, combination, strict=True)}
        yield side.place | chosen


def _diagonal(choices: list[list[str]], most: int) -> Iterator[tuple[tuple[int, str], ...]]:
    """Combinations in the order of how far they are from the first choices."""
    cut = max(4, round(most ** (1 / len(choices)) * 3))
    every = itertools.product(*(list(enumerate(c[:cut])) for c in choices))
    return iter(sorted(every, key=lambda combination: sum(rank for rank, _ in combination)))


def ids_in_request(operation: Operation, side: Side) -> dict[str, list[str]]:
    """Ids of an account for every id slot of query and body."""
    slots = [s for s in (*operation.at("query"), *operation.at("body")) if s.is_id]
    return {s.name: candidates(s, side) for s in slots}


def named_ids(operation: Operation, side: Side) -> dict[str, str]:
    """The likeliest id of the account for every id slot of query and body that needs one."""
    needed = {s.name for s in operation.slots if s.required}
    needed |= side.optional.get(str(operation), set())
    found = ids_in_request(operation, side)
    return {name: values[0] for name, values in found.items() if values and name in needed}
