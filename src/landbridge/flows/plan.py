"""What a flow may do next: pure rules over its definition and the state of its phases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from landbridge.flows.definitions import FlowDefinition, PhaseDefinition
from landbridge.flows.states import FlowStatus, PhaseStatus

P = PhaseStatus


@dataclass(frozen=True, slots=True)
class PhaseState:
    """The latest attempt at a phase: its status, and whether a gate holds its successors."""

    status: PhaseStatus
    gate_open: bool = False

    @property
    def is_over(self) -> bool:
        """Whether what comes after it may begin."""
        return self.status is P.SKIPPED or (self.status is P.COMPLETED and not self.gate_open)


@dataclass(frozen=True, slots=True)
class Plan:
    """What follows from the states of a flow's phases.

    Attributes:
        skip: phases that will not run, because a choice was answered otherwise.
        ready: phases that may run now, in the order of the definition.
        status: the status the flow should have, were it neither paused nor ended.
    """

    skip: tuple[str, ...]
    ready: tuple[str, ...]
    status: FlowStatus


def plan(
    definition: FlowDefinition,
    states: Mapping[str, PhaseState],
    answers: Mapping[str, str],
) -> Plan:
    """The plan of a flow, from the state of each phase and the choices made at its gates.

    A failed phase lets what runs beside it end, and nothing new begin.
    """
    known = dict(states)
    skip: list[str] = []
    ready: list[str] = []
    for phase in definition.phases:  # listed so that each comes after what it needs
        if known[phase.key].status is not P.PENDING or not _may_begin(phase, known):
            continue
        if phase.when and answers.get(phase.when.gate) != phase.when.choice:
            known[phase.key] = PhaseState(P.SKIPPED)
            skip.append(phase.key)
        else:
            ready.append(phase.key)
    return Plan(tuple(skip), tuple(ready), _status(known, bool(ready)))


def _may_begin(phase: PhaseDefinition, states: Mapping[str, PhaseState]) -> bool:
    return all(states[needed].is_over for needed in phase.after or ())


def _status(states: Mapping[str, PhaseState], anything_ready: bool) -> FlowStatus:
    found = {state.status for state in states.values()}
    if P.RUNNING in found:
        return FlowStatus.RUNNING
    if P.FAILED in found:
        return FlowStatus.FAILED
    if anything_ready:
        return FlowStatus.RUNNING
    if any(state.gate_open for state in states.values()):
        return FlowStatus.WAITING
    return FlowStatus.COMPLETED
