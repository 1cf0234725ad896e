"""Texts made to break out of a query, a path, a page or a header, in every slot for text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from landbridge.proving.exercise import named_ids
from landbridge.proving.stage import Stage
from landbridge.proving.strangers import theirs
from landbridge.proving.surface import Operation

INJECTIONS: Final = (
    "' or '1'='1",
    "') union select version() --",
    "%' escape '",
    "\\",
    "%_%",
    "\u0000",
    "../../../../etc/passwd",
    "{{7*7}}${7*7}<script>alert(1)</script>",
    "a\r\nX-Injected: yes",
    "\U0001f680" * 40,
    "9" * 400,
    "; drop table students; --",
)


def injections(stage: Stage) -> None:
    """Texts made to break out, in every slot that takes text, all at once in one request."""
    attacker, who = stage.attacker, "admin of the attacker"
    secrets = (stage.victim.taint, str(stage.victim.account))

    def attack(operation: Operation) -> None:
        own = theirs(operation, attacker)
        for text in INJECTIONS:
            values, more = _injected(operation, own, text)
            if values == own and not more:
                break
            stage.ask(operation, values, attacker.admin, who, secrets=secrets,
                      **{**named_ids(operation, attacker), **more})  # fmt: skip

    stage.each(attack, stage.inside())


def _injected(
    operation: Operation, own: Mapping[str, str], text: str
) -> tuple[dict[str, str], dict[str, Any]]:
    values, more = dict(own), {}
    for slot in operation.slots:
        if slot.is_text and slot.place == "path":
            values[slot.name] = text
        elif slot.is_text and slot.place in ("query", "body"):
            more[slot.name] = text
    return values, more
