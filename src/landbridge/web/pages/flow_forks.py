"""Forking a flow: where from, with which inputs, by which definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Query
from starlette.responses import HTMLResponse, RedirectResponse, Response

from landbridge.api.following import flow_in
from landbridge.discovery.imports import queries as imports
from landbridge.errors.catalogue import LandbridgeError
from landbridge.flows.actions import Action, require
from landbridge.flows.definitions import FlowDefinition
from landbridge.flows.errors import InvalidFlowInputs
from landbridge.flows.locked import definition_of
from landbridge.flows.states import FlowStatus
from landbridge.flows.status import FlowView
from landbridge.web import schema_forms
from landbridge.web.context import ROOT, Control, EngagementPage
from landbridge.web.pages.flow_actions import refused
from landbridge.web.schema_forms import Option
from landbridge.web.sent import Sent

router = APIRouter(prefix=ROOT, include_in_schema=False)

IMPORT: Final = "import_id"
"""An input of this name is one of the engagement's imports."""

Which = Literal["original", "current"]


@dataclass(frozen=True, slots=True)
class Start:
    """A phase from which the flow can be forked."""

    key: str
    title: str
    text: str


@router.get("/flows/{flow_id}/fork")
def ask_fork(
    page: Control, flow_id: UUID, phase: Annotated[str, Query(max_length=100)] = ""
) -> HTMLResponse:
    """The form; a phase in the address is chosen already."""
    return _show(page, flow_in(page.context, flow_id), phase, "original")


@router.post("/flows/{flow_id}/fork")
def fork(
    page: Control,
    flow_id: UUID,
    sent: Sent,
    phase: Annotated[str, Form(max_length=100)] = "",
    definition: Annotated[Which, Form()] = "original",
) -> Response:
    """Start the child and lead to it."""
    flow = flow_in(page.context, flow_id)
    orchestrator = page.context.services.orchestrator
    schema = _schema(page, flow)
    inputs = schema_forms.read(schema, sent)
    made: list[UUID] = []

    def start() -> None:
        made.append(
            orchestrator.fork(
                page.session,
                flow_id,
                phase,
                inputs=inputs,
                current_definition=definition == "current",
            )
        )

    refusal = refused(page, start)
    if refusal is not None:
        return _show(page, flow, phase, definition, inputs=inputs, refusal=refusal)
    return RedirectResponse(page.place.url(f"flows/{made[0]}"), status_code=303)


def _show(
    page: EngagementPage,
    flow: FlowView,
    phase: str,
    which: Which,
    *,
    inputs: Mapping[str, Any] | None = None,
    refusal: LandbridgeError | None = None,
) -> HTMLResponse:
    require(Action.FORK, FlowStatus(flow.status))
    original = definition_of(page.session, flow.id)
    current = page.context.services.orchestrator.types.get(flow.type).definition
    starts = [_start(original, key) for key in flow.forkable]
    chosen = phase if phase in flow.forkable else _first_failed(flow)
    mistakes, options = {}, {}
    if isinstance(refusal, InvalidFlowInputs):
        mistakes[str(refusal.fields["field"])] = str(refusal.fields["reason"])
    schema = _schema(page, flow)
    if IMPORT in schema.get("properties", {}):
        options[IMPORT] = _imports(page, flow)
    answer = page.show(
        "pages/fork.html",
        ("Flows", page.place.url("flows")),
        (flow.title, page.place.url(f"flows/{flow.id}")),
        ("Fork", page.request.url.path),
        section="flows",
        flow=flow,
        starts=starts,
        chosen=chosen,
        fields=schema_forms.fields(schema, {**flow.inputs, **(inputs or {})}, mistakes, options),
        which=which,
        versions=None if original == current else (original.version, current.version),
        refusal=refusal.problem(trace_id=page.request.state.trace_id) if refusal else None,
    )
    if refusal:
        answer.status_code = refusal.status
    return answer


def _schema(page: EngagementPage, flow: FlowView) -> dict[str, Any]:
    kind = page.context.services.orchestrator.types.get(flow.type)
    return kind.inputs.model_json_schema()


def _start(definition: FlowDefinition, key: str) -> Start:
    anew = definition.downstream(key)
    kept = [p.title for p in definition.phases if p.key not in anew]
    again = [p.title for p in definition.phases if p.key in anew and p.key != key]
    text = f"Keeps {', '.join(kept)}. " if kept else "Keeps nothing. "
    text += f"Then also does {', '.join(again)}." if again else "It is the last phase."
    return Start(key, definition.phase(key).title, text)


def _first_failed(flow: FlowView) -> str:
    failed = [p.name for p in flow.phases if p.status == "failed" and p.name in flow.forkable]
    return failed[0] if failed else flow.forkable[0]


def _imports(page: EngagementPage, flow: FlowView) -> tuple[Option, ...]:
    found = imports.imports(page.session, page.engagement_id)
    known = [
        Option(str(row.id), f"{', '.join(row.files) or 'No file'} · {row.created_at:%d %b %Y}")
        for row in found
    ]
    here = str(flow.inputs.get(IMPORT, ""))
    if here and here not in {option.value for option in known}:
        known.insert(0, Option(here, "The import of this flow"))
    return tuple(known)
