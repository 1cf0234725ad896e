"""What a client account may use of the deployment: running phases, open flows, new flows."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, text

from landbridge.database.session import TenantSession
from landbridge.flows.limit_errors import FlowsTooFast, TooManyOpenFlows
from landbridge.flows.models import AccountLimits, Flow, PhaseRun
from landbridge.flows.states import TERMINAL, FlowStatus, PhaseStatus
from landbridge.kit.settings import settings

_ONE_COUNTS = text("select pg_advisory_xact_lock(hashtextextended(:account, 20260001))")
RETRY_AFTER_OPEN = 60
RETRY_AFTER_RATE = 10
_OPEN = [status.value for status in FlowStatus if status not in TERMINAL]


def has_room(session: TenantSession) -> bool:
    """Whether the account may run one more phase now. Accounts with a limit of their own are
    counted exactly, over all workers; the queue limits the others per worker.
    """
    limit = session.execute(select(AccountLimits.running_phases)).scalar_one_or_none()
    if limit is None:
        return True
    session.execute(_ONE_COUNTS, {"account": str(session.client_account_id)})
    running = session.execute(
        select(func.count()).where(PhaseRun.status == PhaseStatus.RUNNING.value)
    ).scalar_one()
    return running < limit


def require_room_for_flow(session: TenantSession) -> None:
    """Refuse a new flow of an account that has reached its limits.

    Raises:
        TooManyOpenFlows, FlowsTooFast: with the seconds after which to try again.
    """
    own = session.execute(
        select(AccountLimits.open_flows, AccountLimits.flows_per_minute)
    ).one_or_none()
    most = (own and own.open_flows) or settings().open_flows
    rate = (own and own.flows_per_minute) or settings().flows_per_minute
    count = session.execute(select(func.count()).where(Flow.status.in_(_OPEN))).scalar_one()
    if count >= most:
        raise TooManyOpenFlows(open=count, limit=most, retry_after=RETRY_AFTER_OPEN)
    recent = session.execute(
        select(func.count()).where(Flow.created_at > func.now() - timedelta(minutes=1))
    ).scalar_one()
    if recent >= rate:
        raise FlowsTooFast(limit=rate, retry_after=RETRY_AFTER_RATE)
