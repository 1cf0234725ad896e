"""`landbridge members`: who works in a client account, as its admin decides."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from landbridge.cli.context import databases
from landbridge.cli.options import Json, OfAccount, Role
from landbridge.cli.output import OK, console, notices, print_json
from landbridge.cli.people import access, public_url, say, show_list
from landbridge.identity import account_settings, invitations, members
from landbridge.identity.permissions import role_of


def list_members(*, client_account: OfAccount, json: Json = False) -> int:
    """List the members of a client account.

    Example: landbridge members list --client-account Acme
    """
    with databases().app.open(access(client_account)) as session:
        found = members.members(session)
    rows = [
        {
            "user_id": str(m.user_id),
            "email": m.email,
            "name": m.display_name,
            "role": m.role,
            "until": m.until.isoformat() if m.until else None,
        }
        for m in found
    ]
    return show_list("members", rows, ("email", "name", "role", "until"), json=json)


def invite(
    email: str,
    /,
    *,
    client_account: OfAccount,
    role: Role = "viewer",
    days: int = 7,
    url: str | None = None,
    json: Json = False,
) -> int:
    """Invite somebody; prints a link for you to pass on. It works once.

    Example: landbridge members invite ada@example.com --client-account Acme --role analyst

    Parameters
    ----------
    email
        Whom the invitation is for.
    days
        Days after which the link ends; 30 at most.
    url
        Where people reach the web UI; LANDBRIDGE_PUBLIC_URL, or this machine when left out.
    """
    chosen = role_of(role)
    with databases().app.open(access(client_account)) as session:
        made, secret = invitations.invite(session, email, chosen, timedelta(days=days))
    link = public_url(url) + invitations.PATH + secret.text
    if json:
        print_json({"id": str(made), "email": email, "role": chosen.value, "url": link})
        return OK
    console().print(link, soft_wrap=True)
    notices().print("Pass it on now: it is not shown again.")
    return OK


def list_invitations(*, client_account: OfAccount, json: Json = False) -> int:
    """List the open invitations of a client account; never their links.

    Example: landbridge members invitations --client-account Acme
    """
    with databases().app.open(access(client_account)) as session:
        found = invitations.invitations(session)
    rows = [
        {
            "id": str(i.id),
            "email": i.email,
            "role": i.role,
            "invited_by": i.invited_by,
            "expires_at": i.expires_at.isoformat(),
        }
        for i in found
    ]
    columns = ("id", "email", "role", "invited_by", "expires_at")
    return show_list("invitations", rows, columns, json=json)


def withdraw(invitation_id: UUID, /, *, client_account: OfAccount, json: Json = False) -> int:
    """Take an invitation back: its link does not work any more.

    Example: landbridge members withdraw 0193… --client-account Acme

    Parameters
    ----------
    invitation_id
        The id of the invitation, as 'members invitations' shows it.
    """
    with databases().app.open(access(client_account)) as session:
        invitations.withdraw(session, invitation_id)
    return say({"id": str(invitation_id), "withdrawn": True}, "Taken back.", json=json)


def change_role(email: str, role: Role, /, *, client_account: OfAccount, json: Json = False) -> int:
    """Give a member another role, from their next request on.

    Example: landbridge members role ada@example.com approver --client-account Acme

    Parameters
    ----------
    email
        How the member is known.
    """
    chosen = role_of(role)
    with databases().app.open(access(client_account)) as session:
        members.change_role(session, members.member_of(session, email).user_id, chosen)
    done = {"email": email, "role": chosen.value}
    return say(done, f"{email} is {chosen} of {client_account}.", json=json)


def remove(email: str, /, *, client_account: OfAccount, json: Json = False) -> int:
    """Take a member's access away, from their next request on.

    Example: landbridge members remove ada@example.com --client-account Acme

    Parameters
    ----------
    email
        How the member is known.
    """
    with databases().app.open(access(client_account)) as session:
        members.remove(session, members.member_of(session, email).user_id)
    return say({"email": email, "removed": True}, f"{email} is no member any more.", json=json)


def four_eyes(*, client_account: OfAccount, on: bool | None = None, json: Json = False) -> int:
    """Show, or set with --on or --no-on, whether nobody may approve a flow that they started.

    Example: landbridge accounts four-eyes --client-account Acme --on

    Parameters
    ----------
    on
        Ask for four eyes, or no longer; only shown when left out.
    """
    with databases().app.open(access(client_account)) as session:
        if on is not None:
            account_settings.set_four_eyes(session, on)
        now = account_settings.four_eyes(session)
    word = "asks" if now else "does not ask"
    return say({"four_eyes": now}, f"{client_account} {word} for four eyes.", json=json)
