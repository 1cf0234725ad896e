"""Doing something with flows from a command: one after another, each in its own transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from landbridge.assembly.platform import Platform, opened
from landbridge.cli.output import OK, console, exit_code, print_json, show_error
from landbridge.cli.selection import access_to_flow
from landbridge.database.session import TenantSession
from landbridge.errors.catalogue import LandbridgeError
from landbridge.flows.orchestrator import MasterFlowOrchestrator
from landbridge.flows.status import FlowView
from landbridge.identity.permissions import Action, require
from landbridge.kit.tracing import current_trace_id

Do = Callable[[MasterFlowOrchestrator, TenantSession, UUID], None]
Say = Callable[[FlowView], str]


@contextmanager
def allowed(
    platform: Platform, flow_id: UUID, client_account: str | None, action: Action
) -> Iterator[TenantSession]:
    """The account of a flow, opened for somebody who may do this.

    Raises:
        NotFound: no account open to the local user has such a flow.
        PermissionDenied: the local user's role there is too weak.
    """
    access = access_to_flow(platform, flow_id, client_account)
    with platform.databases.app.open(access) as session:
        require(session, action)
        yield session


def act_on(
    flow_id: UUID,
    client_account: str | None,
    do: Do,
    say: Say,
    *,
    action: Action = Action.CONTROL_FLOW,
    json: bool,
) -> int:
    """Do something with one flow, and show it as it is then.

    Raises:
        LandbridgeError: it refuses; nothing was changed.
    """
    with (
        opened() as platform,
        allowed(platform, flow_id, client_account, action) as session,
    ):
        do(platform.orchestrator, session, flow_id)
        flow = platform.orchestrator.status(session, flow_id)
    if json:
        print_json(flow.model_dump(mode="json"))
    else:
        console().print(say(flow), soft_wrap=True)
    return OK


def act(
    flow_ids: Sequence[UUID],
    client_account: str | None,
    do: Do,
    say: Say,
    *,
    json: bool,
) -> int:
    """Do something with each flow. One that refuses does not keep the others from it.

    Returns:
        The exit code: of the worst failure, or 0.
    """
    shown: list[FlowView] = []
    failed: list[dict[str, object]] = []
    code = OK
    with opened() as platform:
        for flow_id in dict.fromkeys(flow_ids):
            try:
                with allowed(platform, flow_id, client_account, Action.CONTROL_FLOW) as session:
                    do(platform.orchestrator, session, flow_id)
                    flow = platform.orchestrator.status(session, flow_id)
            except LandbridgeError as error:
                code = max(code, exit_code(error))
                trace_id = current_trace_id()
                failed.append({"flow_id": str(flow_id), **error.problem(trace_id=trace_id)})
                if not json:
                    show_error(error, trace_id, as_json=False)
                continue
            shown.append(flow)
            if not json:
                console().print(f"{flow_id}  {say(flow)}", soft_wrap=True)
    if json:
        print_json({"flows": [f.model_dump(mode="json") for f in shown], "errors": failed})
    return code
