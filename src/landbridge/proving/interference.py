"""Non-interference: what the attacker sees does not depend on the victim, and what the
attacker made holds nothing of the victim.
"""

from __future__ import annotations

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
        told[str(operation)] = stage.ask(
            operation,
            theirs(operation, side),
            side.admin,
            side.name,
            secrets=secrets,
            **named_ids(operation, side),
        )

    asked = [o for o in stage.operations if o.reads and _own(o, side)]
    stage.each(ask, (o for o in asked if o.streams))  # these wait until nothing more is said
    for operation in asked:
        if not operation.streams:
            ask(operation)
    return told


def interference(stage: Stage) -> None:
    """Take the attacker's transcript before and after everything of the victim changed."""
    attacker = stage.attacker
    first, calm = transcript(stage, attacker), transcript(stage, attacker)
    changed = _disturb(stage)
    stage.found.counts["disturbed rows"] = changed
    try:
        after = transcript(stage, attacker)
    finally:
        stage.knowledge.calm(stage.victim)
    named = {str(o): o for o in stage.operations}
    compared = 0
    for key, answer in first.items():
        operation = named[key]
        values = theirs(operation, attacker)
        if answer.comparable(()) != calm[key].comparable(()):
            continue
        compared += 1
        stage.same(
            operation, attacker.name, (after[key], values), (calm[key], values), "INTERFERENCE"
        )
    stage.found.counts["transcript"] = compared
    if changed == 0 or compared < len(first) // 2:
        stage.found.add(
            "VACUOUS",
            "the attacker's transcript",
            attacker.name,
            f"{compared} of {len(first)} answers repeat, {changed} rows of the victim changed",
        )


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
