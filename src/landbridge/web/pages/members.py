"""Members of a client account, and invitations into it."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from landbridge.api.addresses import public_address
from landbridge.identity import break_glass, invitations, members
from landbridge.identity.errors import EmailInvalid
from landbridge.identity.member_errors import AlreadyMember
from landbridge.identity.permissions import Role, role_of
from landbridge.web.context import AccountPage, ManageMembers
from landbridge.web.failures import beside

router = APIRouter(prefix="/accounts/{client_account_id}", include_in_schema=False)

RoleName = Annotated[str, Form(max_length=20)]


@router.get("/members")
def show_members(page: ManageMembers) -> Response:
    """Who may work here, who is invited, and which operators came in."""
    return _members(page)


@router.post("/invitations")
def invite(
    page: ManageMembers,
    email: Annotated[str, Form(max_length=400)] = "",
    role: RoleName = Role.VIEWER.value,
) -> Response:
    """Make a link to pass on, and show it this once."""
    try:
        _, secret = invitations.invite(page.session, email, role_of(role))
    except (EmailInvalid, AlreadyMember) as error:
        beside(error)
        mistake = f"{error.detail} {error.advice}"
        return _members(page, error.status, email=email, role=role, mistake=mistake)
    link = f"{public_address(page.request)}{invitations.PATH}{secret.text}"
    return _members(page, invited=email.strip(), link=link)


@router.post("/invitations/{invitation_id}/withdraw")
def withdraw(page: ManageMembers, invitation_id: UUID) -> Response:
    """Take an invitation back."""
    invitations.withdraw(page.session, invitation_id)
    return _back(page)


@router.post("/members/{user_id}/role")
def change_role(page: ManageMembers, user_id: UUID, role: RoleName = "") -> Response:
    """Give a member another role."""
    known = members.member(page.session, user_id)
    members.change_role(page.session, known.user_id, role_of(role))
    return _back(page)


@router.post("/members/{user_id}/remove")
def remove(page: ManageMembers, user_id: UUID) -> Response:
    """Take a member's access away."""
    members.remove(page.session, user_id)
    return _back(page)


def _back(page: AccountPage) -> Response:
    return RedirectResponse(f"/accounts/{page.place.account_id}/members", status_code=303)


def _members(page: AccountPage, status: int = 200, **given: Any) -> Response:
    shown = {"email": "", "role": "viewer", "mistake": None, "invited": None, "link": None, **given}
    return page.show(
        "pages/members.html",
        ("Members", f"/accounts/{page.place.account_id}/members"),
        status=status,
        members=members.members(page.session),
        invitations=invitations.invitations(page.session),
        accesses=break_glass.accesses(page.session),
        role_choices=[(role.value, role.capitalize()) for role in Role],
        **shown,
    )
