"""`landbridge flows`: list, show and watch."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from cyclopts import Parameter
from cyclopts.validators import Number
from rich.table import Table

from landbridge.assembly.platform import Platform, opened
from landbridge.cli.options import FlowId, InAccount, Json
from landbridge.cli.output import (
    FOUND_WRONG,
    INTERRUPTED,
    OK,
    console,
    identity,
    notices,
    print_json,
    show_problem,
)
from landbridge.cli.running import run
from landbridge.cli.selection import access_to_flow, accesses
from landbridge.cli.watching import span
from landbridge.cli.watching import watch as watch_news
from landbridge.database.listing import Wanted
from landbridge.flows.states import FlowStatus
from landbridge.flows.status import FlowView
from landbridge.kit.pagination import MAX_LIMIT


def list_flows(
    *,
    client_account: str | None = None,
    status: FlowStatus | None = None,
    type_: Annotated[str | None, Parameter(name="--type")] = None,
    waits_for: Literal["anyone", "me"] | None = None,
    limit: Annotated[int, Parameter(validator=Number(gte=1, lte=MAX_LIMIT))] = 50,
    json: Json = False,
) -> int:
    """List flows, newest first.

    Example: landbridge flows list --client-account "Acme" --status failed

    Parameters
    ----------
    client_account
        Only this client account; otherwise all that this installation may open.
    status
        Only flows in this status.
    type_
        Only flows of this type.
    waits_for
        Only flows that wait for a decision: of anyone, or one that was handed to you.
    limit
        How many of each account at most.
    """
    found: list[tuple[str, FlowView]] = []
    with opened() as platform:
        for name, access in accesses(platform, client_account).items():
            with platform.databases.app.open(access) as session:
                filters = {
                    "status": status or "",
                    "type": type_ or "",
                    "asks": waits_for or "",
                    "assigned": str(session.user_id) if waits_for == "me" else "",
                }
                wanted = Wanted(filters, descending=True, limit=limit)
                flows = platform.orchestrator.page(session, wanted).items
                found += [(name, flow) for flow in flows]
    found.sort(key=lambda item: item[1].created_at, reverse=True)
    if json:
        print_json({"flows": [shape(flow) | {"client_account": name} for name, flow in found]})
    elif found:
        console().print(flows_table(found, "Account"))
    elif status or type_ or waits_for:
        console().print("There are no such flows.")
    else:
        console().print("There are no flows yet. Start one: landbridge discover FILE…")
    return OK


def flows_table(flows: list[tuple[str, FlowView]], label: str) -> Table:
    """Flows as a table, each with something beside it."""
    table = Table(identity("Flow"), label, "Type", "Status", "Progress", "Created", box=None)
    for beside, flow in flows:
        created = f"{flow.created_at:%Y-%m-%d %H:%M} UTC"
        table.add_row(str(flow.id), beside, flow.title, flow.status, f"{flow.progress} %", created)
    return table


def show(flow_id: FlowId, *, client_account: InAccount = None, json: Json = False) -> int:
    """Show one flow: its phases, what it waits for, why it failed.

    Example: landbridge flows show 0198c0de-0000-7000-8000-000000000000
    """
    with opened() as platform:
        flow = _read(platform, flow_id, client_account)
    if json:
        print_json(shape(flow))
        return OK
    console().print(f"{flow.title}  {flow.status}, {flow.progress} %", style="bold")
    table = Table("Phase", "Status", "Work", box=None)
    for phase in flow.phases:
        total = f" of {phase.total:,}" if phase.total is not None else ""
        table.add_row(phase.title, phase.status, f"{phase.done:,}{total} {phase.unit}")
    console().print(table)
    if flow.eta_seconds is not None:
        console().print(f"About {span(flow.eta_seconds)} of work left, by {flow.eta_basis}.")
    _explain(flow)
    return OK


def watch(flow_id: FlowId, *, client_account: InAccount = None, json: Json = False) -> int:
    """Follow a flow until it ends or waits for you; runs it here when no worker does.

    Example: landbridge flows watch 0198c0de-0000-7000-8000-000000000000
    """
    with opened() as platform:
        access = access_to_flow(platform, flow_id, client_account)
        try:
            flow = watch_news(run(platform, access, flow_id), quiet=json)
        except KeyboardInterrupt:
            notices().print("Stopped watching. The flow is kept.")
            return INTERRUPTED
    if json:
        print_json(shape(flow))
    else:
        console().print(f"The flow is {flow.status}.")
        _explain(flow)
    return FOUND_WRONG if flow.status in {FlowStatus.FAILED, FlowStatus.CANCELLED} else OK


def shape(flow: FlowView) -> dict[str, Any]:
    """The stable JSON shape of a flow."""
    return flow.model_dump(mode="json")


def _read(platform: Platform, flow_id: UUID, client_account: str | None) -> FlowView:
    access = access_to_flow(platform, flow_id, client_account)
    with platform.databases.app.open(access) as session:
        return platform.orchestrator.status(session, flow_id)


def _explain(flow: FlowView) -> None:
    if flow.waits_for:
        asked = flow.waits_for
        console().print(f"Waits for you: {asked.title}.")
        for choice in asked.choices:
            console().print(f"  {choice['key']}  {choice['title']}")
        how = {"choice": " --choice KEY", "form": " --set FIELD=VALUE"}.get(asked.kind, "")
        console().print(f"'landbridge flows approve {flow.id}{how}'", soft_wrap=True)
        if asked.deadline_at:
            then = "the flow fails" if asked.default is None else f"'{asked.default}' applies"
            until = f"{asked.deadline_at.astimezone():%Y-%m-%d %H:%M %Z}"
            console().print(f"Nobody decides until {until}: {then}.")
    if flow.error:
        show_problem(flow.error)
