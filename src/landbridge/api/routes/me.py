"""Who you are, and where you are signed in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel

from landbridge.api.auth import user_of
from landbridge.api.caller import AnyCaller
from landbridge.api.schemas import PageOf, problems
from landbridge.api.services import services_of
from landbridge.identity import own, recovery, sessions
from landbridge.identity.sign_in_errors import SessionUnknown

router = APIRouter(prefix="/api/v1/me", tags=["you"], responses=problems())


class Me(BaseModel):
    """The user behind the credential, and how they sign in."""

    user_id: UUID
    email: str
    display_name: str
    has_password: bool
    has_second_factor: bool
    recovery_codes_left: int
    may_create_accounts: bool


class SessionOut(BaseModel):
    """A browser in which you are signed in."""

    id: str
    label: str
    method: str | None
    created_at: datetime
    expires_at: datetime
    is_this: bool


@router.get("", summary="Who you are")
def show_me(request: Request, who: AnyCaller) -> Me:
    """The user behind this credential."""
    services = services_of(request)
    user = user_of(services, who)
    found = own.settings_of(services.databases.app, who.credential_hash)
    return Me(
        user_id=user.id,
        email=user.email,
        display_name=user.display_name,
        has_password=found.has_password,
        has_second_factor=found.has_second_factor,
        recovery_codes_left=recovery.left(services.databases.app, who.credential_hash),
        may_create_accounts=found.may_create_accounts,
    )


@router.get("/sessions", summary="Where you are signed in")
def list_sessions(request: Request, who: AnyCaller) -> PageOf[SessionOut]:
    """Browsers, newest first."""
    services = services_of(request)
    user_of(services, who)
    found = sessions.sessions(services.databases.app, who.credential_hash)
    return PageOf(items=[SessionOut.model_validate(s, from_attributes=True) for s in found])


@router.delete("/sessions", summary="Sign out everywhere", status_code=204, response_class=Response)
def end_sessions(request: Request, who: AnyCaller) -> None:
    """Every browser session of yours ends; API keys stay."""
    services = services_of(request)
    user_of(services, who)
    sessions.end_all_sessions(services.databases.app, who.credential_hash)


@router.delete(
    "/sessions/{session_id}",
    summary="Sign one browser out",
    status_code=204,
    response_class=Response,
    responses=problems(SessionUnknown),
)
def end_session(
    request: Request, who: AnyCaller, session_id: Annotated[str, Path(max_length=40)]
) -> None:
    """One session of yours ends."""
    services = services_of(request)
    user_of(services, who)
    sessions.end_session(services.databases.app, who.credential_hash, session_id)
