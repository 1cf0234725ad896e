"""When a running flow will have ended: from its own rate and the account's past, or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from landbridge.flows.definitions import FlowDefinition
from landbridge.flows.models import PhaseRun
from landbridge.flows.past import Past, PastPhase
from landbridge.flows.progress import ENDED, eta_seconds
from landbridge.flows.states import PhaseStatus


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is left of a flow's work.

    Attributes:
        seconds: of work; what people take to decide, and workers to be free, is not in it.
        basis: what it rests on, as a sentence.
    """

    seconds: float
    basis: str


def estimate(
    definition: FlowDefinition, runs: Sequence[PhaseRun], past: Past, now: datetime
) -> Estimate | None:
    """The work left of a running flow, along the longest of its branches.

    A running phase goes on at its rate so far; any other takes what it took before, by the
    size of this flow. None as soon as one phase has no basis.
    """
    by_phase = {run.phase: run for run in runs}
    size = _size(by_phase, past)
    used_rate, used_past = [], False
    ends: dict[str, float] = {}
    for phase in definition.phases:  # listed so that each comes after what it needs
        run = by_phase[phase.key]
        begins = max((ends[needed] for needed in phase.after or ()), default=0.0)
        if PhaseStatus(run.status) in ENDED:
            ends[phase.key] = begins
            continue
        left = eta_seconds(run, now)
        if left is not None:
            used_rate.append(phase.title)
        else:
            before = past.phases.get(phase.key)
            if before is None and phase.when and past.flows:
                before = PastPhase(seconds=0, done=0)  # its choice was never made
            if before is None:
                return None
            used_past = True
            left = max(0.0, before.seconds * size - _spent(run, now))
            if run.not_before is not None and run.not_before > now:
                left += (run.not_before - now).total_seconds()
        ends[phase.key] = begins + left
    parts = [f"the rate of {title}" for title in used_rate]
    if used_past:
        flows = "completed flow" if past.flows == 1 else "completed flows"
        parts.append(f"the account's last {past.flows} {flows} of this type")
    return Estimate(max(ends.values(), default=0.0), " and ".join(parts)) if parts else None


def _size(runs: Mapping[str, PhaseRun], past: Past) -> float:
    """How much larger this flow is than those of the past: the middle of what its phases with
    known work tell; 1 while none is known.
    """
    ratios = []
    for key, before in past.phases.items():
        run = runs.get(key)
        work = run and (run.total or (run.done if PhaseStatus(run.status) in ENDED else None))
        if work and before.done:
            ratios.append(work / before.done)
    return median(ratios) if ratios else 1.0


def _spent(run: PhaseRun, now: datetime) -> float:
    if run.status != PhaseStatus.RUNNING or run.started_at is None:
        return 0.0
    return max(0.0, (now - run.started_at).total_seconds())
