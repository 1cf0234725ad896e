"""`landbridge flows`: list, show, watch, approve and reject."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rich.table import Table

from landbridge.assembly.platform import Platform, opened
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
from landbridge.cli.watching import watch as watch_news
from landbridge.flows.errors import ActionRefused
from landbridge.flows.states import FlowStatus
from landbridge.flows.status import FlowView


def list_flows(*, client_account: str | None = None, json: bool = False) -> int:
    """List flows, newest first.

    Example: landbridge flows list --client-account "Acme"

    Parameters
    ----------
    client_account
        Only this client account; otherwise all that this installation may open.
    json
        Print JSON.
    """
    found: list[tuple[str, FlowView]] = []
    with opened() as platform:
        for name, access in accesses(platform, client_account).items():
            with platform.databases.app.open(access) as session:
                found += [(name, flow) for flow in platform.orchestrator.flows(session)]
    found.sort(key=lambda item: item[1].created_at, reverse=True)
    if json:
        print_json({"flows": [shape(flow) | {"client_account": name} for name, flow in found]})
        return OK
    if not found:
        console().print("There are no flows yet. Start one: landbridge discover FILE…")
        return OK
    table = Table(identity("Flow"), "Account", "Type", "Status", "Progress", "Created", box=None)
    for name, flow in found:
        created = f"{flow.created_at:%Y-%m-%d %H:%M} UTC"
        table.add_row(str(flow.id), name, flow.title, flow.status, f"{flow.progress} %", created)
    console().print(table)
    return OK


def show(flow_id: UUID, *, client_account: str | None = None, json: bool = False) -> int:
    """Show one flow: its phases, what it waits for, why it failed.

    Example: landbridge flows show 0198c0de-0000-7000-8000-000000000000

    Parameters
    ----------
    flow_id
        The flow, as 'landbridge flows list' shows it.
    client_account
        The client account; found by itself when not given.
    json
        Print JSON.
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
    _explain(flow)
    return OK


def watch(flow_id: UUID, *, client_account: str | None = None, json: bool = False) -> int:
    """Follow a flow until it ends or waits for you; runs it here when no worker does.

    Example: landbridge flows watch 0198c0de-0000-7000-8000-000000000000

    Parameters
    ----------
    flow_id
        The flow, as 'landbridge flows list' shows it.
    client_account
        The client account; found by itself when not given.
    json
        Print JSON.
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


def approve(
    flow_id: UUID, *, reason: str = "", client_account: str | None = None, json: bool = False
) -> int:
    """Approve what a flow waits for; it goes on at once.

    Example: landbridge flows approve 0198c0de-0000-7000-8000-000000000000 --reason "checked"

    Parameters
    ----------
    flow_id
        The flow, as 'landbridge flows list' shows it.
    reason
        Why; it is kept with the decision.
    client_account
        The client account; found by itself when not given.
    json
        Print JSON.
    """
    return _decide(flow_id, client_account, reason, approve=True, json=json)


def reject(
    flow_id: UUID, *, reason: str = "", client_account: str | None = None, json: bool = False
) -> int:
    """Reject what a flow waits for; the flow is cancelled and everything stored is kept.

    Example: landbridge flows reject 0198c0de-0000-7000-8000-000000000000 --reason "wrong file"

    Parameters
    ----------
    flow_id
        The flow, as 'landbridge flows list' shows it.
    reason
        Why; it is kept with the decision.
    client_account
        The client account; found by itself when not given.
    json
        Print JSON.
    """
    return _decide(flow_id, client_account, reason, approve=False, json=json)


def shape(flow: FlowView) -> dict[str, Any]:
    """The stable JSON shape of a flow."""
    return flow.model_dump(mode="json")


def _read(platform: Platform, flow_id: UUID, client_account: str | None) -> FlowView:
    access = access_to_flow(platform, flow_id, client_account)
    with platform.databases.app.open(access) as session:
        return platform.orchestrator.status(session, flow_id)


def _decide(
    flow_id: UUID, client_account: str | None, reason: str, *, approve: bool, json: bool
) -> int:
    with opened() as platform:
        access = access_to_flow(platform, flow_id, client_account)
        with platform.databases.app.open(access) as session:
            flow = platform.orchestrator.status(session, flow_id)
            if flow.waits_for is None:
                raise ActionRefused(
                    action="approve" if approve else "reject",
                    current=flow.status,
                    possible=", ".join(flow.possible) or "nothing",
                )
            platform.orchestrator.decide(session, flow.waits_for.id, approve=approve, reason=reason)
        flow = _read(platform, flow_id, client_account)
    if json:
        print_json(shape(flow))
    else:
        console().print(
            f"{'Approved' if approve else 'Rejected'}. "
            f"'landbridge flows watch {flow_id}' shows how it goes on."
        )
    return OK


def _explain(flow: FlowView) -> None:
    if flow.waits_for:
        console().print(
            f"Waits for you: {flow.waits_for.title}. 'landbridge flows approve {flow.id}'"
        )
    if flow.error:
        show_problem(flow.error)
