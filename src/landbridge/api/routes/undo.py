"""Undoing an import, and the hash by which two states of an inventory are compared."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from landbridge.api.auth import CanStart, CanView
from landbridge.api.idempotency import Key, fingerprint, once
from landbridge.api.routes.flows import CreatedFlow, NewFlow, start_flow
from landbridge.api.schemas import PREFIX, problems
from landbridge.database.refusals import AccountLeaving
from landbridge.discovery.imports import queries
from landbridge.discovery.inventory.errors import ImportBusy, ImportNotApplied, ImportNotNewest
from landbridge.discovery.inventory.fingerprint import inventory_hash
from landbridge.discovery.undo import UNDO_IMPORT
from landbridge.flows.limit_errors import FlowsTooFast, TooManyOpenFlows

router = APIRouter(prefix=PREFIX, tags=["imports"])

TAKES_AWAY: Final = {"x-takes-away": True}
"""For programs that try operations out: this one removes more than what it names."""


class InventoryHash(BaseModel):
    """SHA-256 over everything the inventory says: equal for equal content."""

    sha256: str


@router.post(
    "/imports/{import_id}/undo",
    summary="Undo an import",
    status_code=201,
    response_model=CreatedFlow,
    responses=problems(
        *(ImportNotApplied, ImportNotNewest, ImportBusy),
        *(TooManyOpenFlows, FlowsTooFast, AccountLeaving),
    ),
    openapi_extra=TAKES_AWAY,
)
def undo_import(context: CanStart, import_id: UUID, key: Key) -> Response:
    """A flow that takes back what the import changed in the inventory: what it brought goes, what
    it replaced comes back. Its files and rows are kept.
    """
    queries.require_import(context.session, context.engagement_id, import_id)
    return once(
        context,
        key,
        "undo_import",
        fingerprint(context.engagement_id, str(import_id)),
        lambda: start_flow(context, undo_of(import_id)),
    )


def undo_of(import_id: UUID) -> NewFlow:
    """The flow that undoes an import."""
    return NewFlow(flow_type=UNDO_IMPORT, inputs={"import_id": str(import_id)})


@router.get("/inventory/hash", summary="A hash of the inventory", responses=problems())
def show_hash(context: CanView) -> InventoryHash:
    """It changes with every asset, key, conflict, application and dependency, and comes back when
    an import is undone.
    """
    return InventoryHash(sha256=inventory_hash(context.session, context.engagement_id))
