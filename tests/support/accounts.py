"""Client accounts with somebody who may act in them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from landbridge.database.engine import Databases
from landbridge.database.session import CredentialAccess, JobAccess
from landbridge.identity import client_accounts, engagements, keys, users
from landbridge.identity.permissions import Role
from landbridge.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class Account:
    """A client account, an engagement in it, and a member with an API key."""

    client_account_id: UUID
    name: str
    engagement_id: UUID
    user_id: UUID
    email: str
    api_key: str
    access: CredentialAccess

    @property
    def headers(self) -> dict[str, str]:
        """What an HTTP client sends to act as this member."""
        return {"Authorization": f"Bearer {self.api_key}"}


def make_account(
    databases: Databases, *, role: Role = Role.ADMIN, name: str | None = None
) -> Account:
    """A fresh client account whose member has `role`."""
    owner = databases.owner
    assert owner is not None
    name = name or f"Client {new_id().hex[-12:]}"
    account = client_accounts.create_client_account(owner, name)
    admin = make_member(databases, account, name, Role.ADMIN)
    with databases.app.open(admin.access) as session:
        engagement = engagements.ensure_engagement(session, "Data centre exit")
    member = admin if role is Role.ADMIN else make_member(databases, account, name, role)
    return Account(
        account, name, engagement, member.user_id, member.email, member.api_key, member.access
    )


def make_member(
    databases: Databases, account: UUID, name: str, role: Role, engagement: UUID | None = None
) -> Account:
    """Another member of an account."""
    owner = databases.owner
    assert owner is not None
    email = f"{role}-{new_id().hex[-12:]}@example.com"
    user = users.ensure_user(owner, email, f"The {role}")
    users.set_membership(owner, user, account, role)
    secret = keys.create_api_key(owner, user, account=account, label="test")
    access = CredentialAccess(secret.hash, account)
    return Account(account, name, engagement or UUID(int=0), user, email, secret.text, access)


def make_flow(
    databases: Databases, account: Account, flow_type: str = "discovery", inputs: str = "{}"
) -> JobAccess:
    """A flow's row, without an engine behind it, and the access of a job that carries it."""
    flow = new_id()
    with databases.app.open(account.access) as session:
        session.execute(
            text(
                "insert into app.flows (id, engagement_id, flow_type, definition, inputs, "
                "trace_id, created_by) values (:id, :engagement, :type, '{}', :inputs, :trace, :by)"
            ),
            {
                "id": flow,
                "engagement": account.engagement_id,
                "type": flow_type,
                "inputs": inputs,
                "trace": flow.hex,
                "by": account.user_id,
            },
        )
    return JobAccess(account.client_account_id, flow)
