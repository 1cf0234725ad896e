"""What a client account allows agents, and what it may spend on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from landbridge.agents.sharing import Share
from landbridge.database.errors import catalogued_errors
from landbridge.identity.client_accounts import act_in
from landbridge.kit.settings import settings

MICROS: Final = 1_000_000
LIMITS: Final = ("monthly_micros", "calls_per_minute")

_READ: Final = text("select enabled, share, cache_days from app.agent_policies")
_SET: Final = text("""
insert into app.agent_policies (client_account_id, enabled, share, cache_days)
values (app.tenant(), :enabled, :share, :cache_days)
on conflict (client_account_id) do update set enabled = excluded.enabled, share = excluded.share,
  cache_days = excluded.cache_days""")
_LIMITS: Final = text("select monthly_micros, calls_per_minute from app.agent_limits")
_SET_LIMITS: Final = text("""
insert into app.agent_limits (client_account_id, monthly_micros, calls_per_minute)
values (:account, :monthly_micros, :calls_per_minute)
on conflict (client_account_id) do update set monthly_micros = excluded.monthly_micros,
  calls_per_minute = excluded.calls_per_minute""")


class Policy(BaseModel):
    """What a client account allows; its admins say.

    Attributes:
        enabled: whether agents are asked at all.
        share: how much of the values may be sent to the provider.
        cache_days: days for which an answer is used again for the same question; 0 for never.
    """

    enabled: bool = False
    share: Share = Share.MASKED
    cache_days: Annotated[int, Field(ge=0, le=365)] = 30


class Limits(BaseModel):
    """What a client account may spend; the operator says.

    Attributes:
        monthly_micros: millionths of a US dollar in a calendar month (UTC).
        calls_per_minute: questions.
        own: which of these were set for this account; the others are the deployment's.
    """

    monthly_micros: int
    calls_per_minute: int
    own: list[str]


def policy_of(account: Session | Connection) -> Policy:
    """The policy of the open account."""
    row = account.execute(_READ).mappings().one_or_none()
    return Policy() if row is None else Policy(**row)


def set_policy(account: Session | Connection, policy: Policy) -> None:
    """Change the policy of the open account, from the next question on."""
    account.execute(_SET, policy.model_dump(mode="json"))


def limits_of(account: Session | Connection) -> Limits:
    """The limits that hold for the open account."""
    row = account.execute(_LIMITS).mappings().one_or_none()
    own = {name: value for name, value in (row or {}).items() if value is not None}
    known = settings()
    usual = {
        "monthly_micros": round(known.agent_monthly_budget * MICROS),
        "calls_per_minute": known.agent_calls_per_minute,
    }
    return Limits(**{**usual, **own}, own=list(own))


def change_by_owner(
    owner: Engine, account: UUID, policy: Mapping[str, object], limits: Mapping[str, int | None]
) -> tuple[Policy, Limits]:
    """Change parts of both with the owner's rights, and return what holds now.

    Args:
        owner: the owner's connections; no client may set its own limits.
        account: whose.
        policy: new values by name; others stay.
        limits: new values by name; None takes a limit of its own away.
    """
    with catalogued_errors(), owner.begin() as connection:
        act_in(connection, account)
        if policy:
            before = policy_of(connection).model_dump()
            set_policy(connection, Policy.model_validate({**before, **policy}))
        if limits:
            known = limits_of(connection)
            values: dict[str, int | None] = {
                n: getattr(known, n) if n in known.own else None for n in LIMITS
            }
            connection.execute(_SET_LIMITS, {"account": account, **values, **limits})
        return policy_of(connection), limits_of(connection)
