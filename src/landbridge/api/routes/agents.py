"""What a client account allows agents, and what they took."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field, Strict

from landbridge.agents import policies, usage
from landbridge.agents.policies import Policy
from landbridge.agents.sharing import Share
from landbridge.agents.usage import AccountUsage, By, Call
from landbridge.api.auth import AccountContext, in_account
from landbridge.api.bodies import WHOLE, Sent, Truth
from landbridge.api.schemas import PAGE, Cursor, Limit, PageOf, problems
from landbridge.identity.permissions import Action
from landbridge.kit.pagination import InvalidCursor

router = APIRouter(
    prefix="/api/v1/client-accounts/{client_account_id}/agents",
    tags=["agents"],
    responses=problems(),
)

Viewing = Annotated[AccountContext, Depends(in_account(Action.VIEW), scope="function")]
Managing = Annotated[AccountContext, Depends(in_account(Action.MANAGE_ACCOUNT), scope="function")]
Days = Annotated[int, Query(ge=1, le=400, description="Days before now.")]


class AgentPolicy(Sent):
    """What the account allows: whether agents are asked, how much of the values may be sent, and
    for how many days an answer is used again.
    """

    enabled: Truth
    share: Share
    cache_days: Annotated[int, Strict(), Field(ge=0, le=365), WHOLE]


@router.get("/policy", summary="What the account allows agents")
def show_policy(context: Viewing) -> Policy:
    """Agents are off until an admin allows them."""
    return policies.policy_of(context.session)


@router.put("/policy", summary="Change what the account allows agents")
def change_policy(context: Managing, body: AgentPolicy) -> Policy:
    """From the next question on. The audit log tells it."""
    policy = Policy(**body.model_dump())
    policies.set_policy(context.session, policy)
    return policy


@router.get("/usage", summary="What agents were asked and what it cost")
def show_usage(context: Viewing, days: Days = 30, by: By = By.TASK) -> AccountUsage:
    """Costs are in millionths of a US dollar, by the price table of the deployment."""
    return usage.usage(context.session, days, by)


@router.get("/calls", summary="The questions to agents", responses=problems(InvalidCursor))
def list_calls(context: Viewing, limit: Limit = PAGE, cursor: Cursor = None) -> PageOf[Call]:
    """Newest first, without their texts."""
    page = usage.calls(context.session, limit=limit, cursor=cursor)
    return PageOf(items=page.items, next=page.next)
