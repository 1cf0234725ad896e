"""`landbridge inventory edit`: assets edited by hand, many at once, and taken back as a whole."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from cyclopts import Parameter

from landbridge.assembly.platform import opened
from landbridge.cli.options import Json, TheAccount, TheEngagement
from landbridge.cli.output import OK, console, print_json
from landbridge.cli.people import show_list
from landbridge.cli.selection import selected_engagement
from landbridge.database.listing import Wanted
from landbridge.discovery.inventory import edit_queries, editing
from landbridge.discovery.inventory.edit_errors import NothingSelected
from landbridge.discovery.inventory.selecting import Selection
from landbridge.identity.permissions import Action, require

EditId = Annotated[UUID, Parameter(help="The edit, as 'inventory edits' shows it.")]
_COLUMNS: Final = ("id", "created_at", "created_by_name", "changes", "assets", "status", "reason")
_AT_ONCE: Final = 500


def edit(
    *,
    set: list[str] | None = None,
    clear: list[str] | None = None,
    asset: list[UUID] | None = None,
    where: list[str] | None = None,
    every: Annotated[bool, Parameter(negative="")] = False,
    reason: str | None = None,
    preview: Annotated[bool, Parameter(negative="")] = False,
    client_account: TheAccount = None,
    engagement: TheEngagement = None,
    json: Json = False,
) -> int:
    """Set attributes of one asset or of many; imports do not change them any more.

    Example: landbridge inventory edit --set environment=production --where environment=unknown

    Parameters
    ----------
    set
        ATTRIBUTE=VALUE, several times if need be.
    clear
        An attribute to take the value from.
    asset
        An asset by its id, several times if need be.
    where
        FILTER=VALUE of the list of assets (q, asset_type, environment, os_name, criticality,
        power_state, application, severity): all assets that have all of these.
    every
        All assets of the engagement.
    reason
        Why, for the history and the audit log.
    preview
        Say what would change, and change nothing.
    """
    changes: dict[str, str | None] = dict.fromkeys(clear or ())
    changes |= dict(_pair(word) for word in set or ())
    filters = dict(_pair(word) for word in where or ()) if where or every else None
    selection = Selection(asset, filters)
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            require(session, Action.EDIT_INVENTORY)
            if preview:
                seen = editing.preview(session, engagement_id, selection, changes)
                return _said(
                    seen.model_dump(mode="json"),
                    f"{seen.changed:,} of {seen.selected:,} assets would change,"
                    f" {seen.unchanged:,} have these values already.",
                    json=json,
                )
            made = editing.edit(session, engagement_id, selection, changes, reason=reason)
    return _said(
        made.model_dump(mode="json"),
        f"Changed {made.changed:,} of {made.selected:,} assets,"
        f" {made.unchanged:,} had these values already."
        + (f" Take it back: landbridge inventory undo-edit {made.id}" if made.id else ""),
        json=json,
    )


def undo_edit(
    edit_id: EditId,
    /,
    *,
    client_account: TheAccount = None,
    engagement: TheEngagement = None,
    json: Json = False,
) -> int:
    """Take an edit back as a whole; values that were changed again since stay.

    Example: landbridge inventory undo-edit 0198c0de-0000-7000-8000-000000000000
    """
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            require(session, Action.EDIT_INVENTORY)
            done = editing.undo(session, engagement_id, edit_id)
    kept = f" {done.kept:,} values were changed again since and stay." if done.kept else ""
    words = f"{done.restored:,} assets are what they were without the edit.{kept}"
    return _said(done.model_dump(mode="json"), words, json=json)


def list_edits(
    *, client_account: TheAccount = None, engagement: TheEngagement = None, json: Json = False
) -> int:
    """List the edits by hand, the newest first.

    Example: landbridge inventory edits
    """
    rows: list[dict[str, object]] = []
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            cursor: str | None = None
            while True:
                page = edit_queries.edits(
                    session, engagement_id, Wanted(limit=_AT_ONCE, cursor=cursor)
                )
                rows += [row.model_dump(mode="json") for row in page.items]
                if (cursor := page.next) is None:
                    break
    return show_list("edits", rows, _COLUMNS, json=json)


def _pair(word: str) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    if not equals:
        raise NothingSelected(why=f"'{word}' is not NAME=VALUE")
    return name.strip(), value


def _said(told: dict[str, object], words: str, *, json: bool) -> int:
    if json:
        print_json(told)
    else:
        console().print(words)
    return OK
