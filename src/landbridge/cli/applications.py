"""`landbridge applications`: the applications of assets of which no source says any."""

from __future__ import annotations

from typing import Annotated, Final, Literal
from uuid import UUID

from cyclopts import Parameter
from cyclopts.validators import Number

from landbridge.assembly.platform import opened
from landbridge.cli.options import Json, TheAccount, TheEngagement
from landbridge.cli.output import FOUND_WRONG, OK, console, print_json, show_problem
from landbridge.cli.people import say, show_list
from landbridge.cli.running import run
from landbridge.cli.selection import selected_engagement
from landbridge.cli.watching import watch
from landbridge.database.listing import Wanted
from landbridge.discovery.membership import deciding, queries
from landbridge.discovery.membership.deciding import SURE, Status
from landbridge.discovery.membership.flow import SUGGEST_APPLICATIONS
from landbridge.flows.states import FlowStatus
from landbridge.identity.permissions import Action, require

Confidence = Annotated[float, Parameter(validator=Number(gte=0, lte=1))]
_COLUMNS: Final = ("id", "asset", "application", "confidence", "status", "why")
_AT_ONCE: Final = 500


def suggest(
    *, client_account: TheAccount = None, engagement: TheEngagement = None, json: Json = False
) -> int:
    """Suggest an application for assets of which no source says to which they belong.

    Example: landbridge applications suggest
    """
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            flow_id = platform.orchestrator.create(session, engagement_id, SUGGEST_APPLICATIONS, {})
        flow = watch(run(platform, access, flow_id), quiet=json)
    if flow.status != FlowStatus.COMPLETED:
        if flow.error:
            show_problem(flow.error)
        return FOUND_WRONG
    output = flow.phases[0].output or {}
    if json:
        print_json({"flow_id": str(flow_id), **output})
    else:
        console().print(
            f"{output['without']:,} of {output['assets']:,} assets have no application;"
            f" one is suggested for {output['suggested']:,}."
        )
    return OK


def list_suggestions(
    *,
    status: Literal["suggested", "confirmed", "rejected"] | None = None,
    client_account: TheAccount = None,
    engagement: TheEngagement = None,
    json: Json = False,
) -> int:
    """List suggested applications, the surest first.

    Example: landbridge applications suggestions --status suggested

    Parameters
    ----------
    status
        Only these.
    """
    rows: list[dict[str, object]] = []
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            cursor: str | None = None
            while True:
                wanted = Wanted({"status": status or ""}, limit=_AT_ONCE, cursor=cursor)
                page = queries.suggested(session, engagement_id, wanted)
                for row in page.items:
                    why = "; ".join(queries.words(r) for r in row.reasons)
                    rows.append(row.model_dump(mode="json") | {"why": why})
                if (cursor := page.next) is None:
                    break
    return show_list("suggestions", rows, _COLUMNS, json=json)


def decide(
    suggestion_id: UUID,
    status: Status,
    /,
    *,
    client_account: TheAccount = None,
    engagement: TheEngagement = None,
    json: Json = False,
) -> int:
    """Confirm or reject a suggested application; 'suggested' takes a decision back.

    Example: landbridge applications decide 0198c0de-0000-7000-8000-000000000000 confirmed

    Parameters
    ----------
    suggestion_id
        The suggestion, as 'applications suggestions' shows it.
    status
        confirmed, rejected or suggested.
    """
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            require(session, Action.EDIT_INVENTORY)
            row = deciding.decide(session, engagement_id, suggestion_id, status)
    told = f"{row.application} for {row.asset}: {row.status}"
    return say(row.model_dump(mode="json"), told, json=json)


def decide_all(
    status: Status,
    /,
    *,
    now: Status = "suggested",
    at_least: Confidence = SURE,
    client_account: TheAccount = None,
    engagement: TheEngagement = None,
    json: Json = False,
) -> int:
    """Decide all suggested applications of at least a confidence.

    Example: landbridge applications decide-all confirmed --at-least 0.8

    Parameters
    ----------
    status
        confirmed, rejected or suggested.
    now
        Only those with this status: 'decide-all suggested --now confirmed' takes it back.
    at_least
        Only those with at least this confidence, 0 to 1.
    """
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            require(session, Action.EDIT_INVENTORY)
            changed = deciding.decide_all(session, engagement_id, status, at_least, now)
    return say({"changed": changed}, f"{changed:,} suggestions are {status}.", json=json)
