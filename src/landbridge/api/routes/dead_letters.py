"""What failed for good in a client account, and its replay."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from landbridge.api.auth import AccountContext, in_account
from landbridge.api.bodies import Sent
from landbridge.api.routes.webhooks import PREFIX
from landbridge.api.schemas import PAGE, Cursor, Limit, PageOf, problems
from landbridge.assembly import dead_letters
from landbridge.assembly.dead_letters import AT_ONCE, DeadLetter, Kind, Named, Outcome
from landbridge.identity.permissions import Action
from landbridge.kit.pagination import InvalidCursor

router = APIRouter(prefix=PREFIX + "/dead-letters", tags=["dead letters"])

Seeing = Annotated[AccountContext, Depends(in_account(Action.VIEW), scope="function")]
Acting = Annotated[AccountContext, Depends(in_account(Action.CONTROL_FLOW), scope="function")]


class Replay(Sent):
    """Which to replay: named ones, or the newest 100 that the filters leave."""

    letters: list[Named] | None = Field(default=None, min_length=1, max_length=AT_ONCE)
    kind: Kind | None = None
    code: str | None = Field(default=None, max_length=100)


class Replayed(BaseModel):
    """What became of each, and how many of both kinds are left."""

    items: list[Outcome]
    left: int


@router.get("", summary="What failed for good", responses=problems(InvalidCursor))
def list_dead_letters(
    context: Seeing,
    kind: Kind | None = None,
    code: Annotated[str | None, Query(max_length=100)] = None,
    limit: Limit = PAGE,
    cursor: Cursor = None,
) -> PageOf[DeadLetter]:
    """Flows that failed, and messages of webhooks that were given up; what failed last first."""
    page = dead_letters.listed(context.session, kind=kind, code=code, limit=limit, cursor=cursor)
    return PageOf(items=page.items, next=page.next)


@router.post("/replay", summary="Try them again", responses=problems())
def replay(context: Acting, body: Replay) -> Replayed:
    """Each as if by its own address; one that is refused says why and holds up none. Sent again, a
    request finds what it replayed gone from the list or refused, and changes nothing.
    """
    session = context.session
    chosen = body.letters
    if chosen is None:
        page = dead_letters.listed(session, kind=body.kind, code=body.code, limit=AT_ONCE)
        chosen = [Named(kind=d.kind, id=d.id) for d in page.items]
    items = dead_letters.replay(session, context.services.orchestrator, chosen)
    return Replayed(items=items, left=sum(dead_letters.counts(session).values()))
