"""Flow definitions as data: phases, what they depend on, their gates and their policies.

A definition is stored with each flow when it is created, so a later version of the type
never changes a flow in flight.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from landbridge.flows.errors import InvalidFlowDefinition

MAX_RETRY_SECONDS = 86_400.0


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True)


class GateKind(StrEnum):
    """What a gate asks a person for."""

    APPROVAL = "approval"
    CHOICE = "choice"
    FORM = "form"


class Choice(_Data):
    """One answer of a choice gate."""

    key: str
    title: str


class GateDefinition(_Data):
    """A point after a phase at which a person decides.

    Attributes:
        kind: yes or no; one of `choices`; or values for `fields`, a JSON Schema.
        timeout_seconds: how long a person has; None waits as long as it takes.
        default: what happens then: "approve" or "reject", the key of a choice, or the
            values of the form; None fails the flow with a clear error.
    """

    key: str
    title: str
    kind: GateKind = GateKind.APPROVAL
    choices: tuple[Choice, ...] = ()
    fields: dict[str, Any] | None = None
    timeout_seconds: float | None = Field(default=None, gt=0)
    default: str | dict[str, Any] | None = None

    @property
    def default_approves(self) -> bool:
        """Whether the flow goes on when nobody decides in time."""
        rejects = self.kind is GateKind.APPROVAL and self.default == "reject"
        return self.default is not None and not rejects

    @property
    def default_takes_code(self) -> bool:
        """Whether the code of the gate has a part in its default."""
        return self.default_approves and self.kind is not GateKind.CHOICE


class RetryPolicy(_Data):
    """When a phase that failed is tried again by itself.

    Only failures whose error says that the same call may be made again are retried; a
    defect or a wrong input is not. The n-th retry waits `first_seconds × factor^(n-1)`, at
    most `max_seconds`.
    """

    attempts: int = Field(default=3, ge=1, le=20)
    first_seconds: float = Field(default=2.0, ge=0)
    factor: float = Field(default=3.0, ge=1)
    max_seconds: float = Field(default=300.0, ge=0, le=MAX_RETRY_SECONDS)

    def delay(self, failed_attempts: int) -> float:
        """Seconds to wait after so many failed attempts."""
        return float(
            min(self.first_seconds * self.factor ** (failed_attempts - 1), self.max_seconds)
        )


class Condition(_Data):
    """A phase that runs only when a choice gate was answered so."""

    gate: str
    choice: str


class PhaseDefinition(_Data):
    """One phase as data: what the UI shows and the orchestrator follows.

    Attributes:
        after: keys of the phases that must have ended before; None means the phase before
            it in the list.
        weight: its share of the flow's progress.
        timeout_seconds: the longest one attempt may take.
        provider: the name of an outside service whose limits it shares, if any.
        when: without it the phase always runs; with it, it is skipped otherwise.
    """

    key: str
    title: str
    unit: str
    weight: int = Field(gt=0)
    gate: GateDefinition | None = None
    after: tuple[str, ...] | None = None
    retry: RetryPolicy = RetryPolicy()
    timeout_seconds: float = Field(default=3600.0, gt=0)
    provider: str | None = None
    when: Condition | None = None


class FlowDefinition(_Data):
    """A flow type as data. Its phases are listed so that each comes after what it needs."""

    flow_type: str
    title: str
    version: int
    phases: tuple[PhaseDefinition, ...]

    @model_validator(mode="before")
    @classmethod
    def _fill_sequence(cls, data: Any) -> Any:
        """Write out what `after: None` means, so that a stored definition says it."""
        if not isinstance(data, dict):
            return data
        phases: list[Any] = []
        previous: str | None = None
        for phase in data.get("phases", ()):
            values = phase.model_dump() if isinstance(phase, PhaseDefinition) else dict(phase)
            if values.get("after") is None:
                values["after"] = (previous,) if previous else ()
            previous = values.get("key")
            phases.append(values)
        return {**data, "phases": tuple(phases)}

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        from landbridge.flows.soundness import problems

        if found := problems(self):
            raise InvalidFlowDefinition(flow_type=self.flow_type, problems="; ".join(found))
        return self

    def phase(self, key: str) -> PhaseDefinition:
        """The phase of this key."""
        return next(p for p in self.phases if p.key == key)

    def gate(self, key: str) -> GateDefinition:
        """The gate of this key."""
        return next(p.gate for p in self.phases if p.gate and p.gate.key == key)

    def downstream(self, key: str) -> frozenset[str]:
        """The phase of this key and every phase that needs it, directly or not."""
        found = {key}
        for phase in self.phases:
            if found.intersection(phase.after or ()):
                found.add(phase.key)
        return frozenset(found)
