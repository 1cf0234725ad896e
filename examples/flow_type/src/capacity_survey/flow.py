"""The flow type: its definition as data, bound to the code of its phases and its gate."""

from typing import Any

from pydantic import BaseModel, Field

from capacity_survey.phases import CountAssets, PriceIt, SumCompute, SumStorage
from landbridge.sdk import (
    Choice,
    FlowDefinition,
    FlowType,
    GateDefinition,
    GateKind,
    PhaseContext,
    PhaseDefinition,
    RetryPolicy,
    TenantSession,
)


class Inputs(BaseModel):
    """What a survey is started with."""

    rate_card: str = Field(pattern="^[a-z0-9-]+$", description="The name of the rate card.")
    ask: bool = Field(default=True, description="Whether to ask what to survey.")


class Scope:
    """The gate: everything, or production only."""

    def summary(self, context: PhaseContext) -> dict[str, Any] | None:
        """What a person sees; None when nobody is to be asked, and the default holds."""
        return context.outputs["count_assets"] if context.inputs["ask"] else None

    def approve(self, session: TenantSession, inputs: dict[str, Any]) -> None:
        """Nothing: the phases read the choice from their context."""


SCOPE = GateDefinition(
    key="scope",
    title="What is to be surveyed?",
    kind=GateKind.CHOICE,
    choices=(
        Choice(key="everything", title="Everything"),
        Choice(key="production", title="Production only"),
    ),
    timeout_seconds=3600,
    default="everything",
)


def capacity_survey() -> FlowType:
    """What the entry point names."""
    phases = {p.key: p for p in (CountAssets(), SumCompute(), SumStorage(), PriceIt())}
    extras: dict[str, dict[str, Any]] = {
        "count_assets": {"after": (), "gate": SCOPE},
        "sum_compute": {"after": ("count_assets",)},
        "sum_storage": {"after": ("count_assets",)},
        "price_it": {
            "after": ("sum_compute", "sum_storage"),
            "retry": RetryPolicy(attempts=5, first_seconds=0.5, factor=2),
            "timeout_seconds": 60,
        },
    }
    definition = FlowDefinition(
        flow_type="capacity_survey",
        title="Capacity survey",
        version=1,
        phases=tuple(
            PhaseDefinition(key=p.key, title=p.title, unit=p.unit, weight=1, **extras[p.key])
            for p in phases.values()
        ),
    )
    return FlowType(definition, Inputs, phases, {"scope": Scope()})
