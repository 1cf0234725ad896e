"""The error centre: for operators over all client accounts, for members over their own."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from pydantic import Field

from landbridge.api.auth import AccountContext, in_account, user_of
from landbridge.api.bodies import Moment, Sent
from landbridge.api.caller import AnyCaller, Caller
from landbridge.api.schemas import PageOf, problems
from landbridge.api.services import services_of
from landbridge.centre import own, service, story
from landbridge.centre.desk import OperatorDesk
from landbridge.centre.errors import ErrorNotCounted, MuteHasNoEnd, TraceUnknown
from landbridge.centre.models import (
    AccountErrorDetail,
    Centre,
    Counted,
    ErrorDetail,
    ErrorGroup,
    State,
    Story,
)
from landbridge.errors.catalogue import Category
from landbridge.identity.permissions import Action

router = APIRouter(prefix="/api/v1", tags=["errors"])

Code = Annotated[str, Path(max_length=63)]
TraceId = Annotated[str, Path(max_length=64, description="32 hexadecimal digits.")]
Reading = Annotated[AccountContext, Depends(in_account(Action.READ_ERRORS), scope="function")]
Viewing = Annotated[AccountContext, Depends(in_account(Action.VIEW), scope="function")]


class StateChange(Sent):
    """What an operator says of an error."""

    state: State
    note: str = Field(default="", max_length=1000)
    until: Moment | None = Field(default=None, description="The end of a mute.")


def desk_of(request: Request, who: Caller) -> OperatorDesk:
    """The desk of an operator.

    Raises:
        SignInRequired: the credential is unknown or has ended.
        NotFound: its holder is no operator.
    """
    services = services_of(request)
    user_of(services, who)
    return OperatorDesk(services.databases.app, who.credential_hash)


@router.get("/operator/errors", summary="Errors of all client accounts", responses=problems())
def show_centre(
    request: Request,
    who: AnyCaller,
    state: State | None = None,
    category: Category | None = None,
    q: Annotated[str, Query(max_length=200)] = "",
) -> Centre:
    """For operators: by code, the one that occurred last first."""
    return service.centre(desk_of(request, who), state=state or "", category=category or "", q=q)


@router.get(
    "/operator/errors/{code}",
    summary="One error in all client accounts",
    responses=problems(ErrorNotCounted),
)
def show_error(request: Request, who: AnyCaller, code: Code) -> ErrorDetail:
    """For operators: where, in which accounts, on how many flows, and traces to follow."""
    return service.detail(desk_of(request, who), code)


@router.put(
    "/operator/errors/{code}/state",
    summary="Acknowledge, mute, resolve or reopen an error",
    responses=problems(ErrorNotCounted, MuteHasNoEnd),
)
def change_state(request: Request, who: AnyCaller, code: Code, body: StateChange) -> ErrorGroup:
    """For operators. A resolved error opens again when it comes back, a muted one in the end."""
    desk = desk_of(request, who)
    return service.decide(desk, code, body.state, note=body.note, until=body.until)


@router.get(
    "/operator/traces/{trace_id}",
    summary="The story of a trace id",
    responses=problems(TraceUnknown),
)
def show_trace(request: Request, who: AnyCaller, trace_id: TraceId) -> Story:
    """For operators: everything with this trace id, over all client accounts."""
    return story.of_all(desk_of(request, who), trace_id)


@router.get(
    "/client-accounts/{client_account_id}/errors",
    summary="Errors of a client account",
    responses=problems(),
)
def list_errors(context: Reading, client_account_id: UUID) -> PageOf[Counted]:
    """By code, the one that occurred last first."""
    return PageOf(items=own.groups(context.session))


@router.get(
    "/client-accounts/{client_account_id}/errors/{code}",
    summary="One error of a client account",
    responses=problems(ErrorNotCounted),
)
def show_own_error(context: Reading, client_account_id: UUID, code: Code) -> AccountErrorDetail:
    """Where it occurred, and traces to follow."""
    return own.detail(context.session, code)


@router.get(
    "/client-accounts/{client_account_id}/traces/{trace_id}",
    summary="The account's part of a trace",
    responses=problems(TraceUnknown),
)
def show_own_trace(context: Viewing, client_account_id: UUID, trace_id: TraceId) -> Story:
    """Everything in this client account that has this trace id, in the order of time."""
    given = story.well_formed(trace_id)
    return story.told(given, own.moments(context.session, given, ""))
