"""Applications suggested for assets of which no source says to which they belong."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from landbridge.api.auth import CanEdit, CanStart, CanView
from landbridge.api.bodies import OneOf, Sent
from landbridge.api.idempotency import Key, fingerprint, once
from landbridge.api.routes.flows import CreatedFlow, NewFlow, start_flow
from landbridge.api.schemas import PAGE, PREFIX, Cursor, Limit, PageOf, problems
from landbridge.database.listing import Wanted
from landbridge.database.refusals import AccountLeaving
from landbridge.discovery.membership import deciding, queries
from landbridge.discovery.membership.deciding import SURE, Status
from landbridge.discovery.membership.flow import SUGGEST_APPLICATIONS
from landbridge.discovery.membership.queries import SuggestionRow
from landbridge.flows.limit_errors import FlowsTooFast, TooManyOpenFlows
from landbridge.kit.pagination import InvalidCursor

router = APIRouter(
    prefix=f"{PREFIX}/application-suggestions",
    tags=["applications"],
    responses=problems(InvalidCursor),
)

Text = Annotated[str, Query(max_length=200)]
NEW = NewFlow(flow_type=SUGGEST_APPLICATIONS, inputs={})


class SuggestionDecision(Sent):
    """What becomes of a suggestion; `suggested` takes a decision back."""

    status: Status


class SuggestionsDecision(SuggestionDecision):
    """What becomes of many.

    Attributes:
        now: only those with this status.
        at_least: only those with at least this confidence.
    """

    now: Status = "suggested"
    at_least: float = Field(default=SURE, ge=0, le=1, strict=True)


class DecidedSuggestions(BaseModel):
    """How many suggestions were decided."""

    changed: int


@router.get("", summary="Suggested applications")
def list_suggestions(
    context: CanView,
    q: Text = "",
    status: Text = "",
    sure: Text = "",
    application: Text = "",
    sort: Annotated[str, OneOf(queries.SUGGESTIONS.sorts)] = "confidence",
    descending: Annotated[bool, Query(description="The order turned round.")] = False,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> PageOf[SuggestionRow]:
    """The surest first. `/explanations` tells why."""
    filters = {"q": q, "status": status, "sure": sure, "application": application}
    wanted = Wanted(filters, sort, descending, limit, cursor)
    page = queries.suggested(context.session, context.engagement_id, wanted)
    return PageOf(items=page.items, next=page.next)


@router.post(
    "",
    summary="Suggest applications",
    status_code=201,
    response_model=CreatedFlow,
    responses=problems(TooManyOpenFlows, FlowsTooFast, AccountLeaving),
)
def suggest_applications(context: CanStart, key: Key) -> Response:
    """A flow that suggests an application for assets without one; decisions stay."""
    place = fingerprint(context.engagement_id)
    return once(context, key, "suggest_applications", place, lambda: start_flow(context, NEW))


@router.post("/decide", summary="Decide many suggestions")
def decide_suggestions(context: CanEdit, body: SuggestionsDecision) -> DecidedSuggestions:
    """Those of at least a confidence; the other way round, it takes that back."""
    changed = deciding.decide_all(
        context.session, context.engagement_id, body.status, body.at_least, body.now
    )
    return DecidedSuggestions(changed=changed)


@router.post("/{suggested_application_id}/decide", summary="Confirm or reject a suggestion")
def decide_suggestion(
    context: CanEdit, suggested_application_id: UUID, body: SuggestionDecision
) -> SuggestionRow:
    """No later run changes it."""
    return deciding.decide(
        context.session, context.engagement_id, suggested_application_id, body.status
    )
