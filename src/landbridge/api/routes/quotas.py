"""How much a client account may have, and how much it has."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, Strict

from landbridge.api.auth import AccountContext, in_account, user_of
from landbridge.api.bodies import MOST, WHOLE, Sent
from landbridge.api.caller import AnyCaller
from landbridge.api.schemas import PageOf, problems
from landbridge.api.services import services_of
from landbridge.identity import quotas
from landbridge.identity.permissions import Action
from landbridge.identity.quotas import Quota, QuotaUse

router = APIRouter(prefix="/api/v1", tags=["quotas"])

Viewing = Annotated[AccountContext, Depends(in_account(Action.VIEW), scope="function")]


class QuotaLimit(Sent):
    """The most that the account may have; null for no limit."""

    limit: Annotated[int, Strict(), Field(ge=0, le=MOST), WHOLE] | None


@router.get(
    "/client-accounts/{client_account_id}/quotas",
    summary="Quotas of a client account",
    responses=problems(),
)
def list_quotas(context: Viewing) -> PageOf[QuotaUse]:
    """Each with its limit and what is used of it."""
    return PageOf(items=quotas.use(context.session))


@router.put(
    "/operator/client-accounts/{client_account_id}/quotas/{quota}",
    summary="Set a quota",
    status_code=204,
    response_class=Response,
    responses=problems(),
)
def set_quota(
    request: Request, who: AnyCaller, client_account_id: UUID, quota: Quota, body: QuotaLimit
) -> None:
    """For those who may create client accounts. The audit log of the account tells it. What is
    there already stays, also when it is more than the new limit.
    """
    services = services_of(request)
    user_of(services, who)
    quotas.set_by_operator(
        services.databases.app, who.credential_hash, client_account_id, quota, body.limit
    )
