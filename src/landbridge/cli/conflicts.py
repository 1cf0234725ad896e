"""`landbridge conflicts`: what sources disagree about, and what people decide."""

from __future__ import annotations

from typing import Annotated, Final, Literal
from uuid import UUID

from cyclopts import Parameter

from landbridge.assembly.platform import opened
from landbridge.cli.options import Json, TheAccount, TheEngagement
from landbridge.cli.output import OK, console, print_json
from landbridge.cli.people import show_list
from landbridge.cli.selection import selected_engagement
from landbridge.database.listing import Wanted
from landbridge.discovery.inventory import queries, service

ConflictId = Annotated[UUID, Parameter(help="The conflict, as 'conflicts list' shows it.")]
_COLUMNS: Final = ("id", "asset_name", "attribute", "status", "chosen", "candidates")
_AT_ONCE: Final = 500


def list_conflicts(
    *,
    status: Literal["open", "resolved"] | None = None,
    client_account: TheAccount = None,
    engagement: TheEngagement = None,
    json: Json = False,
) -> int:
    """List attributes for which sources say different things, and possible duplicates.

    Example: landbridge conflicts list --status open

    Parameters
    ----------
    status
        Only those that wait, or only those that were decided.
    """
    rows: list[dict[str, object]] = []
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            cursor: str | None = None
            while True:
                wanted = Wanted({"status": status or ""}, limit=_AT_ONCE, cursor=cursor)
                page = queries.conflicts(session, engagement_id, wanted)
                rows += [row.model_dump(mode="json") for row in page.items]
                if (cursor := page.next) is None:
                    break
    return show_list("conflicts", rows, _COLUMNS, json=json)


def decide(
    conflict_id: ConflictId,
    value: str,
    /,
    *,
    client_account: TheAccount = None,
    engagement: TheEngagement = None,
    json: Json = False,
) -> int:
    """Choose the value of an attribute; imports keep it until a source says something new.

    Example: landbridge conflicts decide 0198c0de-0000-7000-8000-000000000000 8

    Parameters
    ----------
    value
        One of the candidates, or another of the same type.
    """
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            chosen = service.as_stated(session, engagement_id, conflict_id, value)
            status = service.decide(session, engagement_id, conflict_id, chosen).status
    return _said(conflict_id, status, json=json)


def keep_both(
    conflict_id: ConflictId,
    /,
    *,
    client_account: TheAccount = None,
    engagement: TheEngagement = None,
    json: Json = False,
) -> int:
    """Say that possible duplicates are different assets.

    Example: landbridge conflicts keep-both 0198c0de-0000-7000-8000-000000000000
    """
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            status = service.keep_both(session, engagement_id, conflict_id).status
    return _said(conflict_id, status, json=json)


def reopen(
    conflict_id: ConflictId,
    /,
    *,
    client_account: TheAccount = None,
    engagement: TheEngagement = None,
    json: Json = False,
) -> int:
    """Take a decision back; the asset is what its sources say again.

    Example: landbridge conflicts reopen 0198c0de-0000-7000-8000-000000000000
    """
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            status = service.reopen(session, engagement_id, conflict_id)
    return _said(conflict_id, status, json=json)


def _said(conflict_id: UUID, status: str, *, json: bool) -> int:
    if json:
        print_json({"id": str(conflict_id), "status": status})
    else:
        console().print(f"Conflict {conflict_id}: {status}")
    return OK
