"""Leaving: take everything of a client account out, have it erased, take that back."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form
from sqlalchemy import text
from starlette.responses import RedirectResponse, Response

from landbridge.api.routes.offboarding import account_zip
from landbridge.errors.common import InvalidRequest
from landbridge.identity.permissions import Action
from landbridge.offboarding import schedule
from landbridge.offboarding.errors import AccountInUse, AccountNameNotConfirmed
from landbridge.offboarding.schedule import GRACE_DAYS
from landbridge.web.context import AccountPage, account_page
from landbridge.web.failures import beside

router = APIRouter(prefix="/accounts/{client_account_id}/offboarding", include_in_schema=False)

Leave = Annotated[AccountPage, Depends(account_page(Action.OFFBOARD), scope="function")]

_COUNTS = text(
    "select (select count(*) from app.engagements) as engagements,"
    " (select count(*) from app.assets) as assets,"
    " (select count(*) from app.stored_files) as files,"
    " (select coalesce(sum(size_bytes), 0)::bigint from app.stored_files) as bytes"
)


@router.get("")
def show(page: Leave) -> Response:
    """What there is, the export, and the erasure."""
    return _shown(page)


@router.post("")
def request_erasure(
    page: Leave,
    client_account_id: UUID,
    name: Annotated[str, Form(max_length=400)] = "",
    reason: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Schedule the erasure, when the name was typed and a reason given."""
    if not reason.strip():
        beside(InvalidRequest())
        return _shown(page, name=name, no_reason="Say why, in a few words.")
    try:
        schedule.request(page.session, by=page.user.id, name=name, reason=reason.strip())
    except AccountNameNotConfirmed as error:
        beside(error)
        return _shown(page, name=name, reason=reason, mistake=f"{error.detail} {error.advice}")
    except AccountInUse as error:
        beside(error)
        return _shown(page, name=name, reason=reason)
    return RedirectResponse(f"/accounts/{client_account_id}/offboarding", status_code=303)


@router.post("/undo")
def undo(page: Leave, client_account_id: UUID) -> Response:
    """Take the erasure back."""
    if schedule.scheduled(page.session) is not None:
        schedule.undo(page.session)
    return RedirectResponse(f"/accounts/{client_account_id}/offboarding", status_code=303)


@router.get("/export.zip")
def export(page: Leave, client_account_id: UUID) -> Response:
    """Everything of the account as one file."""
    return account_zip(page.context, client_account_id)


def _shown(
    page: AccountPage,
    *,
    name: str = "",
    reason: str = "",
    mistake: str | None = None,
    no_reason: str | None = None,
) -> Response:
    flows = schedule.under_way(page.session)
    return page.show(
        "pages/offboarding.html",
        ("Offboarding", page.request.url.path),
        counts=page.session.execute(_COUNTS).one(),
        scheduled=schedule.scheduled(page.session),
        flows=flows,
        days=GRACE_DAYS,
        name=name,
        reason=reason,
        mistake=mistake,
        no_reason=no_reason,
        status=422 if mistake or no_reason else 200,
    )
