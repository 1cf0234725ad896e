"""Recovery codes: each counts once, guesses are slowed, and the user's accounts learn of it."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import text

from landbridge.identity import own, recovery, second_factor, sessions, sign_in, totp
from landbridge.identity.sign_in_errors import SignInRefused, TooManyAttempts
from tests.support.people import PASSWORD, VISIT, forget_attempts, make_person
from tests.support.sending import vault


@pytest.fixture(autouse=True)
def _no_attempts(databases):
    forget_attempts(databases)


@pytest.fixture
def person(databases, account):
    return make_person(databases, account)


def enter(databases, person):
    return sign_in.with_password(databases.app, person.email, PASSWORD, VISIT).secret.hash


@pytest.fixture
def session(databases, person):
    mine = enter(databases, person)
    second_factor.begin(databases.app, vault(), mine)
    secret = second_factor.begun(databases.app, vault(), mine)
    now = int(time.time() // 30)
    second_factor.confirm(databases.app, vault(), mine, totp.code_at(secret, now - 1))
    return mine


@pytest.fixture
def codes(databases, session, person):
    return recovery.new_codes(databases.app, session, person.email)


def test_a_code_opens_a_session_once_however_it_is_typed(databases, person, session, codes):
    assert len(set(codes)) == recovery.CODES == recovery.left(databases.app, session)
    typed = codes[3].upper().replace("-", " ").replace("0", "O").replace("1", "l")
    assert recovery.looks_like_code(typed)
    opened = recovery.with_recovery_code(databases.app, enter(databases, person), typed, VISIT)
    assert any(s.is_this for s in sessions.sessions(databases.app, opened.hash))
    assert recovery.left(databases.app, opened.hash) == 9
    with pytest.raises(SignInRefused):
        recovery.with_recovery_code(databases.app, enter(databases, person), codes[3], VISIT)


def test_it_needs_the_password_first(databases, person, codes):
    with pytest.raises(SignInRefused):
        recovery.with_recovery_code(databases.app, b"x" * 32, codes[0], VISIT)


def test_codes_are_not_guessed(databases, person, codes):
    seen = []
    for _ in range(7):
        step = enter(databases, person)
        with pytest.raises((SignInRefused, TooManyAttempts)) as refused:
            recovery.with_recovery_code(databases.app, step, "0000-0000-0000-0000", VISIT)
        seen.append(refused.type)
    assert seen == [SignInRefused] * 5 + [TooManyAttempts] * 2


def test_new_ones_need_the_password_and_end_the_old_ones(databases, person, session, codes):
    for password in (None, "", "wrong password"):
        with pytest.raises(SignInRefused):
            recovery.new_codes(databases.app, session, person.email, password)
    fresh = recovery.new_codes(databases.app, session, person.email, PASSWORD)
    assert not set(fresh) & set(codes)
    with pytest.raises(SignInRefused):
        recovery.with_recovery_code(databases.app, enter(databases, person), codes[0], VISIT)
    recovery.with_recovery_code(databases.app, enter(databases, person), fresh[0], VISIT)


def test_without_a_second_factor_there_are_none(databases, person):
    mine = enter(databases, person)
    with pytest.raises(SignInRefused):
        recovery.new_codes(databases.app, mine, person.email, PASSWORD)
    assert recovery.left(databases.app, mine) == 0


def test_they_end_with_the_second_factor(databases, person, session, codes):
    second_factor.end(databases.app, session, person.email, PASSWORD)
    assert not own.settings_of(databases.app, session).has_second_factor
    with databases.owner.connect() as connection:
        kept = "select count(*) from app_private.recovery_codes where user_id = :user"
        assert connection.execute(text(kept), {"user": person.id}).scalar_one() == 0


def test_the_use_of_one_is_in_the_audit_log_of_the_users_accounts(
    databases, account, person, codes
):
    recovery.with_recovery_code(databases.app, enter(databases, person), codes[0], VISIT)
    query = text("select entry from app.audit_entries where action = 'recovery_code.used'")
    with databases.app.open(account.access) as opened:
        (entry,) = opened.execute(query).scalars()
    assert entry["object"]["name"] == person.email
    assert entry["detail"] == {"left": 9}
    assert not [code for code in codes if code in str(entry)]


def test_only_hashes_are_stored(databases, person, codes):
    with databases.owner.connect() as connection:
        rows = connection.execute(text("select r::text from app_private.recovery_codes r"))
        stored = " ".join(rows.scalars())
    assert not [c for c in codes if c in stored or c.replace("-", "") in stored]
