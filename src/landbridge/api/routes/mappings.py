"""Mappings: what the columns of an import hold."""

from __future__ import annotations

from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from landbridge.api.auth import CanMap, CanView, EngagementContext
from landbridge.api.bodies import Number, Sent
from landbridge.api.schemas import PREFIX, PageOf, problems
from landbridge.discovery.imports.queries import require_import
from landbridge.discovery.mapping import queries, service
from landbridge.discovery.mapping.queries import ColumnMapping
from landbridge.discovery.vocabulary import ATTRIBUTES

router = APIRouter(prefix=PREFIX, tags=["mappings"], responses=problems())


_FITTING: Final[list[JsonValue]] = [
    {
        "required": ["attribute"],
        "properties": {
            "target": {"const": "attribute"},
            "attribute": {"enum": list[JsonValue](sorted(ATTRIBUTES))},
        },
    },
    {
        "properties": {
            "target": {"enum": ["custom", "ignore"]},
            "attribute": {"type": "null"},
        }
    },
]
"""What the validator below asks for, in the words of JSON Schema."""


class MappingDecision(Sent):
    """What a column is mapped to."""

    model_config = ConfigDict(json_schema_extra={"oneOf": _FITTING})

    target: Literal["attribute", "custom", "ignore"]
    attribute: str | None = Field(
        default=None, description="A canonical attribute, for the target `attribute` only."
    )

    @model_validator(mode="after")
    def _fits(self) -> MappingDecision:
        if (self.target == "attribute") != (self.attribute is not None):
            raise ValueError("an attribute belongs to the target attribute, and to no other")
        if self.attribute is not None and self.attribute not in ATTRIBUTES:
            raise ValueError("there is no such attribute")
        return self


class BulkApproval(Sent):
    """Which suggestions to approve."""

    import_id: UUID
    threshold: Number = Field(ge=0, le=1, description="Approve what is at least this sure.")
    import_table_id: UUID | None = Field(default=None, description="Only in this table.")


class BulkResult(BaseModel):
    """How many suggestions were approved."""

    approved: int


@router.get("/mappings", summary="Columns and what they are mapped to")
def list_mappings(
    context: CanView,
    import_id: Annotated[UUID, Query(description="The import.")],
    import_table_id: UUID | None = None,
) -> PageOf[ColumnMapping]:
    """All columns of the import, in the order of its files."""
    require_import(context.session, context.engagement_id, import_id)
    found = queries.columns(context.session, context.engagement_id, import_id, import_table_id)
    return PageOf(items=found)


@router.patch("/mappings/{mapping_id:uuid}", summary="Decide one column")
def decide_mapping(context: CanMap, mapping_id: UUID, body: MappingDecision) -> ColumnMapping:
    """Approves it as decided, and remembers it for columns of this name in the account."""
    return decide_column(context, mapping_id, body.target, body.attribute)


@router.post("/mappings/approve", summary="Approve many")
def approve_mappings(context: CanMap, body: BulkApproval) -> BulkResult:
    """Approve every suggestion at or above the threshold, as it is."""
    require_import(context.session, context.engagement_id, body.import_id)
    approved = approve_above(context, body.import_id, body.threshold, body.import_table_id)
    return BulkResult(approved=approved)


def decide_column(
    context: EngagementContext, mapping_id: UUID, target: str, attribute: str | None
) -> ColumnMapping:
    """Decide one column of the engagement.

    Raises:
        NotFound: the engagement has no such column.
    """
    queries.column(context.session, context.engagement_id, mapping_id)
    service.decide(context.session, mapping_id, target, attribute)
    return queries.column(context.session, context.engagement_id, mapping_id)


def approve_above(
    context: EngagementContext, import_id: UUID, threshold: float, table_id: UUID | None
) -> int:
    """Approve the suggestions of an import, or of one table, that are at least this sure."""
    return service.approve_above(context.session, import_id, threshold, table_id)
