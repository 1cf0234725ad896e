"""The session door."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from landbridge.database.session import CredentialAccess, SessionDoor
from landbridge.errors.common import NotFound
from landbridge.identity.models import Engagement


def test_a_member_sees_only_the_open_account(door, account, other_account) -> None:
    with door.open(account.access) as session:
        assert [e.id for e in session.query(Engagement)] == [account.engagement_id]
        assert session.role == "admin"
        assert session.user_id == account.user_id


def test_an_account_of_others_is_not_found(door, account, other_account) -> None:
    stranger = CredentialAccess(account.access.credential_hash, other_account.client_account_id)
    with pytest.raises(NotFound), door.open(stranger) as session:
        session.execute(text("select 1"))


def test_a_job_opens_the_account_of_its_flow(worker_door: SessionDoor, account, make_flow) -> None:
    job = make_flow(account)
    with worker_door.open(job) as session:
        assert session.execute(text("select id from app.flows")).scalars().all() == [job.flow_id]
        assert session.role == "worker"


def test_a_job_with_a_flow_of_others_is_not_found(
    worker_door: SessionDoor, account, other_account, make_flow
) -> None:
    job = make_flow(other_account)
    stranger = type(job)(account.client_account_id, job.flow_id)
    with pytest.raises(NotFound), worker_door.open(stranger) as session:
        session.execute(text("select 1"))
