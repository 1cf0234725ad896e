"""The audit log of a client account: read it, verify it, take it away, have it signed."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from landbridge.api.auth import AccountContext, in_account
from landbridge.api.downloads import download
from landbridge.api.exporting import account_export
from landbridge.api.schemas import PAGE, Cursor, Limit, PageOf, problems
from landbridge.audit import export, listing, service
from landbridge.audit.anchor import Anchor
from landbridge.audit.errors import (
    AuditChainBroken,
    AuditCheckpointNotKept,
    AuditFilterInvalid,
    AuditKeyUnavailable,
    AuditLogEmpty,
)
from landbridge.audit.listing import AuditEntryOut
from landbridge.audit.service import SignedCheckpoint
from landbridge.database.listing import Wanted
from landbridge.identity.permissions import Action
from landbridge.kit.pagination import InvalidCursor

router = APIRouter(prefix="/api/v1/client-accounts/{client_account_id}/audit", tags=["audit"])

Reading = Annotated[AccountContext, Depends(in_account(Action.READ_AUDIT), scope="function")]
Exporting = Annotated[AccountContext, Depends(account_export(Action.READ_AUDIT), scope="request")]
Text = Annotated[str, Query(max_length=200)]
When = Annotated[
    str,
    Query(
        max_length=40,
        description="A date, to its end, or a moment.",
        json_schema_extra={"anyOf": [{"format": "date"}, {"format": "date-time"}, {"const": ""}]},
    ),
]
MEDIA_TYPE = "application/x-ndjson"


class FaultOut(BaseModel):
    """One thing that is wrong with the log."""

    kind: str
    seq: int | None = Field(description="The link where it shows, if one does.")
    meaning: str


class VerificationOut(BaseModel):
    """What recomputing the whole chain found."""

    client_account_id: UUID
    intact: bool
    links: int
    entries: int
    head: str | None = Field(description="Hash of the last link, in hexadecimal.")
    checkpoints: int = Field(description="Signed checkpoints that the chain agrees with.")
    anchored_through: int = Field(description="The last link that a checkpoint covers.")
    erased_through: int = Field(description="Entries up to this link were erased.")
    fault_count: int
    faults: list[FaultOut] = Field(description="The first 100.")


class KeysOut(BaseModel):
    """The public keys with which checkpoints are verified."""

    keys: list[str] = Field(description="As name+id+base64, the present one first.")


@router.get("", summary="Who did what", responses=problems(InvalidCursor, AuditFilterInvalid))
def list_entries(
    context: Reading,
    q: Text = "",
    action: Text = "",
    type: Text = "",
    object: Text = "",
    actor: Annotated[str, Query(max_length=320, description="An e-mail address.")] = "",
    engagement_id: UUID | None = None,
    since: When = "",
    until: When = "",
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> PageOf[AuditEntryOut]:
    """Newest first."""
    filters = {"q": q, "action": action, "type": type, "object": object, "actor": actor}
    wanted = Wanted({**filters, "since": since, "until": until}, limit=limit, cursor=cursor)
    page = listing.entries(context.session, wanted, engagement_id)
    return PageOf(items=page.items, next=page.next)


@router.get(
    "/export.jsonl",
    summary="The whole log as a file that you can verify",
    response_class=StreamingResponse,
    responses={200: {"content": {MEDIA_TYPE: {}}}, **problems(AuditCheckpointNotKept)},
)
def export_log(context: Exporting) -> StreamingResponse:
    """Links, the exact texts of their entries, and the signed checkpoints, as JSON lines."""
    notes = Anchor.of(context.services.settings).notes(context.client_account_id)
    lines = export.lines(context.session, notes)
    return download(lines, f"audit-{context.client_account_id}.jsonl", MEDIA_TYPE)


@router.get(
    "/verification",
    summary="Verify the chain",
    responses=problems(AuditCheckpointNotKept, AuditKeyUnavailable),
)
def verify(context: Reading) -> VerificationOut:
    """Recomputes every link, and compares the chain with every signed checkpoint."""
    found = service.verify(context.session, context.services.settings)
    return VerificationOut.model_validate(found.as_json())


@router.get("/checkpoints", summary="The newest signed checkpoints", responses=problems())
def list_checkpoints(context: Reading) -> PageOf[SignedCheckpoint]:
    """The 50 newest, newest first. Keep the notes: they prove later what the log was."""
    return PageOf(items=service.checkpoints(context.session))


@router.post(
    "/checkpoints",
    summary="Sign the chain as it is now",
    responses=problems(
        AuditLogEmpty, AuditChainBroken, AuditCheckpointNotKept, AuditKeyUnavailable
    ),
)
def sign(context: Reading) -> SignedCheckpoint:
    """Signs the last link. While nothing new happens the answer is the same note."""
    return service.checkpoint(context.session, context.services.settings)


@router.get("/keys", summary="The public keys", responses=problems(AuditKeyUnavailable))
def show_keys(context: Reading) -> KeysOut:
    """Get the key on another way too: who can change the log could also change this answer."""
    return KeysOut(keys=service.public_keys(context.services.settings))
