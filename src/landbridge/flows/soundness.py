"""Whether a flow definition makes sense by itself; each problem is one plain sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landbridge.flows.definitions import FlowDefinition, GateDefinition, PhaseDefinition


def problems(definition: FlowDefinition) -> list[str]:
    """What is wrong with the shape of a definition; nothing when it can be run."""
    if not definition.phases:
        return ["it has no phases"]
    return [
        *_duplicates("phase", [p.key for p in definition.phases]),
        *_duplicates("gate", [p.gate.key for p in definition.phases if p.gate]),
        *_order(definition),
        *(found for p in definition.phases if p.gate for found in _gate(p.gate)),
        *(found for p in definition.phases for found in _condition(definition, p)),
    ]


def _duplicates(what: str, keys: list[str]) -> Iterator[str]:
    for key, times in Counter(keys).items():
        if times > 1:
            yield f"the {what} {key} is defined {times} times"


def _order(definition: FlowDefinition) -> Iterator[str]:
    """A phase may name only phases listed before it: so there is no cycle, and every phase
    can be reached from one that needs nothing.
    """
    known = {p.key for p in definition.phases}
    before: set[str] = set()
    for phase in definition.phases:
        for needed in phase.after or ():
            if needed not in known:
                yield f"the phase {phase.key} comes after {needed}, which does not exist"
            elif needed not in before:
                yield (
                    f"the phase {phase.key} can never be reached: it comes after {needed}, "
                    "which is not listed before it"
                )
        before.add(phase.key)


def _gate(gate: GateDefinition) -> Iterator[str]:
    kind, default = gate.kind.value, gate.default
    if kind == "choice":
        options = [choice.key for choice in gate.choices]
        if len(options) < 2:
            yield f"the gate {gate.key} offers fewer than two choices"
        yield from _duplicates(f"choice of gate {gate.key}", options)
        if default is not None and default not in options:
            yield f"the default of gate {gate.key} is none of its choices"
    elif gate.choices:
        yield f"the gate {gate.key} has choices but is of kind {kind}"
    if kind == "form":
        if not gate.fields:
            yield f"the gate {gate.key} asks for a form but defines no fields"
        if default is not None and not isinstance(default, dict):
            yield f"the default of gate {gate.key} must be the values of its form"
    elif gate.fields:
        yield f"the gate {gate.key} has fields but is of kind {kind}"
    if kind == "approval" and default not in (None, "approve", "reject"):
        yield f"the default of gate {gate.key} must be approve or reject"
    if default is not None and gate.timeout_seconds is None:
        yield f"the gate {gate.key} has a default but no time-out after which it applies"


def _condition(definition: FlowDefinition, phase: PhaseDefinition) -> Iterator[str]:
    if phase.when is None:
        return
    owner = next((p for p in definition.phases if p.gate and p.gate.key == phase.when.gate), None)
    if owner is None or owner.gate is None:
        yield f"the phase {phase.key} depends on the gate {phase.when.gate}, which does not exist"
    elif phase.when.choice not in {choice.key for choice in owner.gate.choices}:
        yield (
            f"the phase {phase.key} waits for the choice {phase.when.choice}, which the gate "
            f"{phase.when.gate} does not offer"
        )
    elif phase.key not in definition.downstream(owner.key) or phase.key == owner.key:
        yield f"the phase {phase.key} does not come after the gate {phase.when.gate}"
