"""What a client account has learned about columns: see it, take it along, forget it."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from landbridge.api.auth import AccountContext, in_account
from landbridge.api.schemas import PAGE, Cursor, Limit, PageOf, problems
from landbridge.discovery.mapping import service
from landbridge.discovery.mapping.service import LearnedRule
from landbridge.identity.permissions import Action
from landbridge.kit.pagination import InvalidCursor

router = APIRouter(
    prefix="/api/v1/client-accounts/{client_account_id}/learned-mappings", tags=["mappings"]
)

Viewing = Annotated[AccountContext, Depends(in_account(Action.VIEW), scope="function")]
Editing = Annotated[AccountContext, Depends(in_account(Action.EDIT_MAPPING), scope="function")]


@router.get("", summary="What was learned about columns", responses=problems(InvalidCursor))
def list_learned(
    context: Viewing, limit: Limit = PAGE, cursor: Cursor = None
) -> PageOf[LearnedRule]:
    """Decisions of people, by column name and source; they come first in later imports."""
    page = service.list_learned(context.session, limit=limit, cursor=cursor)
    return PageOf(items=page.items, next=page.next)


@router.delete(
    "/{learned_id}", summary="Forget what was learned", status_code=204, responses=problems()
)
def forget(context: Editing, learned_id: UUID) -> Response:
    """Mappings that were decided already stay."""
    service.forget_learned(context.session, learned_id)
    return Response(status_code=204)
