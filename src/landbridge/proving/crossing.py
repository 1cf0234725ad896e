"""What another account was given or has, in the attacker's hands: page markers, validators of
caches, and the names of things and people.
"""

from __future__ import annotations

import json
import re
import uuid
from typing import Any, Final

from landbridge.proving.exercise import VALIDATORS, named_ids
from landbridge.proving.stage import Stage, difference
from landbridge.proving.strangers import theirs
from landbridge.proving.surface import Operation
from landbridge.proving.transport import Answer

CURSOR: Final = "cursor"
NEXT: Final = "next"
_MARK: Final = re.compile(r"[0-9a-f]{12}")


def page_markers(stage: Stage) -> None:
    """A marker of the victim's list continues no list but the victim's own."""
    victim, attacker, who = stage.victim, stage.attacker, "admin of the attacker"

    def attack(operation: Operation) -> None:
        asked = {"limit": "1"} if any(s.name == "limit" for s in operation.at("query")) else {}
        values, mine = theirs(operation, victim), theirs(operation, attacker)
        named = named_ids(operation, victim) | asked
        shown = stage.ask(operation, values, victim.admin, victim.name, **named)
        marker = _next(shown)
        if not marker:
            return
        stage.found.counts["page markers"] += 1
        secrets = tuple(s for s in stage.secrets() if s not in marker)
        named = named_ids(operation, attacker) | asked | {CURSOR: marker}
        answer = stage.ask(operation, mine, attacker.admin, who, secrets=secrets, **named)
        if answer.status >= 300 and answer.status not in (400, 404, 422):
            told = f"a marker of the victim's list was answered {answer.status}"
            stage.found.add("MARKER_BELIEVED", str(operation), who, told)

    paged = [o for o in stage.inside() if o.reads and any(s.name == CURSOR for s in o.slots)]
    stage.each(attack, paged)
    if len(paged) > 3 and not stage.found.counts["page markers"]:
        stage.found.add("VACUOUS", "every list", victim.name, "no list has a second page")


def validators(stage: Stage) -> None:
    """What the victim's cache may keep is no answer to others."""
    victim, attacker, who = stage.victim, stage.attacker, "admin of the attacker"

    for operation in stage.inside():
        kept = victim.validators.get(str(operation))
        if not kept:
            continue
        mine, named = theirs(operation, attacker), named_ids(operation, attacker)
        plain = stage.ask(operation, mine, attacker.admin, who, **named)
        sent = {VALIDATORS[name]: value for name, value in kept.items()}
        answer = stage.ask(operation, mine, attacker.admin | sent, who, **named)
        if answer.status == 304 and kept != {name: plain.header(name) for name in kept}:
            told = "the victim's validator was accepted for the own address"
            stage.found.add("VALIDATOR_SHARED", str(operation), who, told)


def taken_names(stage: Stage) -> None:
    """Names of things and people of another account are as free as names that nobody has."""
    other, attacker, who = stage.canaries.disposable, stage.attacker, "admin of the attacker"
    taken = (other.emails["viewer"], f"Canary engagement {other.taint}")
    for operation in stage.inside():
        texts = [s.name for s in operation.at("body") if s.is_text and not s.is_id]
        if operation.reads or operation.for_operators or not texts:
            continue
        values, named = theirs(operation, attacker), named_ids(operation, attacker)

        def tell(slot: str, text: str, at: Any = (operation, values, named)) -> tuple[int, str]:
            operation, values, named = at
            answer = stage.ask(operation, values, attacker.admin, who, **{**named, slot: text})
            return _outline(answer, (text, *taken))

        for slot in texts:
            tell(slot, _fresh(taken[0]))  # what it changes, it has changed then
            for text in taken:
                before, foreign, after = (
                    tell(slot, _fresh(text)),
                    tell(slot, text),
                    tell(slot, _fresh(text)),
                )
                stage.found.counts["names"] += 1
                if before == after != foreign:
                    told = f"{slot}: a name of another account, and a free one: "
                    told += difference(foreign, before)
                    stage.found.add("NAME_TAKEN_ELSEWHERE", str(operation), who, told)


def _fresh(text: str) -> str:
    """A text of the same shape that nobody uses."""
    mark = _MARK.search(text)
    return text.replace(mark[0], uuid.uuid4().hex[-12:]) if mark else text


def _next(answer: Answer) -> str:
    try:
        found = json.loads(answer.body)
    except ValueError:
        return ""
    return str(found.get(NEXT) or "") if isinstance(found, dict) else ""


def _outline(answer: Answer, names: tuple[str, ...]) -> tuple[int, str]:
    """What an answer tells beside the values it made: a refusal whole, a success by its parts.
    The names that were tried are left out: a page may list what an earlier try made.
    """
    if answer.status >= 400:
        return answer.status, answer.comparable(names)[2]
    try:
        return answer.status, _shape(json.loads(answer.body))
    except ValueError:
        return answer.status, ""


def _shape(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ",".join(f"{k}:{_shape(v)}" for k, v in sorted(value.items())) + "}"
    return type(value).__name__
