"""A small flow type with observable effects."""

from __future__ import annotations

import time
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlalchemy import text

from landbridge.database.session import TenantSession
from landbridge.errors.catalogue import LandbridgeError
from landbridge.flows.definitions import FlowDefinition, GateDefinition, PhaseDefinition
from landbridge.flows.phases import PhaseContext
from landbridge.flows.types import FlowType, FlowTypes


class ToyInputs(BaseModel):
    """What the toy flow is started with."""

    model_config = ConfigDict(strict=True)

    ask: bool = False
    fail_in: str | None = None
    break_in: str | None = None
    seconds: float = 0.0


class ToyOutput(BaseModel):
    """What every toy phase returns."""

    seen: list[str]


class ToyFailure(LandbridgeError):
    """A phase was told to fail."""

    code = "TOY_FAILURE"
    title = "The toy failed"
    status = 422
    message = "The phase {phase} was told to fail."
    remedy = "Do not tell it to."


class ToyPhase:
    """Writes one application row named after itself, then fails if it is told to."""

    unit = "steps"
    output = ToyOutput

    def __init__(self, key: str) -> None:
        self.key = key
        self.title = key.title()

    def run(self, context: PhaseContext) -> ToyOutput:
        """Write the row; take the time the inputs ask for."""
        for step in range(10):
            context.progress(step, 10)
            time.sleep(context.inputs["seconds"] / 10)
        context.session.execute(
            text(
                "insert into app.applications (id, engagement_id, name, name_key) "
                "values (gen_random_uuid(), :engagement, :name, gen_random_uuid())"
            ),
            {"engagement": context.engagement_id, "name": f"{context.flow_id} {self.key}"},
        )
        if context.inputs["fail_in"] == self.key:
            raise ToyFailure(phase=self.key)
        if context.inputs["break_in"] == self.key:
            raise ZeroDivisionError("a client's secret value")
        context.progress(10, 10)
        return ToyOutput(seen=sorted(context.outputs))


class ToyGate:
    """Asks when the inputs say so."""

    def summary(self, context: PhaseContext) -> dict[str, Any] | None:
        """One thing to decide."""
        return {"things": 1} if context.inputs["ask"] else None

    def approve(self, session: TenantSession, inputs: dict[str, Any]) -> None:
        """Leave a row that shows the approval was carried out."""
        session.execute(
            text(
                "insert into app.engagements (id, name) values (gen_random_uuid(), "
                "'approved ' || gen_random_uuid())"
            )
        )


def toy_types() -> FlowTypes:
    """The toy flow type: one, two (gate), three."""
    phases = {key: ToyPhase(key) for key in ("one", "two", "three")}
    gate = GateDefinition(key="check", title="Check it")
    definition = FlowDefinition(
        flow_type="toy",
        title="Toy",
        version=1,
        phases=tuple(
            PhaseDefinition(
                key=p.key,
                title=p.title,
                unit=p.unit,
                weight=1,
                gate=gate if p.key == "two" else None,
            )
            for p in phases.values()
        ),
    )
    return FlowTypes(toy=lambda: FlowType(definition, ToyInputs, phases, {"check": ToyGate()}))
