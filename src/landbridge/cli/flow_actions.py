"""`landbridge flows`: pause, resume, cancel, retry, schedule, priority, fork."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from cyclopts import Parameter

from landbridge.assembly.platform import opened
from landbridge.cli.acting import act, act_on, allowed
from landbridge.cli.moments import At, In, pairs
from landbridge.cli.options import FlowId, FlowIds, InAccount
from landbridge.cli.output import OK, USAGE, console, notices, print_json
from landbridge.flows.progress import PAUSE_GRACE
from landbridge.flows.states import PhaseStatus, Priority
from landbridge.flows.status import FlowView
from landbridge.identity.permissions import Action

Level = Literal["high", "normal", "low"]
Told = Annotated[
    bool, Parameter(help="Print JSON: the flows as they are now, and what was refused.")
]
Reason = Annotated[str, Parameter(help="Why; it is kept in the flow's events.")]
Inputs = Annotated[
    dict[str, Any] | None, Parameter(name="--input", converter=pairs, accepts_keys=False)
]


def pause(
    flow_ids: FlowIds,
    /,
    *,
    reason: Reason = "",
    client_account: InAccount = None,
    json: Told = False,
) -> int:
    """Pause flows: no phase begins any more until they are resumed.

    Example: landbridge flows pause 0198c0de-0000-7000-8000-000000000000 --reason "new export"
    """
    return act(
        flow_ids, client_account, lambda o, s, id_: o.pause(s, id_, reason), _paused, json=json
    )


def resume(flow_ids: FlowIds, /, *, client_account: InAccount = None, json: Told = False) -> int:
    """Resume paused flows where they were.

    Example: landbridge flows resume 0198c0de-0000-7000-8000-000000000000
    """
    return act(
        flow_ids,
        client_account,
        lambda o, s, id_: o.resume(s, id_),
        lambda flow: f"Goes on; it is {flow.status}.",
        json=json,
    )


def cancel(
    flow_ids: FlowIds,
    /,
    *,
    reason: Reason = "",
    client_account: InAccount = None,
    json: Told = False,
) -> int:
    """Cancel flows for good. Everything they stored is kept.

    Example: landbridge flows cancel 0198c0de-0000-7000-8000-000000000000 --reason "wrong file"
    """
    return act(
        flow_ids,
        client_account,
        lambda o, s, id_: o.cancel(s, id_, reason),
        lambda flow: "Cancelled. What it had stored is kept.",
        json=json,
    )


def retry(flow_ids: FlowIds, /, *, client_account: InAccount = None, json: Told = False) -> int:
    """Run the failed phases of flows again, with everything before them kept.

    Example: landbridge flows retry 0198c0de-0000-7000-8000-000000000000
    """
    return act(
        flow_ids,
        client_account,
        lambda o, s, id_: o.retry(s, id_),
        lambda flow: f"Tries again. 'landbridge flows watch {flow.id}' shows how it goes on.",
        json=json,
    )


def schedule(
    flow_id: FlowId,
    /,
    *,
    at: At = None,
    in_: In = None,
    now: Annotated[bool, Parameter(negative="")] = False,
    client_account: InAccount = None,
    json: bool = False,
) -> int:
    """Move the start of a flow that has not begun.

    Example: landbridge flows schedule 0198c0de-0000-7000-8000-000000000000 --in 2h

    Parameters
    ----------
    at
        The moment it begins, as in 2026-12-01T08:00, in this machine's time zone.
    in_
        How long from now, as in 2h, 30m or 1d12h.
    now
        Start it now.
    json
        Print the flow as it is now, as JSON.
    """
    if sum((at is not None, in_ is not None, now)) != 1:
        notices().print("Say when: one of --at, --in and --now.")
        return USAGE
    return act_on(
        flow_id,
        client_account,
        lambda o, s, id_: o.schedule(s, id_, at or in_),
        _begins,
        json=json,
    )


def priority(
    flow_id: FlowId,
    level: Level,
    /,
    *,
    client_account: InAccount = None,
    json: bool = False,
) -> int:
    """Put a flow's further work before or behind that of the account's other flows.

    Example: landbridge flows priority 0198c0de-0000-7000-8000-000000000000 high

    Parameters
    ----------
    level
        high, normal or low.
    json
        Print the flow as it is now, as JSON.
    """
    return act_on(
        flow_id,
        client_account,
        lambda o, s, id_: o.prioritize(s, id_, Priority[level.upper()]),
        lambda flow: f"Its priority is {flow.priority}.",
        json=json,
    )


def fork(
    flow_id: UUID,
    phase: str,
    /,
    *,
    inputs: Inputs = None,
    current_definition: Annotated[bool, Parameter(negative="")] = False,
    client_account: InAccount = None,
    json: bool = False,
) -> int:
    """Start a new flow that keeps what was done before a phase, and does the rest anew.

    Example: landbridge flows fork 0198c0de-0000-7000-8000-000000000000 data_cleansing

    Parameters
    ----------
    flow_id
        The flow to begin from, as 'landbridge flows list' shows it.
    phase
        The first phase that is done anew, as 'landbridge flows show --json' names them.
    inputs
        An input that differs, as NAME=VALUE; may be given several times.
    current_definition
        Follow the definition that the flow type has now, not the one the flow began with.
    json
        Print the new flow as JSON.
    """
    with (
        opened() as platform,
        allowed(platform, flow_id, client_account, Action.CONTROL_FLOW) as session,
    ):
        child = platform.orchestrator.fork(
            session, flow_id, phase, inputs=inputs, current_definition=current_definition
        )
        flow = platform.orchestrator.status(session, child)
    if json:
        print_json(flow.model_dump(mode="json"))
    else:
        console().print(
            f"Forked as {child}. 'landbridge flows watch {child}' shows how it goes on.",
            soft_wrap=True,
        )
    return OK


def _paused(flow: FlowView) -> str:
    running = [p.title for p in flow.phases if p.status == PhaseStatus.RUNNING]
    if not running:
        return "Paused. 'landbridge flows resume' goes on."
    seconds = f"{PAUSE_GRACE.total_seconds():g} s"
    return f"Paused. {', '.join(running)} has {seconds} to end, or begins again on resume."


def _begins(flow: FlowView) -> str:
    if flow.scheduled_for is None:
        return "Begins as soon as a worker is free."
    return f"Begins at {flow.scheduled_for.astimezone():%Y-%m-%d %H:%M %Z}."
