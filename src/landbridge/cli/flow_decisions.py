"""`landbridge flows`: approve, reject and delegate what a flow waits for."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from cyclopts import Parameter

from landbridge.cli.acting import act_on
from landbridge.cli.moments import At, In, pairs
from landbridge.cli.options import FlowId, InAccount
from landbridge.cli.people import member_named
from landbridge.database.session import TenantSession
from landbridge.flows.actions import possible
from landbridge.flows.errors import ActionRefused
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.flows.states import FlowStatus
from landbridge.identity.permissions import Action

Values = Annotated[
    dict[str, Any] | None, Parameter(name="--set", converter=pairs, accepts_keys=False)
]


def approve(
    flow_id: FlowId,
    *,
    choice: str | None = None,
    values: Values = None,
    reason: str = "",
    client_account: InAccount = None,
    json: bool = False,
) -> int:
    """Approve what a flow waits for, choose, or fill in its form; it goes on at once.

    Example: landbridge flows approve 0198c0de-0000-7000-8000-000000000000 --reason "checked"

    Parameters
    ----------
    choice
        Which of the choices, by its key; 'landbridge flows show' lists them.
    values
        A value of the form, as FIELD=VALUE; may be given several times.
    reason
        Why; it is kept with the decision.
    json
        Print the flow as it is now, as JSON.
    """
    answer = choice if choice is not None else values

    def do(orchestrator: MasterFlowOrchestrator, session: TenantSession, flow_id: UUID) -> None:
        approval = _asked(orchestrator, session, flow_id, "approve")
        orchestrator.decide(session, approval, approve=True, answer=answer, reason=reason)

    return _decide(flow_id, client_account, do, "Approved", json=json)


def reject(
    flow_id: FlowId, *, reason: str = "", client_account: InAccount = None, json: bool = False
) -> int:
    """Reject what a flow waits for; the flow is cancelled and everything stored is kept.

    Example: landbridge flows reject 0198c0de-0000-7000-8000-000000000000 --reason "wrong file"

    Parameters
    ----------
    reason
        Why; it is kept with the decision.
    json
        Print the flow as it is now, as JSON.
    """

    def do(orchestrator: MasterFlowOrchestrator, session: TenantSession, flow_id: UUID) -> None:
        approval = _asked(orchestrator, session, flow_id, "reject")
        orchestrator.decide(session, approval, approve=False, reason=reason)

    return _decide(flow_id, client_account, do, "Rejected", json=json)


def delegate(
    flow_id: FlowId,
    to: str,
    /,
    *,
    at: At = None,
    in_: In = None,
    reason: str = "",
    client_account: InAccount = None,
    json: bool = False,
) -> int:
    """Ask a certain member to decide what a flow waits for. Others who may decide still may.

    Example: landbridge flows delegate 0198c0de-0000-7000-8000-000000000000 ada@example.com --in 2d

    Parameters
    ----------
    to
        The member, by e-mail address.
    at
        The deadline, as in 2026-12-01T08:00, in this machine's time zone.
    in_
        The deadline by its distance from now, as in 2d or 4h.
    reason
        Why; it is kept in the flow's events.
    json
        Print the flow as it is now, as JSON.
    """

    def do(orchestrator: MasterFlowOrchestrator, session: TenantSession, flow_id: UUID) -> None:
        approval = _asked(orchestrator, session, flow_id, "delegate")
        member = member_named(session, to)
        orchestrator.delegate(session, approval, member, deadline_at=at or in_, reason=reason)

    return _decide(flow_id, client_account, do, f"Handed to {to}", json=json)


def _decide(flow_id: UUID, client_account: str | None, do: Any, done: str, *, json: bool) -> int:
    return act_on(
        flow_id,
        client_account,
        do,
        lambda flow: f"{done}. 'landbridge flows watch {flow.id}' shows how it goes on.",
        action=Action.DECIDE_APPROVAL,
        json=json,
    )


def _asked(
    orchestrator: MasterFlowOrchestrator, session: TenantSession, flow_id: UUID, action: str
) -> UUID:
    """The decision the flow waits for.

    Raises:
        ActionRefused: it waits for none.
    """
    flow = orchestrator.status(session, flow_id)
    if flow.waits_for is not None:
        return flow.waits_for.id
    now = possible(FlowStatus(flow.status), decision_open=False)
    raise ActionRefused(action=action, current=flow.status, possible=", ".join(now) or "nothing")
