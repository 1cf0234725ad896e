"""Flow types, and the definition snapshotted with every flow.

A flow type binds a definition (data) to code: phases and gates by key. The definition is
stored with the flow when it is created, so a later version of the type never changes a flow
in flight.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, ValidationError

from landbridge.database.session import TenantSession
from landbridge.flows.errors import InvalidFlowInputs, PhaseCodeMissing, UnknownFlowType
from landbridge.flows.phases import Phase, PhaseContext


class GateDefinition(BaseModel):
    """A point after a phase at which a person decides."""

    model_config = ConfigDict(frozen=True)

    key: str
    title: str


class PhaseDefinition(BaseModel):
    """One phase as data: what the UI shows and the interpreter follows."""

    model_config = ConfigDict(frozen=True)

    key: str
    title: str
    unit: str
    weight: int
    gate: GateDefinition | None = None


class FlowDefinition(BaseModel):
    """A flow type as data."""

    model_config = ConfigDict(frozen=True)

    flow_type: str
    title: str
    version: int
    phases: tuple[PhaseDefinition, ...]

    def phase(self, key: str) -> PhaseDefinition:
        """The phase of this key."""
        return next(p for p in self.phases if p.key == key)


class Gate(Protocol):
    """The code of a gate."""

    def summary(self, context: PhaseContext) -> dict[str, Any] | None:
        """What there is to decide, or None when nothing needs a person."""
        ...

    def approve(self, session: TenantSession, inputs: dict[str, Any]) -> None:
        """Carry out the approval, in the transaction that records it."""
        ...


@dataclass(frozen=True, slots=True)
class FlowType:
    """A definition with its code.

    Attributes:
        definition: what is snapshotted with each flow.
        inputs: the model that validates a flow's inputs.
        phases: executors by phase key.
        gates: gates by gate key.
    """

    definition: FlowDefinition
    inputs: type[BaseModel]
    phases: Mapping[str, Phase]
    gates: Mapping[str, Gate]

    def executor(self, key: str) -> Phase:
        """The executor of a phase.

        Raises:
            PhaseCodeMissing: this version does not carry it.
        """
        try:
            return self.phases[key]
        except KeyError:
            raise PhaseCodeMissing(phase=key, flow_type=self.definition.flow_type) from None

    def validated(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The inputs as plain JSON, checked against the type's model.

        Raises:
            InvalidFlowInputs: naming the first field that does not fit.
        """
        try:
            return self.inputs.model_validate(dict(inputs)).model_dump(mode="json")
        except ValidationError as e:
            first = e.errors(include_input=False, include_url=False)[0]
            field = ".".join(str(p) for p in first["loc"]) or "inputs"
            raise InvalidFlowInputs(field=field, reason=first["msg"]) from None


class FlowTypes:
    """The flow types of this deployment, each loaded when it is first asked for."""

    def __init__(self, **factories: Callable[[], FlowType]) -> None:
        self._factories = factories
        self._loaded: dict[str, FlowType] = {}

    def get(self, flow_type: str) -> FlowType:
        """The type of this name.

        Raises:
            UnknownFlowType: when it is not registered.
        """
        if flow_type not in self._factories:
            raise UnknownFlowType(flow_type=flow_type, known=", ".join(self._factories))
        if flow_type not in self._loaded:
            self._loaded[flow_type] = self._factories[flow_type]()
        return self._loaded[flow_type]
