"""`landbridge strategies`: what is recommended for each application, and what people decide."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from cyclopts import Parameter

from landbridge.assembly.platform import opened
from landbridge.assessment.sixr import queries, service
from landbridge.assessment.sixr.queries import RecommendationRow
from landbridge.assessment.sixr.strategies import Strategy
from landbridge.cli.options import Json, TheAccount, TheEngagement
from landbridge.cli.output import OK, console, print_json
from landbridge.cli.people import show_list
from landbridge.cli.selection import selected_engagement
from landbridge.database.listing import Wanted
from landbridge.identity.permissions import Action, require

RecommendationId = Annotated[
    UUID, Parameter(help="The recommendation, as 'strategies list' shows it.")
]
_COLUMNS: Final = ("id", "name", "in_force", "strategy", "confidence", "rule")
_AT_ONCE: Final = 500


def list_strategies(
    *,
    strategy: str = "",
    client_account: TheAccount = None,
    engagement: TheEngagement = None,
    json: Json = False,
) -> int:
    """List the strategy of every application, and of every asset without one.

    'landbridge flows start assessment' works them out; 'landbridge explain ID' tells why.

    Example: landbridge strategies list --strategy undecided

    Parameters
    ----------
    strategy
        Only this one: retain, retire, rehost, relocate, replatform, refactor, repurchase or
        undecided.
    """
    rows: list[dict[str, object]] = []
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            cursor: str | None = None
            while True:
                wanted = Wanted({"strategy": strategy}, limit=_AT_ONCE, cursor=cursor)
                page = queries.recommendations(session, engagement_id, wanted)
                rows += [row.model_dump(mode="json") for row in page.items]
                if (cursor := page.next) is None:
                    break
    return show_list("strategies", rows, _COLUMNS, json=json)


def decide(
    recommendation_id: RecommendationId,
    strategy: Strategy,
    /,
    *,
    reason: str,
    client_account: TheAccount = None,
    engagement: TheEngagement = None,
    json: Json = False,
) -> int:
    """Decide the strategy of an application or asset; no later assessment changes it.

    Example: landbridge strategies decide 0198c0de-0000-7000-8000-000000000000 retain --reason "…"

    Parameters
    ----------
    strategy
        The strategy.
    reason
        Why.
    """
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            require(session, Action.PLAN_MIGRATION)
            row = service.decide(session, engagement_id, recommendation_id, strategy, reason)
    return _said(row, json=json)


def reopen(
    recommendation_id: RecommendationId,
    /,
    *,
    client_account: TheAccount = None,
    engagement: TheEngagement = None,
    json: Json = False,
) -> int:
    """Take a decision back; what the rules recommend counts again.

    Example: landbridge strategies reopen 0198c0de-0000-7000-8000-000000000000
    """
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            require(session, Action.PLAN_MIGRATION)
            row = service.reopen(session, engagement_id, recommendation_id)
    return _said(row, json=json)


def _said(row: RecommendationRow, *, json: bool) -> int:
    if json:
        print_json(row.model_dump(mode="json"))
    else:
        console().print(f"{row.name}: {row.in_force}")
    return OK
