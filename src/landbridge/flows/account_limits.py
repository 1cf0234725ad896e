"""Limits of one client account, as the operator reads and sets them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Engine, text

from landbridge.database.errors import catalogued_errors
from landbridge.identity.client_accounts import act_in
from landbridge.kit.settings import settings

NAMES: Final = ("running_phases", "open_flows", "flows_per_minute")
_READ: Final = text("select running_phases, open_flows, flows_per_minute from app.account_limits")
_SET: Final = text("""
insert into app.account_limits (client_account_id, running_phases, open_flows, flows_per_minute)
values (:account, :running_phases, :open_flows, :flows_per_minute)
on conflict (client_account_id) do update set running_phases = excluded.running_phases,
  open_flows = excluded.open_flows, flows_per_minute = excluded.flows_per_minute""")


class Limits(BaseModel):
    """What a client account may use.

    Attributes:
        running_phases: phases at the same time over all workers; None for only the limit that
            each worker has.
        open_flows: flows that have not ended.
        flows_per_minute: flows that may be started in a minute.
        own: which of these were set for this account; the others are the deployment's.
    """

    running_phases: int | None
    open_flows: int
    flows_per_minute: int
    own: list[str]


def limits_of(owner: Engine, account: UUID) -> Limits:
    """The limits that hold for an account."""
    with catalogued_errors(), owner.begin() as connection:
        act_in(connection, account)
        row = connection.execute(_READ).one_or_none()
    found = row._asdict() if row else {}
    set_here = {name: value for name, value in found.items() if value is not None}
    defaults: dict[str, int | None] = {
        "running_phases": None,
        "open_flows": settings().open_flows,
        "flows_per_minute": settings().flows_per_minute,
    }
    return Limits(**{**defaults, **set_here}, own=list(set_here))


def set_limits(owner: Engine, account: UUID, changes: Mapping[str, int | None]) -> Limits:
    """Change limits of an account, and return what holds now.

    Args:
        owner: the owner's connections; no client may set its own limits.
        account: whose.
        changes: new values by name; None takes a limit of its own away. Others stay.
    """
    before = limits_of(owner, account)
    values: dict[str, int | None] = dict.fromkeys(NAMES)
    values.update((name, getattr(before, name)) for name in before.own)
    values.update(changes)
    with catalogued_errors(), owner.begin() as connection:
        act_in(connection, account)
        connection.execute(_SET, {"account": account, **values})
    return limits_of(owner, account)
