"""API keys of a client account."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel, Field, Strict

from landbridge.api.auth import AccountContext, in_account
from landbridge.api.bodies import WHOLE, Name, Sent
from landbridge.api.idempotency import Key, fingerprint, once_with_secret
from landbridge.api.schemas import PageOf, problems
from landbridge.api.secret_errors import ApiKeyMadeBefore
from landbridge.identity import api_keys
from landbridge.identity.errors import ApiKeyUnknown, NameInvalid
from landbridge.identity.permissions import Action, Role
from landbridge.kit.clock import now

router = APIRouter(
    prefix="/api/v1/client-accounts/{client_account_id}/api-keys",
    tags=["API keys"],
    responses=problems(),
)

Managing = Annotated[AccountContext, Depends(in_account(Action.MANAGE_API_KEYS), scope="function")]


class KeyOut(BaseModel):
    """An API key, without its secret."""

    id: str
    label: str
    role: Role
    created_at: datetime
    expires_at: datetime | None


class NewKey(Sent):
    """What a key is made from; without `days` it does not end by itself."""

    label: Name
    role: Role = Role.VIEWER
    days: Annotated[int, Strict(), Field(ge=1, le=3650), WHOLE] | None = None


class MadeKey(BaseModel):
    """A new key; `key` is shown this once."""

    id: str
    key: str
    role: Role
    expires_at: datetime | None


@router.get("", summary="API keys")
def list_keys(context: Managing) -> PageOf[KeyOut]:
    """Oldest first, never their secrets."""
    found = api_keys.keys(context.session)
    return PageOf(items=[KeyOut.model_validate(k, from_attributes=True) for k in found])


@router.post(
    "",
    summary="Create an API key",
    status_code=201,
    response_model=MadeKey,
    responses=problems(NameInvalid, ApiKeyMadeBefore),
)
def create_key(context: Managing, body: NewKey, key: Key) -> Response:
    """For a program: it opens this client account alone, with the role given. The secret cannot be
    told again: a repeat with the same Idempotency-Key is refused, and names the key that was made.
    """

    def make() -> tuple[str, MadeKey]:
        ends = now() + timedelta(days=body.days) if body.days else None
        made = api_keys.create(context.session, body.role, body.label, ends)
        told = MadeKey(id=made.public_id, key=made.text, role=body.role, expires_at=ends)
        return made.public_id, told

    asked = fingerprint(body.model_dump_json())
    return once_with_secret(
        context,
        key,
        "create_api_key",
        asked,
        make,
        lambda made: ApiKeyMadeBefore(key_id=made),
    )


@router.delete(
    "/{key_id}",
    summary="Revoke an API key",
    status_code=204,
    response_class=Response,
    responses=problems(ApiKeyUnknown),
)
def revoke_key(context: Managing, key_id: Annotated[str, Path(max_length=40)]) -> None:
    """It ends at once."""
    api_keys.revoke(context.session, key_id)
