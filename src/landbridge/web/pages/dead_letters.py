"""The page of what failed for good in a client account, with a button to try it again."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from landbridge.assembly import dead_letters
from landbridge.assembly.dead_letters import AT_ONCE, Kind, Named, Outcome
from landbridge.web.context import AccountPage, ControlAccount, ViewAccount

router = APIRouter(prefix="/accounts/{client_account_id}/dead-letters", include_in_schema=False)

Chosen = Annotated[list[str] | None, Form()]


@router.get("")
def list_dead_letters(page: ViewAccount, kind: str = "", cursor: str | None = None) -> Response:
    """What failed last comes first."""
    return _show(page, kind, cursor or None, [])


@router.post("")
def replay(page: ControlAccount, letter: Chosen = None, kind: str = "") -> Response:
    """Try those chosen again; what is refused is said above the list."""
    chosen = [named for text in (letter or [])[:AT_ONCE] if (named := _named(text)) is not None]
    outcomes = dead_letters.replay(page.session, page.context.services.orchestrator, chosen)
    refused = [outcome for outcome in outcomes if not outcome.replayed]
    if refused:
        return _show(page, kind, None, refused)
    return RedirectResponse(page.place.url("dead-letters"), status_code=303)


def _show(page: AccountPage, kind: str, cursor: str | None, refused: list[Outcome]) -> Response:
    wanted = Kind(kind) if kind in set(Kind) else None
    found = dead_letters.listed(page.session, kind=wanted, cursor=cursor)
    return page.show(
        "pages/dead_letters.html",
        letters=found.items,
        following=found.next,
        counts=dead_letters.counts(page.session),
        kinds=list(Kind),
        wanted=wanted,
        continued=cursor is not None,
        refused=refused,
    )


def _named(text: str) -> Named | None:
    """What a ticked box says: kind and id."""
    kind, _, given = text.partition(":")
    try:
        return Named(kind=Kind(kind), id=UUID(given))
    except ValueError:
        return None
