"""API keys of a client account."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from landbridge.identity import api_keys
from landbridge.identity.errors import NameInvalid
from landbridge.identity.permissions import Role, role_of
from landbridge.kit.clock import now
from landbridge.web.context import AccountPage, ManageKeys
from landbridge.web.failures import beside

router = APIRouter(prefix="/accounts/{client_account_id}/keys", include_in_schema=False)


@router.get("")
def show_keys(page: ManageKeys) -> Response:
    """Every key, without its secret."""
    return _keys(page)


@router.post("")
def create_key(
    page: ManageKeys,
    label: Annotated[str, Form(max_length=400)] = "",
    role: Annotated[str, Form(max_length=20)] = Role.VIEWER.value,
    days: Annotated[int, Form(ge=0, le=3650)] = 0,
) -> Response:
    """Make a key, and show it this once."""
    ends = now() + timedelta(days=days) if days else None
    try:
        secret = api_keys.create(page.session, role_of(role), label, ends)
    except NameInvalid as error:
        beside(error)
        return _keys(page, error.status, label=label, role=role, mistake=error.advice)
    return _keys(page, key=secret.text)


@router.post("/{key_id}/revoke")
def revoke_key(page: ManageKeys, key_id: str) -> Response:
    """End a key at once."""
    api_keys.revoke(page.session, key_id)
    return RedirectResponse(f"/accounts/{page.place.account_id}/keys", status_code=303)


def _keys(page: AccountPage, status: int = 200, **given: Any) -> Response:
    shown = {"label": "", "role": "viewer", "mistake": None, "key": None, **given}
    return page.show(
        "pages/keys.html",
        ("API keys", f"/accounts/{page.place.account_id}/keys"),
        status=status,
        keys=api_keys.keys(page.session),
        role_choices=[(role.value, role.capitalize()) for role in Role],
        **shown,
    )
