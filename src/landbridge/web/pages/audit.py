"""The audit log of a client account, and whether it is still what was written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import text
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from landbridge.api.downloads import attachment
from landbridge.audit import listing, service
from landbridge.audit.errors import AuditFilterInvalid
from landbridge.audit.verify import MEANING
from landbridge.audit.words import ACTIONS, action_words
from landbridge.errors.common import NotFound
from landbridge.kit.pagination import Page
from landbridge.web.context import AccountPage, ReadAudit
from landbridge.web.failures import beside
from landbridge.web.lists import ListView

ROOT: Final = "/accounts/{client_account_id}/audit"
router = APIRouter(prefix=ROOT, include_in_schema=False)

_PEOPLE = text("select email from app.members() order by lower(email)")
_ENGAGEMENTS = text("select id, name from app.engagements")


@router.get("")
def show_log(page: ReadAudit) -> Response:
    """Who did what, narrowed and paged by the server."""
    return _log(page)


@router.get("/verification")
def verify(page: ReadAudit) -> Response:
    """Recompute the chain, and say what was found."""
    found = service.verify(page.session, page.context.services.settings)
    return page.show(
        "pages/audit_verification.html",
        ("Audit log", page.place.url("audit")),
        ("Verification", page.place.url("audit/verification")),
        found=found,
        meaning=MEANING,
        keys=service.public_keys(page.context.services.settings),
    )


@router.post("/checkpoints")
def sign(page: ReadAudit) -> Response:
    """Have the chain signed as it is now."""
    service.checkpoint(page.session, page.context.services.settings)
    return RedirectResponse(page.place.url("audit"), status_code=303)


@router.get("/checkpoints/{seq}.note")
def checkpoint_file(page: ReadAudit, client_account_id: UUID, seq: int) -> Response:
    """A signed checkpoint, to be kept by whoever wants to verify later."""
    note = service.stored_checkpoint(page.session, seq)
    if note is None:
        raise NotFound
    return PlainTextResponse(note, headers=attachment(f"audit-{client_account_id}-{seq}.note"))


def _log(page: AccountPage) -> Response:
    naming: dict[str, Callable[[str], str]] = dict.fromkeys(listing.ENTRIES.filters, str)
    naming["action"] = action_words
    view = ListView.of(page.request, listing.ENTRIES, **naming)
    mistake = None
    found: Page[listing.AuditEntryOut] = Page([])
    try:
        found = listing.entries(page.session, view.wanted)
    except AuditFilterInvalid as error:
        mistake = beside(error)
    view.following = found.next
    return page.show(
        "pages/audit.html",
        ("Audit log", view.path),
        section="audit",
        view=view,
        rows=[_row(entry) for entry in found.items],
        mistake=mistake,
        chain=service.summary(page.session),
        actions=[("", "Everything"), *((key, words) for key, words in ACTIONS.items())],
        people=[("", "Everybody"), *((row.email, row.email) for row in _people(page))],
        engagements={row.id: row.name for row in page.session.execute(_ENGAGEMENTS)},
    )


def _people(page: AccountPage) -> Any:
    return page.session.execute(_PEOPLE)


def _row(entry: listing.AuditEntryOut) -> dict[str, Any]:
    """An entry as the page shows it: what it says, in words."""
    actor, origin = entry.actor, entry.origin or {}
    kinds = {"worker": "A worker", "operator": "An operator", "system": "The program"}
    return {
        "entry": entry,
        "what": action_words(entry.action),
        "who": actor.get("email") or kinds.get(actor["kind"], actor["kind"]),
        "role": actor.get("role") or actor.get("name") or "",
        "address": origin.get("address") or "",
        "via": {"http": "Web or API", "cli": "Command line", "worker": "Worker"}.get(
            origin.get("via", ""), ""
        ),
        "unsealed": origin.get("verified") is False,
        "origin": origin,
    }
