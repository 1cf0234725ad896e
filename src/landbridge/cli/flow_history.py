"""`landbridge flows`: what happened to a flow, and what was forked from it."""

from __future__ import annotations

from typing import Any

from rich.table import Table

from landbridge.assembly.platform import opened
from landbridge.cli.acting import allowed
from landbridge.cli.flows import flows_table, shape
from landbridge.cli.options import FlowId, InAccount, Json
from landbridge.cli.output import OK, console, print_json
from landbridge.database.listing import Wanted
from landbridge.flows.models import FlowEvent
from landbridge.identity.permissions import Action
from landbridge.kit import jsonio
from landbridge.kit.pagination import MAX_LIMIT

_AT_ONCE = 1000


def events(
    flow_id: FlowId,
    /,
    *,
    after: int = 0,
    client_account: InAccount = None,
    json: Json = False,
) -> int:
    """Print everything that happened to a flow, in order.

    Example: landbridge flows events 0198c0de-0000-7000-8000-000000000000

    Parameters
    ----------
    after
        Only what came after the event of this number.
    """
    found: list[FlowEvent] = []
    with (
        opened() as platform,
        allowed(platform, flow_id, client_account, Action.VIEW) as session,
    ):
        while page := platform.orchestrator.events(session, flow_id, after, _AT_ONCE):
            after = page[-1].seq
            found += page
    if json:
        print_json({"flow_id": str(flow_id), "events": [_as_json(event) for event in found]})
        return OK
    table = Table("No.", "When", "What", "Phase", "Details", box=None, header_style="bold")
    for event in found:
        details = ", ".join(f"{k}: {_plain(v)}" for k, v in event.data.items())
        when = f"{event.at.astimezone():%Y-%m-%d %H:%M:%S}"
        table.add_row(str(event.seq), when, event.kind, event.phase or "–", details)
    console().print(table)
    return OK


def children(flow_id: FlowId, /, *, client_account: InAccount = None, json: Json = False) -> int:
    """List the flows that were forked from a flow, newest first.

    Example: landbridge flows children 0198c0de-0000-7000-8000-000000000000
    """
    wanted = Wanted({"parent": str(flow_id)}, descending=True, limit=MAX_LIMIT)
    with (
        opened() as platform,
        allowed(platform, flow_id, client_account, Action.VIEW) as session,
    ):
        found = platform.orchestrator.page(session, wanted).items
    if json:
        print_json({"flows": [shape(flow) for flow in found]})
    elif found:
        console().print(flows_table([(f"from {flow.forked_at}", flow) for flow in found], "Forked"))
    else:
        console().print("Nothing was forked from this flow.")
    return OK


def _as_json(event: FlowEvent) -> dict[str, Any]:
    names = ("seq", "at", "kind", "phase", "data")
    return {name: getattr(event, name) for name in names}


def _plain(value: object) -> str:
    return value if isinstance(value, str) else jsonio.dumps(value)
