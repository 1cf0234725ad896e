"""Flow types: a definition bound to the code that runs it, and the registry of them.

The registry holds Landbridge's own types and those that installed packages bring. A type is
loaded when it is first asked for; one that cannot be loaded takes nothing else down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID

import structlog
from pydantic import BaseModel, ValidationError

from landbridge.database.session import TenantSession
from landbridge.errors.catalogue import LandbridgeError
from landbridge.flows.crew import needs
from landbridge.flows.definitions import FlowDefinition, GateDefinition, GateKind, PhaseDefinition
from landbridge.flows.errors import InvalidFlowDefinition, InvalidFlowInputs, UnknownFlowType
from landbridge.flows.phase_errors import PhaseCodeMissing
from landbridge.flows.phases import Phase, PhaseContext
from landbridge.flows.type_errors import FlowTypeNameTaken, FlowTypeNotLoaded

log = structlog.get_logger(__name__)


OWN: Final = "landbridge"
REASON_LENGTH: Final = 300

Admit = Callable[[TenantSession, UUID, Mapping[str, Any]], None]
"""Looks at the inputs of a flow that is to begin in this engagement; raises a catalogued error
to refuse it, such as `NotFound` for a reference to something of another engagement."""


class Gate(Protocol):
    """The code of a gate.

    That of a form also has `form`, the pydantic model of the answer. `approve` is called for
    gates that ask yes or no; phases read the answers of the others from their context.
    """

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
        admit: looks at the inputs before a flow or a fork is created, beyond their shape.

    `phases` and `gates` may hold more than the definition names: what earlier versions had, so
    that flows which started under one of them are finished.
    """

    definition: FlowDefinition
    inputs: type[BaseModel]
    phases: Mapping[str, Phase]
    gates: Mapping[str, Gate]
    admit: Admit | None = None

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

    @property
    def abilities(self) -> frozenset[str]:
        """What there is code for: keys of phases, and of gates as `gate:KEY`."""
        return frozenset(self.phases) | {f"gate:{key}" for key in self.gates}

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

    def require(
        self, session: TenantSession, engagement_id: UUID, inputs: Mapping[str, Any]
    ) -> None:
        """Refuse inputs that this engagement has no use for; `validated` came before.

        Raises:
            LandbridgeError: whatever `admit` says.
        """
        if self.admit is not None:
            self.admit(session, engagement_id, inputs)

    def _problems(self) -> Iterator[str]:
        definition = self.definition
        for phase in definition.phases:
            executor = self.phases.get(phase.key)
            if executor is None:
                yield f"the phase {phase.key} has no executor"
            else:
                yield from self._type_problems(phase.key, executor)
            if phase.gate is None:
                continue
            code = self.gates.get(phase.gate.key)
            if code is None:
                yield f"the gate {phase.gate.key} has no code"
            elif phase.gate.kind is GateKind.FORM and not hasattr(code, "form"):
                yield f"the code of gate {phase.gate.key} has no form, the model of its answer"

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


Factory = Callable[[], FlowType]


@dataclass(frozen=True, slots=True)
class Offer:
    """A flow type as a package offers it.

    Attributes:
        package: its name and version.
        factory: gives the type.
    """

    name: str
    package: str
    factory: Factory


@dataclass(frozen=True, slots=True)
class Listed:
    """A registered flow type, or why it cannot be used."""

    name: str
    package: str
    kind: FlowType | None
    problem: LandbridgeError | None


class FlowTypes:
    """The flow types of this deployment, each loaded when it is first asked for."""

    def __init__(self, *offers: Offer, **own: Factory) -> None:
        """Take Landbridge's own types by name, and what packages offer."""
        self._offers: dict[str, list[Offer]] = {
            name: [Offer(name, OWN, factory)] for name, factory in own.items()
        }
        self._refused: list[Offer] = []
        for offer in offers:
            if offer.name in own:
                self._refused.append(offer)
            else:
                self._offers.setdefault(offer.name, []).append(offer)
        self._loaded: dict[str, FlowType] = {}
        self._failed: dict[str, LandbridgeError] = {}
        self._known: dict[str, frozenset[str]] = {}

    def __iter__(self) -> Iterator[str]:
        """The names, Landbridge's own first."""
        return iter(self._offers)

    def get(self, flow_type: str) -> FlowType:
        """The type of this name.

        Raises:
            UnknownFlowType: when it is not registered.
            FlowTypeNameTaken: when several packages register it.
            FlowTypeNotLoaded, InvalidFlowDefinition: when it is, but could not run.
        """
        if flow_type not in self._offers:
            raise UnknownFlowType(flow_type=flow_type, known=", ".join(self._offers))
        if flow_type not in self._loaded:
            if flow_type in self._failed:
                raise self._failed[flow_type].with_traceback(None)
            try:
                self._loaded[flow_type] = self._load(self._offers[flow_type])
            except LandbridgeError as problem:
                self._failed[flow_type] = problem
                raise
        return self._loaded[flow_type]

    def can(self, flow_type: str, step: PhaseDefinition | GateDefinition) -> bool:
        """Whether there is code here for a phase with its gate, or for the default of a gate."""
        return needs(step) <= self._abilities(flow_type)

    def abilities(self) -> dict[str, list[str]]:
        """What there is code for, by flow type; a type that cannot be loaded is left out."""
        found = {name: sorted(self._abilities(name)) for name in self}
        return {name: known for name, known in found.items() if known}

    def _abilities(self, flow_type: str) -> frozenset[str]:
        if flow_type not in self._known:
            try:
                self._known[flow_type] = self.get(flow_type).abilities
            except LandbridgeError:
                self._known[flow_type] = frozenset()
        return self._known[flow_type]

    @staticmethod
    def _load(offers: list[Offer]) -> FlowType:
        if len(offers) > 1:
            raise _taken(offers[0], offers[1].package)
        return _load(offers[0])

    def listed(self) -> list[Listed]:
        """Every registered type, loaded, and every one that cannot be used."""
        found = []
        for name, offers in self._offers.items():
            packages = ", ".join(offer.package for offer in offers)
            try:
                found.append(Listed(name, packages, self.get(name), None))
            except LandbridgeError as problem:
                found.append(Listed(name, packages, None, problem))
        for offer in self._refused:
            found.append(Listed(offer.name, offer.package, None, _taken(offer, OWN)))
        return found


def _taken(offer: Offer, other: str) -> FlowTypeNameTaken:
    return FlowTypeNameTaken(flow_type=offer.name, package=offer.package, other=other)


def _load(offer: Offer) -> FlowType:
    """Load a type. Landbridge's own has no excuse; a package's failure is told as its own."""
    if offer.package == OWN:
        return offer.factory()
    try:
        kind = offer.factory()
    except LandbridgeError:
        raise
    except Exception as error:
        log.warning("flow_type_not_loaded", name=offer.name, package=offer.package, exc_info=True)
        reason = f"{type(error).__name__}: {error}"[:REASON_LENGTH].rstrip(". ")
        raise _not_loaded(offer, reason) from error
    if not isinstance(kind, FlowType):
        raise _not_loaded(offer, f"it gives {type(kind).__name__}, not a FlowType")
    if kind.definition.flow_type != offer.name:
        named = kind.definition.flow_type
        raise _not_loaded(offer, f"its definition is named {named}")
    return kind


def _not_loaded(offer: Offer, reason: str) -> FlowTypeNotLoaded:
    return FlowTypeNotLoaded(flow_type=offer.name, package=offer.package, reason=reason)
