"""Flow types: a definition bound to the code that runs it, and the registry of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import BaseModel, ValidationError

from landbridge.database.session import TenantSession
from landbridge.flows.definitions import FlowDefinition
from landbridge.flows.errors import InvalidFlowDefinition, InvalidFlowInputs, UnknownFlowType
from landbridge.flows.phase_errors import PhaseCodeMissing
from landbridge.flows.phases import Phase, PhaseContext


class Gate(Protocol):
    """The code of a gate."""

    def summary(self, context: PhaseContext) -> dict[str, Any] | None:
        """What there is to decide, or None when nothing needs a person."""
        ...

    def approve(self, session: TenantSession, inputs: dict[str, Any]) -> None:
        """Carry out the decision to go on, in the transaction that records it."""
        ...


@dataclass(frozen=True, slots=True)
class FlowType:
    """A definition with its code.

    Attributes:
        definition: what is snapshotted with each flow.
        inputs: the model that validates a flow's inputs.
        phases: executors by phase key.
        gates: gates by gate key.

    Both may hold more than the definition names: what earlier versions had, so that flows
    which started under one of them are finished.
    """

    definition: FlowDefinition
    inputs: type[BaseModel]
    phases: Mapping[str, Phase]
    gates: Mapping[str, Gate]

    def __post_init__(self) -> None:
        """Refuse a type that could not run.

        Raises:
            InvalidFlowDefinition: naming everything that does not fit together.
        """
        found = list(self._problems())
        if found:
            name = self.definition.flow_type
            raise InvalidFlowDefinition(flow_type=name, problems="; ".join(found))

    def executor(self, key: str) -> Phase:
        """The executor of a phase.

        Raises:
            PhaseCodeMissing: this version does not carry it.
        """
        try:
            return self.phases[key]
        except KeyError:
            raise PhaseCodeMissing(phase=key, flow_type=self.definition.flow_type) from None

    def gate(self, key: str) -> Gate:
        """The code of a gate.

        Raises:
            PhaseCodeMissing: this version does not carry it.
        """
        try:
            return self.gates[key]
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

    def _problems(self) -> Iterator[str]:
        definition = self.definition
        for phase in definition.phases:
            executor = self.phases.get(phase.key)
            if executor is None:
                yield f"the phase {phase.key} has no executor"
            else:
                yield from self._type_problems(phase.key, executor)
            if phase.gate and phase.gate.key not in self.gates:
                yield f"the gate {phase.gate.key} has no code"

    def _type_problems(self, key: str, executor: Phase) -> Iterator[str]:
        """What a phase needs must be what an earlier phase gives."""
        for needed, model in getattr(executor, "needs", {}).items():
            source = self.phases.get(needed)
            if source is None or key not in self.definition.downstream(needed) - {needed}:
                yield f"the phase {key} needs the output of {needed}, which does not come before it"
            elif not issubclass(source.output, model):
                yield (
                    f"the phase {key} needs {model.__name__} from {needed}, which gives "
                    f"{source.output.__name__}"
                )


class FlowTypes:
    """The flow types of this deployment, each loaded when it is first asked for."""

    def __init__(self, **factories: Callable[[], FlowType]) -> None:
        self._factories = factories
        self._loaded: dict[str, FlowType] = {}

    def __iter__(self) -> Iterator[str]:
        """The names, in the order of registration."""
        return iter(self._factories)

    def get(self, flow_type: str) -> FlowType:
        """The type of this name.

        Raises:
            UnknownFlowType: when it is not registered.
            InvalidFlowDefinition: when it is, but could not run.
        """
        if flow_type not in self._factories:
            raise UnknownFlowType(flow_type=flow_type, known=", ".join(self._factories))
        if flow_type not in self._loaded:
            self._loaded[flow_type] = self._factories[flow_type]()
        return self._loaded[flow_type]
