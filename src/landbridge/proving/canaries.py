"""Client accounts that exist for a proof alone: made, filled, and removed without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine

from landbridge.database.session import CredentialAccess, SessionDoor
from landbridge.identity import client_accounts, engagements, keys, users
from landbridge.identity.permissions import Role
from landbridge.kit.clock import now
from landbridge.kit.ids import new_id
from landbridge.kit.tracing import current_trace_id, new_trace_id, set_trace_id

LIFETIME: Final = timedelta(hours=1)
"""After this the canaries' credentials end by themselves, should a proof be killed."""
DOMAIN: Final = "canary.invalid"


@dataclass(slots=True)
class Side:
    """One canary account: the victim, the attacker, or the one on which writes are tried.

    Attributes:
        taint: text that appears in this account's data only.
        headers: role → what a member of that role sends.
        people: role → the user of that role.
        emails: role → that user's address.
        keys: table → its rows' keys: column → text.
        words: short texts in its rows; `spoken` has them by the column they are in.
        fits: operation → path values that belong together, of this account.
        optional: operation → optional id slots that it must be given to succeed; all accounts
            of one proof share them.
        validators: operation → headers by which its answer to this account may be kept.
    """

    name: str
    title: str
    account: UUID
    engagement: UUID
    taint: str
    headers: dict[str, dict[str, str]]
    people: dict[str, UUID]
    emails: dict[str, str]
    keys: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    spoken: dict[str, set[str]] = field(default_factory=dict)
    fits: dict[str, dict[str, str]] = field(default_factory=dict)
    optional: dict[str, set[str]] = field(default_factory=dict)
    validators: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def admin(self) -> dict[str, str]:
        """What its admin sends."""
        return self.headers[Role.ADMIN.value]

    @property
    def place(self) -> dict[str, str]:
        """Its account and engagement as path values."""
        return {"client_account_id": str(self.account), "engagement_id": str(self.engagement)}

    def ids(self) -> list[str]:
        """Every identifier of its rows, once."""
        found = [v for rows in self.keys.values() for row in rows for v in row.values()]
        return list(dict.fromkeys(v for v in found if is_uuid(v)))


@dataclass(slots=True)
class Canaries:
    """The accounts and people of one proof."""

    victim: Side
    attacker: Side
    disposable: Side
    both: dict[str, str]
    """What a person sends who is a member of the attacker's and the victim's account."""
    people: list[UUID]

    @property
    def sides(self) -> tuple[Side, Side, Side]:
        """Every account."""
        return self.victim, self.attacker, self.disposable


def make(owner: Engine, door: SessionDoor) -> Canaries:
    """Three accounts with people in every role, committed."""
    people: list[UUID] = []
    made = []
    for name in ("victim", "attacker", "disposable"):
        with _apart():
            made.append(_side(owner, door, name, people))
    victim, attacker, disposable = made
    attacker.optional = disposable.optional = victim.optional
    someone, _ = _person(owner, people)
    for side in (attacker, victim):
        with _apart():
            users.set_membership(owner, someone, side.account, Role.ADMIN)
    both = _headers(
        keys.create_api_key(owner, someone, label="canary", expires_at=now() + LIFETIME)
    )
    return Canaries(victim, attacker, disposable, both, people)


def reinstate(owner: Engine, side: Side) -> None:
    """Make its admin its admin again, after an operation that took the role away."""
    users.set_membership(owner, side.people[Role.ADMIN.value], side.account, Role.ADMIN)


@contextmanager
def _apart() -> Iterator[None]:
    """Act under a trace id of its own: one that accounts share could be looked up from each."""
    kept = current_trace_id()
    set_trace_id(new_trace_id())
    try:
        yield
    finally:
        set_trace_id(kept)


def _side(owner: Engine, door: SessionDoor, name: str, people: list[UUID]) -> Side:
    mark = new_id().hex[-12:]
    title = f"Canary {name} {mark}"
    account = client_accounts.create_client_account(owner, title)
    headers: dict[str, dict[str, str]] = {}
    members: dict[str, UUID] = {}
    emails: dict[str, str] = {}
    engagement = None
    for role in sorted(Role, key=lambda r: -r.rank):
        user, emails[role.value] = _person(owner, people)
        members[role.value] = user
        users.set_membership(owner, user, account, role)
        secret = keys.create_api_key(
            owner, user, account=account, label="canary", expires_at=now() + LIFETIME
        )
        headers[role.value] = _headers(secret)
        if engagement is None:
            with door.open(CredentialAccess(secret.hash, account)) as session:
                engagement = engagements.ensure_engagement(session, f"Canary engagement {mark}")
    assert engagement is not None  # noqa: S101 - there is at least one role
    return Side(name, title, account, engagement, mark, headers, members, emails)


def _person(owner: Engine, people: list[UUID]) -> tuple[UUID, str]:
    mark = new_id().hex[-12:]
    email = f"canary-{mark}@{DOMAIN}"
    user = users.ensure_user(owner, email, f"Canary {mark}")
    people.append(user)
    return user, email


def _headers(secret: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret.text}"}


def is_uuid(text: str) -> bool:
    """Whether this is the text of a UUID."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
