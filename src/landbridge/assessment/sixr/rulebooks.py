"""The rules an account uses: the shipped ones, or its own copy, in versions."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import func, select, text

from landbridge.assessment.sixr.models import StrategyRules
from landbridge.assessment.sixr.rules import RuleBook, parse, shipped_text
from landbridge.database.session import TenantSession
from landbridge.errors.common import NotFound


class InUse(NamedTuple):
    """The rules that count now; version 0 is the shipped ones before any change."""

    version: int
    text: str

    @property
    def book(self) -> RuleBook:
        """The rules, read."""
        return parse(self.text)


class RulesVersion(BaseModel):
    """One change of an account's rules.

    Attributes:
        shipped: it went back to the rules that are shipped.
    """

    id: UUID
    version: int
    shipped: bool
    note: str
    created_by: UUID
    created_by_name: str | None
    created_at: datetime


def in_use(session: TenantSession) -> InUse:
    """The rules that count now."""
    newest = session.scalar(select(StrategyRules).order_by(StrategyRules.version.desc()).limit(1))
    if newest is None:
        return InUse(0, shipped_text())
    return InUse(newest.version, newest.content or shipped_text())


def of_version(session: TenantSession, version: int) -> InUse:
    """The rules of a version.

    Raises:
        NotFound: the account has no such version.
    """
    if version == 0:
        return InUse(0, shipped_text())
    found = session.scalar(select(StrategyRules).where(StrategyRules.version == version))
    if found is None:
        raise NotFound
    return InUse(version, found.content or shipped_text())


def versions(session: TenantSession) -> list[RulesVersion]:
    """All changes, the newest first."""
    rows = session.execute(
        text(
            "select r.id, r.version, r.content is null as shipped, r.note, r.created_by,"
            " u.display_name as created_by_name, r.created_at from app.strategy_rules r"
            " left join app.members() u on u.user_id = r.created_by order by r.version desc"
        )
    )
    return [RulesVersion(**r) for r in rows.mappings()]


def change(session: TenantSession, content: str, note: str = "") -> int:
    """Use these rules from now on; returns the number of the version.

    Raises:
        StrategyRulesInvalid: they do not fit; nothing was changed.
    """
    parse(content)
    return _add(session, content, note)


def back_to_shipped(session: TenantSession, note: str = "") -> int:
    """Use the shipped rules again; returns the number of the version."""
    return _add(session, None, note)


def restore(session: TenantSession, rules_id: UUID) -> int:
    """Use the rules of an earlier version again; returns the number of the new version.

    Raises:
        NotFound: the account has no such rules.
        StrategyRulesInvalid: they no longer fit.
    """
    found = session.scalar(select(StrategyRules).where(StrategyRules.id == rules_id))
    if found is None:
        raise NotFound
    if found.content is not None:
        parse(found.content)
    return _add(session, found.content, f"Version {found.version} again")


def _add(session: TenantSession, content: str | None, note: str) -> int:
    session.execute(
        text("select pg_advisory_xact_lock(hashtextextended(:k, 0))"),
        {"k": f"strategy_rules/{session.client_account_id}"},
    )
    newest = session.scalar(select(func.max(StrategyRules.version))) or 0
    session.add(
        StrategyRules(version=newest + 1, content=content, note=note, created_by=session.user_id)
    )
    session.flush()
    return newest + 1
