"""The rules by which an account recommends migration strategies."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from landbridge.api.auth import AccountContext, in_account
from landbridge.api.bodies import Sent
from landbridge.api.schemas import problems
from landbridge.assessment.sixr import rulebooks
from landbridge.assessment.sixr.errors import StrategyRulesInvalid
from landbridge.assessment.sixr.rulebooks import RulesVersion
from landbridge.assessment.sixr.rules import LONGEST
from landbridge.errors.common import NotFound
from landbridge.identity.permissions import Action

router = APIRouter(
    prefix="/api/v1/client-accounts/{client_account_id}/strategy-rules",
    tags=["assessment"],
    responses=problems(),
)

Viewing = Annotated[AccountContext, Depends(in_account(Action.VIEW), scope="function")]
Planning = Annotated[AccountContext, Depends(in_account(Action.PLAN_MIGRATION), scope="function")]


class RulesInUse(BaseModel):
    """The rules that count now.

    Attributes:
        version: 0 as long as nobody changed them.
        shipped: they are those that came with this release.
        content: TOML.
        versions: all changes, the newest first.
    """

    version: int
    shipped: bool
    content: str
    versions: list[RulesVersion]


class NewRules(Sent):
    """Rules as TOML, and why they were changed."""

    content: str = Field(min_length=1, max_length=LONGEST)
    note: str = Field(default="", max_length=500)


@router.get("", summary="The rules in use")
def show_rules(context: Viewing) -> RulesInUse:
    """The text, and every change of it."""
    used = rulebooks.in_use(context.session)
    versions = rulebooks.versions(context.session)
    shipped = versions[0].shipped if versions else True
    return RulesInUse(version=used.version, shipped=shipped, content=used.text, versions=versions)


@router.put("", summary="Use other rules", responses=problems(StrategyRulesInvalid))
def change_rules(context: Planning, body: NewRules) -> RulesInUse:
    """They are checked first. The next assessment uses them; recommendations keep their version."""
    rulebooks.change(context.session, body.content, body.note)
    return show_rules(context)


@router.post("/reset", summary="Use the shipped rules again")
def reset_rules(context: Planning) -> RulesInUse:
    """As a new version: nothing is lost."""
    rulebooks.back_to_shipped(context.session)
    return show_rules(context)


@router.post(
    "/{strategy_rules_id}/restore",
    summary="Use an earlier version again",
    responses=problems(NotFound),
)
def restore_rules(context: Planning, strategy_rules_id: UUID) -> RulesInUse:
    """As a new version."""
    rulebooks.restore(context.session, strategy_rules_id)
    return show_rules(context)
