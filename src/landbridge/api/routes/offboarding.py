"""The end of a client account: take everything out, have it erased, take that back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field, Strict

from landbridge.api.auth import AccountContext, in_account
from landbridge.api.bodies import WHOLE, Sent
from landbridge.api.downloads import download
from landbridge.api.routes.exports import PIECE
from landbridge.api.schemas import problems
from landbridge.audit import keys
from landbridge.audit.errors import AuditKeyUnavailable
from landbridge.database.session import CredentialAccess
from landbridge.identity.permissions import Action
from landbridge.offboarding import schedule
from landbridge.offboarding.errors import (
    AccountInUse,
    AccountNameNotConfirmed,
    ErasureNotScheduled,
)
from landbridge.offboarding.export import export_account
from landbridge.offboarding.schedule import GRACE_DAYS, MAX_DAYS, Scheduled, UnderWay

router = APIRouter(prefix="/api/v1/client-accounts/{client_account_id}", tags=["offboarding"])

Offboarding = Annotated[AccountContext, Depends(in_account(Action.OFFBOARD), scope="function")]


class OffboardingOut(BaseModel):
    """What is known about the end of the account."""

    scheduled: Scheduled | None = Field(description="The erasure, if one is scheduled.")
    under_way: list[UnderWay] = Field(description="Flows that stand against an erasure.")


class NewErasure(Sent):
    """Asks for the erasure of the account."""

    name: str = Field(max_length=200, description="The account's exact name, to confirm.")
    reason: str = Field(min_length=1, max_length=1000, description="Kept in the audit log.")
    days: Annotated[
        int,
        Strict(),
        Field(ge=1, le=MAX_DAYS, description="Until then it can be taken back."),
        WHOLE,
    ] = GRACE_DAYS


@router.get("/offboarding", summary="Whether an erasure is scheduled", responses=problems())
def show(context: Offboarding) -> OffboardingOut:
    """And which flows stand against one."""
    return OffboardingOut(
        scheduled=schedule.scheduled(context.session),
        under_way=schedule.under_way(context.session),
    )


@router.post(
    "/offboarding",
    summary="Schedule the erasure of the account",
    status_code=201,
    responses=problems(AccountNameNotConfirmed, AccountInUse),
)
def request_erasure(context: Offboarding, body: NewErasure) -> Scheduled:
    """Until its day everything can be read and taken out, and nothing new can begin."""
    return schedule.request(
        context.session,
        by=context.session.user_id,
        name=body.name,
        reason=body.reason,
        days=body.days,
    )


@router.delete(
    "/offboarding",
    summary="Take the erasure back",
    status_code=204,
    response_class=Response,
    responses=problems(ErasureNotScheduled),
)
def undo(context: Offboarding) -> None:
    """The account stays as it is."""
    schedule.undo(context.session)


@router.get(
    "/export.zip",
    summary="Everything of the account",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/zip": {}}}, **problems(AuditKeyUnavailable)},
)
def export(context: Offboarding, client_account_id: UUID) -> StreamingResponse:
    """Every table as JSON lines, the original files, and a signed manifest with their hashes."""
    return account_zip(context, client_account_id)


def account_zip(context: AccountContext, account: UUID) -> StreamingResponse:
    """The export as a download. It is made on disk first, so that it is whole or not there."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="landbridge-export-"))
        path = Path(folder) / "export.zip"
        access = CredentialAccess(context.caller.credential_hash, account)
        key = keys.signing_key(context.services.settings)
        done = export_account(context.services.databases.app, access, path, key=key)
        clear_up = stack.pop_all().close
    return download(
        _pieces(path),
        f"account-{account}.zip",
        "application/zip",
        done.size_bytes,
        after=clear_up,
    )


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece
