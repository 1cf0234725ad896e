"""What a client account asks of everybody who works in it."""

from __future__ import annotations

from sqlalchemy import select, text

from landbridge.database.session import TenantSession
from landbridge.identity.models import ClientAccount
from landbridge.identity.permissions import Action, require


def four_eyes(session: TenantSession) -> bool:
    """Whether nobody may approve a flow that they started."""
    return bool(session.scalar(select(ClientAccount.four_eyes)))


def set_four_eyes(session: TenantSession, wanted: bool) -> None:
    """Ask for four eyes, or no longer.

    Raises:
        PermissionDenied: the role may not change settings.
    """
    require(session, Action.MANAGE_ACCOUNT)
    session.execute(text("select app.set_four_eyes(:wanted)"), {"wanted": wanted})
