"""Engagements of the open client account."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from landbridge.database.session import TenantSession
from landbridge.identity.errors import EngagementUnknown
from landbridge.identity.models import Engagement
from landbridge.identity.names import valid_name
from landbridge.identity.permissions import Action, require
from landbridge.kit.ids import new_id


def ensure_engagement(session: TenantSession, name: str) -> UUID:
    """The engagement of this name in the open account, created when missing.

    Raises:
        PermissionDenied: it is missing and the role may not create one.
        NameInvalid: the name is empty, too long, or has control characters.
    """
    name = valid_name(name)
    found = session.query(Engagement.id).filter_by(name=name).scalar()
    if found is not None:
        return UUID(str(found))
    require(session, Action.CREATE_ENGAGEMENT)
    session.execute(
        insert(Engagement).values(id=new_id(), name=name, settings={}).on_conflict_do_nothing()
    )
    return find_engagement(session, name)


def find_engagement(session: TenantSession, name: str) -> UUID:
    """The engagement of this name in the open account.

    Raises:
        EngagementUnknown: there is none.
    """
    found = session.query(Engagement.id).filter_by(name=name.strip()).scalar()
    if found is None:
        raise EngagementUnknown(name=name)
    return UUID(str(found))


def engagement_names(session: TenantSession) -> list[str]:
    """The names of all engagements of the open account, in order."""
    return [name for (name,) in session.query(Engagement.name).order_by(Engagement.name)]
