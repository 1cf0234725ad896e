"""What a client account has learned about columns, with a button to forget it."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from landbridge.discovery.mapping import service
from landbridge.identity.permissions import Action
from landbridge.web.context import EditMappings, ViewAccount

router = APIRouter(prefix="/accounts/{client_account_id}/learned-mappings", include_in_schema=False)


@router.get("")
def list_learned(page: ViewAccount, cursor: str | None = None) -> Response:
    """By column name and source."""
    path = f"/accounts/{page.place.account_id}/learned-mappings"
    found = service.list_learned(page.session, cursor=cursor or None)
    return page.show(
        "pages/learned.html",
        ("Learned mappings", path),
        learned=found.items,
        following=found.next,
        path=path,
        may_forget=page.may(Action.EDIT_MAPPING),
    )


@router.post("/{learned_id}/forget")
def forget(page: EditMappings, learned_id: UUID) -> Response:
    """Later imports are suggested for again; what is decided stays."""
    service.forget_learned(page.session, learned_id)
    path = f"/accounts/{page.place.account_id}/learned-mappings"
    return RedirectResponse(path, status_code=303)
