"""What people decide about the estate: conflicts, dependencies, findings, mappings."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from landbridge.api.auth import CanEdit, CanMap, CanMute, CanView
from landbridge.api.bodies import Sent, Value
from landbridge.api.schemas import PREFIX, problems
from landbridge.discovery.dependencies import service as dependencies
from landbridge.discovery.inventory import service as inventory
from landbridge.discovery.inventory.errors import (
    ConflictChanged,
    ConflictNotDecided,
    NotAConflict,
)
from landbridge.discovery.inventory.service import Provenance
from landbridge.discovery.mapping import queries as columns
from landbridge.discovery.mapping import service as mapping
from landbridge.discovery.mapping.queries import ColumnMapping
from landbridge.discovery.techdebt import service as findings
from landbridge.discovery.techdebt.errors import FindingNotOpen
from landbridge.discovery.techdebt.service import Explanation

router = APIRouter(prefix=PREFIX, tags=["decisions"], responses=problems())

EdgeStatus = Literal["suggested", "confirmed", "rejected"]


class Decided(BaseModel):
    """What was decided about, and its status now."""

    id: UUID
    status: str


class ChosenValue(Sent):
    """The value to use: one of the candidates, or another of the same type."""

    value: Value


class EdgeDecision(Sent):
    """Whether an edge is true; `suggested` takes a decision back."""

    status: EdgeStatus


class AcceptedRisk(Sent):
    """Why a risk is accepted."""

    reason: str = Field(min_length=1, max_length=2000)


@router.post(
    "/conflicts/{conflict_id}/decide",
    summary="Choose a value",
    responses=problems(ConflictChanged, NotAConflict),
)
def decide_conflict(context: CanEdit, conflict_id: UUID, body: ChosenValue) -> Decided:
    """It stands until a source says something that was not among the candidates."""
    done = inventory.decide(context.session, context.engagement_id, conflict_id, body.value)
    return Decided(id=done.id, status=done.status)


@router.post(
    "/conflicts/{conflict_id}/keep-both",
    summary="Two assets, not one",
    responses=problems(ConflictChanged, NotAConflict),
)
def keep_both(context: CanEdit, conflict_id: UUID) -> Decided:
    """The answer to a possible duplicate that is none."""
    done = inventory.keep_both(context.session, context.engagement_id, conflict_id)
    return Decided(id=done.id, status=done.status)


@router.post(
    "/conflicts/{conflict_id}/reopen",
    summary="Take a decision about a conflict back",
    responses=problems(ConflictNotDecided),
)
def reopen_conflict(context: CanEdit, conflict_id: UUID) -> Decided:
    """The status is `open`, or `settled` where sources agree and nothing is left to decide."""
    status = inventory.reopen(context.session, context.engagement_id, conflict_id)
    return Decided(id=conflict_id, status=status)


@router.post("/dependencies/{dependency_id}/decide", summary="Confirm or reject an edge")
def decide_dependency(context: CanEdit, dependency_id: UUID, body: EdgeDecision) -> Decided:
    """Imports never change it."""
    done = dependencies.decide(context.session, context.engagement_id, dependency_id, body.status)
    return Decided(id=done.id, status=done.status)


@router.get("/findings/{finding_id}", summary="Why a finding was reported")
def explain_finding(context: CanView, finding_id: UUID) -> Explanation:
    """What the rule looked at, with dates and their source."""
    return findings.explain(context.session, context.engagement_id, finding_id)


@router.post(
    "/findings/{finding_id}/accept",
    summary="Accept a risk",
    responses=problems(FindingNotOpen),
)
def accept_finding(context: CanMute, finding_id: UUID, body: AcceptedRisk) -> Decided:
    """It no longer counts while its cause is there."""
    done = findings.accept(context.session, context.engagement_id, finding_id, body.reason)
    return Decided(id=done.id, status=done.status)


@router.post(
    "/findings/{finding_id}/reopen",
    summary="Take an accepted risk back",
    responses=problems(FindingNotOpen),
)
def reopen_finding(context: CanMute, finding_id: UUID) -> Decided:
    """It counts again."""
    done = findings.reopen(context.session, context.engagement_id, finding_id)
    return Decided(id=done.id, status=done.status)


@router.post("/mappings/{mapping_id}/reopen", summary="Undo the decision of a column")
def reopen_mapping(context: CanMap, mapping_id: UUID) -> ColumnMapping:
    """It is a suggestion again, and what was learned from it is forgotten."""
    columns.column(context.session, context.engagement_id, mapping_id)
    mapping.reopen(context.session, mapping_id)
    return columns.column(context.session, context.engagement_id, mapping_id)


@router.get("/assets/{asset_id}/provenance", summary="Where an asset's values come from")
def asset_provenance(context: CanView, asset_id: UUID) -> list[Provenance]:
    """For every attribute the rule that chose its value and the rows that state it."""
    return inventory.provenance(context.session, context.engagement_id, asset_id)
