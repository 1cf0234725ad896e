"""Non-interference: what the attacker sees does not depend on the victim, and what the
attacker made holds nothing of the victim.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from landbridge.proving.canaries import Side
from landbridge.proving.exercise import named_ids
from landbridge.proving.stage import Stage
from landbridge.proving.strangers import theirs
from landbridge.proving.surface import Operation
from landbridge.proving.transport import Answer

Transcript = dict[str, Answer]


def transcript(stage: Stage, side: Side) -> Transcript:
    """What every read answers to the admin of an account."""
    told: Transcript = {}
    secrets = stage.unnamed()

    def ask(operation: Operation) -> None:
        told[str(operation)] = _answer(stage, operation, side, secrets)

    asked = [o for o in stage.operations if o.reads and _own(o, side)]
    stage.each(ask, (o for o in asked if o.streams))  # these wait until nothing more is said
    for operation in asked:
        if not operation.streams:
            ask(operation)
    return told


def _answer(stage: Stage, operation: Operation, side: Side, secrets: Sequence[str] = ()) -> Answer:
    values, named = theirs(operation, side), named_ids(operation, side)
    return stage.ask(operation, values, side.admin, side.name, secrets=secrets, **named)


def interference(stage: Stage) -> None:
    """Take the attacker's transcript before and after everything of the victim changed. What
    differs is asked again, with the victim as it was and changed once more: only what differs
    each time does so because of the victim, and not because time has passed.
    """
    attacker = stage.attacker
    first, calm = transcript(stage, attacker), transcript(stage, attacker)
    compared = {k: a for k, a in calm.items() if _alike(first[k], a)}
    stage.found.counts["transcript"] = len(compared)
    changed = stage.found.counts["disturbed rows"] = _disturb(stage)
    try:
        after = transcript(stage, attacker)
    finally:
        stage.knowledge.calm(stage.victim)
    for operation in [o for o in stage.operations if str(o) in compared]:
        differs = not _alike(calm[str(operation)], after[str(operation)])
        if differs and (pair := _once_more(stage, operation)):
            values = theirs(operation, attacker)
            both = (pair[1], values), (pair[0], values)
            stage.same(operation, attacker.name, *both, "INTERFERENCE")
    if changed == 0 or len(compared) < len(first) // 2:
        told = f"{len(compared)} of {len(first)} answers repeat, {changed} rows changed"
        stage.found.add("VACUOUS", "the attacker's transcript", attacker.name, told)
    refused = sum(answer.status >= 300 for answer in first.values())
    if refused > len(first) // 4:
        told = f"{refused} of {len(first)} own reads were refused"
        stage.found.add("VACUOUS", "the attacker's transcript", attacker.name, told)


def _once_more(stage: Stage, operation: Operation) -> tuple[Answer, Answer] | None:
    """What an operation answers while the victim is as it was, and while it is changed; nothing
    when these are alike.
    """
    calm = _answer(stage, operation, stage.attacker)
    stage.knowledge.disturb(stage.victim)
    try:
        changed = _answer(stage, operation, stage.attacker)
    finally:
        stage.knowledge.calm(stage.victim)
    again = _answer(stage, operation, stage.attacker)
    drifted = _alike(calm, changed) or _alike(again, changed)
    return None if drifted else (calm, changed)


def _alike(one: Answer, other: Answer) -> bool:
    return one.comparable(()) == other.comparable(())


def _disturb(stage: Stage) -> int:
    """Change everything of the victim while the attacker listens to the own streams."""
    attacker, secrets = stage.attacker, stage.unnamed()

    def listen(operation: Operation) -> None:
        named = named_ids(operation, attacker)
        stage.ask(operation, theirs(operation, attacker), attacker.admin, "a listening attacker",
                  secrets=secrets, **named)  # fmt: skip

    streams = [o for o in stage.operations if o.streams and _own(o, attacker)]
    with ThreadPoolExecutor(1) as lane:
        changing = lane.submit(stage.knowledge.disturb, stage.victim)
        while streams and not changing.done():
            stage.each(listen, streams)
        return changing.result()


def read_back(stage: Stage) -> None:
    """Nothing the attacker's requests left behind names the victim."""
    for table in stage.knowledge.mentions(stage.attacker, stage.secrets()):
        stage.found.add(
            "KEPT_FROM_ANOTHER_ACCOUNT",
            table,
            "admin of the attacker",
            "after the attacks, rows of the attacker's account hold texts or ids of the victim",
        )


def _own(operation: Operation, side: Side) -> bool:
    return str(operation) in side.fits or not operation.at("path")
