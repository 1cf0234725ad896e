"""Who is asking: keys, sessions, memberships and the local user."""

from __future__ import annotations

import concurrent.futures
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from landbridge.database.engine import Databases
from landbridge.database.session import CredentialAccess, SessionDoor
from landbridge.errors.common import NotFound
from landbridge.identity import (
    api_keys,
    client_accounts,
    credentials,
    engagements,
    keys,
    local,
    users,
)
from landbridge.identity.errors import (
    AdministrativeUrlMissing,
    ApiKeyUnknown,
    ClientAccountNameTaken,
    ClientAccountUnknown,
    EngagementUnknown,
)
from landbridge.identity.permissions import Role
from landbridge.kit.clock import now
from landbridge.kit.ids import new_id


def opens(door: SessionDoor, access: CredentialAccess) -> bool:
    try:
        with door.open(access) as session:
            session.connection()
    except NotFound:
        return False
    return True


def started(databases: Databases, token: str, session: str, lifetime: str = "1 hour") -> bool:
    with databases.app.anonymous() as connection:
        done = connection.execute(
            text("select app.start_session(:token, :session, cast(:lifetime as interval))"),
            {
                "token": credentials.hash_of(token),
                "session": credentials.hash_of(session),
                "lifetime": lifetime,
            },
        )
        return bool(done.scalar_one())


def test_a_revoked_key_opens_nothing_from_that_moment(databases, door, account) -> None:
    with door.open(account.access) as session:
        key = api_keys.create(session, Role.VIEWER, "nightly")
    access = CredentialAccess(key.hash, account.client_account_id)
    assert opens(door, access)
    with door.open(account.access) as session:
        api_keys.revoke(session, key.public_id)
    assert not opens(door, access)


def test_a_key_of_another_account_cannot_be_revoked(door, account, other_account) -> None:
    with door.open(other_account.access) as session:
        (listed,) = api_keys.keys(session)
    with door.open(account.access) as session, pytest.raises(ApiKeyUnknown):
        api_keys.revoke(session, listed.id)
    assert opens(door, other_account.access)


def test_an_ended_key_and_an_ended_membership_open_nothing(databases, door, account) -> None:
    past = now() - timedelta(seconds=1)
    ended = keys.create_api_key(databases.owner, account.user_id, expires_at=past)
    assert not opens(door, CredentialAccess(ended.hash, account.client_account_id))
    users.set_membership(
        databases.owner, account.user_id, account.client_account_id, Role.ADMIN, expires_at=past
    )
    assert not opens(door, account.access)


def test_a_key_bound_to_one_account_opens_no_other_of_its_user(
    databases, door, account, other_account
) -> None:
    users.set_membership(
        databases.owner, account.user_id, other_account.client_account_id, Role.VIEWER
    )
    bound = CredentialAccess(account.access.credential_hash, other_account.client_account_id)
    assert not opens(door, bound)
    free = keys.create_api_key(databases.owner, account.user_id)
    assert opens(door, CredentialAccess(free.hash, other_account.client_account_id))
    found = local.open_accounts(databases, free.hash)
    assert {a.role for a in found} == {"admin", "viewer"}


def test_a_changed_role_holds_from_the_next_transaction(databases, door, account) -> None:
    users.set_membership(databases.owner, account.user_id, account.client_account_id, Role.VIEWER)
    with door.open(account.access) as session:
        assert session.role == "viewer"


def test_a_session_needs_a_valid_credential_and_ends(databases, door, account) -> None:
    assert not started(databases, "lb_unknown", "s0")
    assert not started(databases, "", "s0")
    assert started(databases, account.api_key, "s1")
    session = CredentialAccess(credentials.hash_of("s1"), account.client_account_id)
    assert opens(door, session)
    assert not started(databases, "s1", "s2")
    with databases.app.anonymous() as connection:
        connection.execute(text("select app.end_session(:s)"), {"s": credentials.hash_of("s1")})
        connection.execute(
            text("select app.end_session(:s)"), {"s": account.access.credential_hash}
        )
    assert not opens(door, session)
    assert opens(door, account.access)


def test_a_session_never_outlives_seven_days(databases, account) -> None:
    assert started(databases, account.api_key, f"long {account.user_id}", "90 days")
    with databases.owner.connect() as connection:
        left = connection.execute(
            text(
                "select expires_at - now() < interval '7 days 1 second' "
                "from app_private.credentials where hash = :hash"
            ),
            {"hash": credentials.hash_of(f"long {account.user_id}")},
        )
        assert left.scalar_one() is True


def test_a_link_signs_in_but_is_no_credential_itself(databases, door, account) -> None:
    link = keys.create_sign_in_link(databases.owner, account.user_id)
    assert not opens(door, CredentialAccess(link.hash, account.client_account_id))
    assert started(databases, link.text, f"by link {account.user_id}")
    ended = keys.create_sign_in_link(
        databases.owner, account.user_id, lifetime=timedelta(seconds=-1)
    )
    assert not started(databases, ended.text, "too late")


def test_account_names_are_unique_whatever_their_case(databases, account) -> None:
    with pytest.raises(ClientAccountNameTaken):
        client_accounts.create_client_account(databases.owner, f" {account.name.upper()} ")
    found = client_accounts.find_client_account(databases.owner, account.name.upper())
    assert found == account.client_account_id


def test_a_user_is_one_person_whatever_the_case_of_the_address(databases) -> None:
    email = f"Ada-{new_id().hex}@Example.com"
    first = users.ensure_user(databases.owner, email)
    assert users.ensure_user(databases.owner, email.lower()) == first
    assert users.find_user(databases.owner, email.upper()) == first


def test_processes_that_meet_a_new_account_at_once_share_it(
    databases: Databases, tmp_path: Path
) -> None:
    name = f"Shared {new_id()}"

    def meet(_: int) -> Any:
        access = local.local_access(databases, tmp_path, name)
        return access, local.local_engagement(databases, access, "Exit")

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(meet, range(8)))) == 1


def test_the_local_user_does_not_enter_accounts_of_others(databases, account, tmp_path) -> None:
    for create in (True, False):
        with pytest.raises(ClientAccountUnknown):
            local.local_access(databases, tmp_path, account.name, create=create)


def test_what_is_not_there_is_not_made_unless_wanted(databases, account, tmp_path) -> None:
    with pytest.raises(ClientAccountUnknown):
        local.local_access(databases, tmp_path, f"No {new_id()}", create=False)
    with pytest.raises(EngagementUnknown):
        local.local_engagement(databases, account.access, "No such", create=False)


def test_engagements_of_one_name_are_one_in_an_account_and_two_in_two(
    door, account, other_account
) -> None:
    with door.open(account.access) as session:
        mine = engagements.ensure_engagement(session, " Exit ")
        assert engagements.ensure_engagement(session, "Exit") == mine
    with door.open(other_account.access) as session:
        assert engagements.ensure_engagement(session, "Exit") != mine


def test_without_the_administrative_url_nobody_is_made(databases, tmp_path) -> None:
    from dataclasses import replace

    with pytest.raises(AdministrativeUrlMissing):
        local.local_access(replace(databases, owner=None), tmp_path, "Acme")


def test_no_secret_is_stored(databases, account) -> None:
    with databases.owner.connect() as connection:
        stored = connection.execute(
            text("select c::text from app_private.credentials c where user_id = :user"),
            {"user": account.user_id},
        )
        assert account.api_key.rpartition("_")[2] not in str(stored.all())
