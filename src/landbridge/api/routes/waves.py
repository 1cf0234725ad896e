"""Waves: when each application moves, and why."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from landbridge.api.auth import CanStart, CanView
from landbridge.api.bodies import OneOf, Sent
from landbridge.api.idempotency import Key, fingerprint, once
from landbridge.api.routes.flows import CreatedFlow, NewFlow, start_flow
from landbridge.api.schemas import PAGE, PREFIX, Cursor, Limit, PageOf, problems
from landbridge.assessment.waves import queries
from landbridge.assessment.waves.comparing import Compared
from landbridge.assessment.waves.comparing import what_if as compared
from landbridge.assessment.waves.errors import NothingToPlan
from landbridge.assessment.waves.flow import WAVE_PLAN
from landbridge.assessment.waves.queries import WaveAssetRow, WaveItemRow, WavePlanRow, WaveRow
from landbridge.assessment.waves.settings import WaveSettings
from landbridge.database.listing import Wanted
from landbridge.database.refusals import AccountLeaving
from landbridge.errors.common import NotFound
from landbridge.flows.limit_errors import FlowsTooFast, TooManyOpenFlows
from landbridge.kit.pagination import InvalidCursor

router = APIRouter(prefix=PREFIX, tags=["assessment"], responses=problems(InvalidCursor))

Text = Annotated[str, Query(max_length=200)]
Order = Annotated[bool, Query(description="The order turned round.")]


class WantedWaves(WaveSettings, Sent):
    """What holds for all waves; what is left out is as usual."""


@router.get("/waves/plan", summary="The plan of waves")
def show_plan(context: CanView) -> WavePlanRow:
    """What it was made with, its sums, and what could not be kept. Not found before the first."""
    found = queries.plan_of(context.session, context.engagement_id)
    if found is None:
        raise NotFound
    return found


@router.get("/waves", summary="Waves")
def list_waves(
    context: CanView,
    sort: Annotated[str, OneOf(queries.WAVES.sorts)] = "number",
    descending: Order = False,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> PageOf[WaveRow]:
    """In their order; number 0 holds what does not move."""
    wanted = Wanted({}, sort, descending, limit, cursor)
    page = queries.waves(context.session, context.engagement_id, wanted)
    return PageOf(items=page.items, next=page.next)


@router.post(
    "/waves",
    summary="Plan the waves",
    status_code=201,
    response_model=CreatedFlow,
    responses=problems(NothingToPlan, TooManyOpenFlows, FlowsTooFast, AccountLeaving),
)
def plan_waves(context: CanStart, body: WantedWaves, key: Key) -> Response:
    """A flow that plans the waves of the engagement; they replace those of before."""
    return once(
        context,
        key,
        "plan_waves",
        fingerprint(context.engagement_id, body.model_dump_json()),
        lambda: start_flow(context, planning_of(body)),
    )


def planning_of(wanted: WaveSettings) -> NewFlow:
    """The flow that plans the waves."""
    return NewFlow(flow_type=WAVE_PLAN, inputs=wanted.model_dump(mode="json"))


@router.post("/waves/plan/what-if", summary="Compare with another plan")
def what_if(context: CanStart, body: WantedWaves) -> Compared:
    """For those who may start the planning: the plan with these settings beside the stored one.
    Nothing is stored.
    """
    return compared(
        context.session, context.engagement_id, WaveSettings.model_validate(body.model_dump())
    )


@router.get("/waves/{wave_id}", summary="A wave")
def show_wave(context: CanView, wave_id: UUID) -> WaveRow:
    """Its sums and days."""
    return queries.wave(context.session, context.engagement_id, wave_id)


@router.get("/waves/{wave_id}/items", summary="What moves in a wave")
def list_items(
    context: CanView,
    wave_id: UUID,
    q: Text = "",
    sort: Annotated[str, OneOf(queries.ITEMS.sorts)] = "name",
    descending: Order = False,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> PageOf[WaveItemRow]:
    """Environments of applications, and assets without application, each with its reasons."""
    queries.wave(context.session, context.engagement_id, wave_id)
    wanted = Wanted({"q": q}, sort, descending, limit, cursor)
    page = queries.items(context.session, context.engagement_id, wave_id, wanted)
    return PageOf(items=page.items, next=page.next)


@router.get("/waves/{wave_id}/assets", summary="The assets of a wave")
def list_assets(
    context: CanView,
    wave_id: UUID,
    q: Text = "",
    descending: Order = False,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> PageOf[WaveAssetRow]:
    """By name."""
    queries.wave(context.session, context.engagement_id, wave_id)
    wanted = Wanted({"q": q}, "name", descending, limit, cursor)
    page = queries.assets(context.session, context.engagement_id, wave_id, wanted)
    return PageOf(items=page.items, next=page.next)
