"""The rules by which an account recommends migration strategies, to read and to edit."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

from landbridge.assessment.sixr import rulebooks
from landbridge.assessment.sixr.errors import StrategyRulesInvalid
from landbridge.assessment.sixr.facts import FACTS
from landbridge.assessment.sixr.rules import LONGEST
from landbridge.identity.permissions import Action
from landbridge.web.context import AccountPage, EditStrategyRules, ViewAccount
from landbridge.web.failures import beside

router = APIRouter(prefix="/accounts/{client_account_id}/strategy-rules", include_in_schema=False)


@router.get("")
def show_rules(page: ViewAccount) -> HTMLResponse:
    """The rules in use, readable, with every change of them."""
    return _shown(page)


@router.post("")
def change_rules(
    page: EditStrategyRules,
    content: Annotated[str, Form(max_length=2 * LONGEST)] = "",
    note: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """Use other rules; what cannot be used is shown again with the reason."""
    text = content.replace("\r\n", "\n")
    try:
        rulebooks.change(page.session, text, note.strip())
    except StrategyRulesInvalid as refused:
        return _shown(page, text, beside(refused).problem(), refused.status)
    return RedirectResponse(_path(page), status_code=303)


@router.post("/reset")
def reset_rules(
    page: EditStrategyRules, rules_id: Annotated[UUID | None, Form()] = None
) -> Response:
    """Use the shipped rules again, or those of an earlier version."""
    if rules_id is None:
        rulebooks.back_to_shipped(page.session)
    else:
        rulebooks.restore(page.session, rules_id)
    return RedirectResponse(_path(page), status_code=303)


def _path(page: AccountPage) -> str:
    return f"/accounts/{page.place.account_id}/strategy-rules"


def _shown(
    page: AccountPage,
    content: str | None = None,
    refused: dict[str, Any] | None = None,
    status: int = 200,
) -> HTMLResponse:
    used = rulebooks.in_use(page.session)
    try:
        rules = used.book.rules
    except StrategyRulesInvalid as outdated:
        rules, refused = (), refused or beside(outdated).problem()
    return page.show(
        "pages/strategy_rules.html",
        ("Strategy rules", _path(page)),
        status=status,
        path=_path(page),
        rules=rules,
        content=used.text if content is None else content,
        refused=refused,
        versions=rulebooks.versions(page.session),
        facts=FACTS.values(),
        may_edit=page.may(Action.PLAN_MIGRATION),
    )
