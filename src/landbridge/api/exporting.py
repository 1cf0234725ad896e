"""Data that leaves: the audit log says so, in a transaction of its own, before the first byte."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Request

from landbridge.api.auth import AccountContext, EngagementContext, engagement_in, opened
from landbridge.api.caller import AnyCaller, Caller
from landbridge.api.services import services_of
from landbridge.audit.recording import AUDIT_EXPORTED, EXPORT_READ, record
from landbridge.identity.permissions import Action

QUERY_KEPT: Final = 1000


def account_export(action: Action) -> Callable[..., Iterator[AccountContext]]:
    """A dependency for files about a whole client account, open until the last byte is sent."""

    def dependency(
        request: Request, who: AnyCaller, client_account_id: UUID
    ) -> Iterator[AccountContext]:
        _record(request, who, client_account_id, None, action, AUDIT_EXPORTED)
        with opened(services_of(request), who, client_account_id, action) as context:
            yield context

    return dependency


def engagement_export(
    request: Request, who: AnyCaller, client_account_id: UUID, engagement_id: UUID
) -> Iterator[EngagementContext]:
    """A dependency for files of an engagement, open until the last byte is sent."""
    _record(request, who, client_account_id, engagement_id, Action.EXPORT, EXPORT_READ)
    with opened(services_of(request), who, client_account_id, Action.EXPORT) as context:
        yield engagement_in(context, engagement_id)


def _record(
    request: Request,
    who: Caller,
    client_account_id: UUID,
    engagement_id: UUID | None,
    action: Action,
    entry: str,
) -> None:
    """What is asked for, by its address inside the account or engagement."""
    base = str(engagement_id or client_account_id)
    what = request.url.path.partition(base)[2].strip("/")
    with opened(services_of(request), who, client_account_id, action) as context:
        if engagement_id is not None:
            engagement_in(context, engagement_id)
        query = request.url.query[:QUERY_KEPT]
        record(
            context.session,
            entry,
            "export",
            what,
            engagement_id=engagement_id,
            detail={"query": query} if query else None,
        )


CanExport = Annotated[EngagementContext, Depends(engagement_export, scope="request")]
