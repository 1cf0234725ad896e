"""What a client account asks of everybody who works in it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from landbridge.identity import account_settings, break_glass
from landbridge.web.context import ManageAccount, ViewAccount

router = APIRouter(prefix="/accounts/{client_account_id}/settings", include_in_schema=False)


@router.get("")
def show_settings(page: ViewAccount) -> Response:
    """The settings; only admins change them."""
    return page.show(
        "pages/account_settings.html",
        ("Settings", f"/accounts/{page.place.account_id}/settings"),
        four_eyes=account_settings.four_eyes(page.session),
        accesses=break_glass.accesses(page.session),
    )


@router.post("")
def change_settings(page: ManageAccount, four_eyes: Annotated[bool, Form()] = False) -> Response:
    """Change them, from the next decision on."""
    account_settings.set_four_eyes(page.session, four_eyes)
    return RedirectResponse(f"/accounts/{page.place.account_id}/settings", status_code=303)
