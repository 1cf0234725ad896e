"""`landbridge dead-letters`: what failed for good, and its replay."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from cyclopts import Parameter

from landbridge.assembly import dead_letters
from landbridge.assembly.dead_letters import AT_ONCE, Kind, Named
from landbridge.assembly.platform import opened as opened_platform
from landbridge.cli.options import Json, OfAccount
from landbridge.cli.output import FOUND_WRONG, OK, console, print_json
from landbridge.cli.people import show_list
from landbridge.cli.webhooks import opened
from landbridge.identity.permissions import Action

OfKind = Annotated[Kind | None, Parameter(help="Only these: flow or webhook_delivery.")]
OfCode = Annotated[str | None, Parameter(help="Only those that failed with this error code.")]


def list_dead_letters(
    *,
    client_account: OfAccount,
    kind: OfKind = None,
    code: OfCode = None,
    limit: int = 100,
    json: Json = False,
) -> int:
    """List flows that failed and webhook messages that were given up, what failed last first.

    Example: landbridge dead-letters list --client-account Acme --code SERVICE_TIMED_OUT

    Parameters
    ----------
    limit
        At most so many.
    """
    with opened(client_account, Action.VIEW) as session:
        page = dead_letters.listed(session, kind=kind, code=code, limit=max(1, limit))
        rows = [letter.model_dump(mode="json") for letter in page.items]
    columns = ("kind", "id", "name", "code", "failed_at")
    return show_list("dead_letters", rows, columns, json=json)


def replay(
    ids: list[UUID] | None = None,
    /,
    *,
    client_account: OfAccount,
    kind: OfKind = None,
    code: OfCode = None,
    json: Json = False,
) -> int:
    """Try dead letters again: those named, or the newest 100 that the options leave.

    Example: landbridge dead-letters replay --client-account Acme --kind webhook_delivery

    Parameters
    ----------
    ids
        As 'dead-letters list' shows them; all when left out.
    """
    with opened_platform() as platform, opened(client_account, Action.CONTROL_FLOW) as session:
        page = dead_letters.listed(session, kind=kind, code=code, limit=AT_ONCE)
        chosen = [d for d in page.items if ids is None or d.id in ids]
        letters = [Named(kind=d.kind, id=d.id) for d in chosen]
        items = dead_letters.replay(session, platform.orchestrator, letters)
        left = sum(dead_letters.counts(session).values())
    refused = [item for item in items if not item.replayed]
    if json:
        print_json({"items": [item.model_dump(mode="json") for item in items], "left": left})
    else:
        console().print(f"{len(items) - len(refused)} are tried again, {left} are left.")
        for item in refused:
            console().print(f"{item.kind} {item.id}: {item.code}. {item.detail}", soft_wrap=True)
    return FOUND_WRONG if refused else OK
