"""Flow types: what can be started here, as data."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from landbridge.api.auth import user_of
from landbridge.api.caller import AnyCaller
from landbridge.api.schemas import Problem, problems
from landbridge.api.services import services_of
from landbridge.errors.common import NotFound
from landbridge.flows.definitions import FlowDefinition
from landbridge.flows.types import Listed

router = APIRouter(prefix="/api/v1/flow-types", tags=["flow types"])


class FlowTypeOut(BaseModel):
    """A flow type that is installed here."""

    name: str
    package: str = Field(description="The package that brings it, with its version.")
    title: str | None
    version: int | None
    definition: FlowDefinition | None = Field(
        description="Phases with what they come after, gates, retries and time-outs in seconds."
    )
    input_schema: dict[str, Any] | None = Field(description="JSON Schema of the inputs.")
    problem: Problem | None = Field(description="Why it cannot be used, if so.")


class FlowTypesOut(BaseModel):
    """Every flow type that is installed here."""

    items: list[FlowTypeOut]


@router.get("", summary="Flow types", responses=problems())
def list_flow_types(request: Request, who: AnyCaller) -> FlowTypesOut:
    """Landbridge's own first; those that cannot be used say why."""
    services = services_of(request)
    user_of(services, who)
    return FlowTypesOut(items=[shown(t) for t in services.orchestrator.types.listed()])


@router.get("/{name}", summary="One flow type", responses=problems())
def show_flow_type(request: Request, who: AnyCaller, name: str) -> FlowTypeOut:
    """Its definition and the schema of its inputs."""
    for kind in list_flow_types(request, who).items:
        if kind.name == name:
            return kind
    raise NotFound


def shown(listed: Listed) -> FlowTypeOut:
    """A flow type as data."""
    kind = listed.kind
    definition = kind.definition if kind else None
    return FlowTypeOut(
        name=listed.name,
        package=listed.package,
        title=definition.title if definition else None,
        version=definition.version if definition else None,
        definition=definition,
        input_schema=kind.inputs.model_json_schema() if kind else None,
        problem=Problem(**listed.problem.problem()) if listed.problem else None,
    )
