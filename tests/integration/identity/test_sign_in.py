"""Signing in with a password: what the database decides, and what it never tells."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from landbridge.database.session import CredentialAccess
from landbridge.identity import own, second_factor, sessions, sign_in, totp
from landbridge.identity.sign_in_errors import (
    PasswordWeak,
    SecondFactorNotBegun,
    SessionUnknown,
    SignInRefused,
    TooManyAttempts,
)
from landbridge.kit.ids import new_id
from tests.support.people import PASSWORD, VISIT, forget_attempts, make_person
from tests.support.sending import vault

NOBODY = "nobody@example.com"


@pytest.fixture(autouse=True)
def _no_earlier_attempts(databases):
    forget_attempts(databases)


@pytest.fixture
def person(databases, account):
    return make_person(databases, account)


def enter(databases, email, password, visit=VISIT):
    return sign_in.with_password(databases.app, email, password, visit)


def outcome(databases, email, password, visit=VISIT):
    try:
        enter(databases, email, password, visit)
    except (SignInRefused, TooManyAttempts) as error:
        return error
    return None


def test_a_right_password_opens_what_its_user_is_a_member_of(databases, door, account, person):
    entered = enter(databases, f" {person.email.upper()} ", PASSWORD)
    assert not entered.asks_code
    with door.open(CredentialAccess(entered.secret.hash, account.client_account_id)) as session:
        assert session.role == "viewer"
        assert session.user_id == person.id


def test_every_sign_in_is_another_session(databases, person):
    assert enter(databases, person.email, PASSWORD).secret.text != (
        enter(databases, person.email, PASSWORD).secret.text
    )


@pytest.mark.parametrize("email", [NOBODY, "", "\0", "\ud800", "x" * 1000, "a|b", "%"])
def test_whoever_does_not_exist_is_refused_like_a_wrong_password(databases, person, email):
    wrong = outcome(databases, person.email, "a wrong password")
    unknown = outcome(databases, email, "a wrong password")
    assert type(unknown) is type(wrong) is SignInRefused
    assert unknown.problem() == wrong.problem()


def test_somebody_without_a_password_cannot_sign_in_with_an_empty_one(databases, account):
    assert isinstance(outcome(databases, account.email, ""), SignInRefused)


def test_a_known_and_an_unknown_address_take_the_same_time(databases, person):
    def seconds(email, n):
        visit = replace(VISIT, place=f"198.51.100.{n}")
        started = time.perf_counter()
        outcome(databases, email, "a wrong password")
        assert visit
        return time.perf_counter() - started

    known, unknown = [], []
    for n in range(9):
        forget_attempts(databases)
        known.append(seconds(person.email, n))
        unknown.append(seconds(NOBODY, n))
    ratio = statistics.median(known) / statistics.median(unknown)
    assert 0.7 < ratio < 1.4


@pytest.mark.parametrize("exists", [True, False])
def test_guesses_are_slowed_and_the_right_one_is_not_told_apart(databases, person, exists):
    email = person.email if exists else f"{new_id().hex}@example.com"
    answers = [type(outcome(databases, email, f"guess number {n}")) for n in range(8)]
    assert answers == [SignInRefused] * 5 + [TooManyAttempts] * 3
    refused = outcome(databases, email, PASSWORD)
    assert isinstance(refused, TooManyAttempts)
    assert 1 <= refused.fields["retry_after"] <= 60


def test_the_rightful_person_elsewhere_is_not_locked_out(databases, person):
    for n in range(8):
        outcome(databases, person.email, f"guess number {n}")
    elsewhere = replace(VISIT, place="203.0.113.9")
    assert outcome(databases, person.email, PASSWORD, elsewhere) is None


def outcomes(databases, guesses):
    """What the database says to guesses that follow each other at once."""
    with databases.app.anonymous() as connection:
        return [
            connection.execute(
                text("select outcome from app.sign_in(:who, :place, :p, :s, '1 hour', '')"),
                {"who": who, "place": place, "p": b"p" * 32, "s": b"s" * 32},
            ).scalar_one()
            for who, place in guesses
        ]


def test_guesses_from_many_networks_are_slowed_by_their_address(databases, person):
    told = outcomes(databases, [(person.email, f"203.0.113.{n}") for n in range(33)])
    assert told == ["refused"] * 30 + ["wait"] * 3


def test_guesses_for_many_addresses_are_slowed_by_their_network(databases):
    told = outcomes(databases, [(f"a{n}@example.com", "203.0.113.1") for n in range(63)])
    assert told == ["refused"] * 60 + ["wait"] * 3


def test_guesses_made_at_once_are_counted_too(databases, person):
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda n: outcome(databases, person.email, f"no {n}"), range(12)))
    assert sum(isinstance(a, SignInRefused) for a in answers) == 5


def test_right_passwords_use_nothing_up(databases, person):
    assert [outcome(databases, person.email, PASSWORD) for _ in range(8)] == [None] * 8


def test_the_limit_ends(databases, person):
    for n in range(6):
        outcome(databases, person.email, f"guess number {n}")
    with databases.owner.begin() as connection:
        connection.execute(
            text("update app_private.rate_limits set empty_at = empty_at - interval '2 minutes'")
        )
    assert outcome(databases, person.email, PASSWORD) is None


def test_the_login_of_the_api_reads_no_verifier(databases):
    for table in ("passwords", "second_factors", "rate_limits", "set_up_links", "sign_in_steps"):
        with pytest.raises(ProgrammingError), databases.app.engine.begin() as connection:
            connection.execute(text(f"select * from app_private.{table}"))


def test_neither_password_nor_proof_is_stored(databases, person):
    entered = enter(databases, person.email, PASSWORD)
    with databases.owner.connect() as connection:
        rows = connection.execute(
            text(
                "select p::text from app_private.passwords p union all "
                "select c::text from app_private.credentials c"
            )
        )
        stored = str(rows.all())
    assert PASSWORD not in stored
    assert entered.secret.text not in stored


class TestPassword:
    """Changing it."""

    def test_the_old_one_is_needed_and_other_sessions_end(self, databases, door, account, person):
        mine, other = (enter(databases, person.email, PASSWORD).secret for _ in range(2))
        new = "another long pass phrase"
        with pytest.raises(SignInRefused):
            own.set_password(databases.app, mine.hash, person.email, "wrong", new)
        own.set_password(databases.app, mine.hash, person.email, PASSWORD, new)
        assert [s.is_this for s in sessions.sessions(databases.app, mine.hash)] == [True]
        assert sessions.sessions(databases.app, other.hash) == []
        assert isinstance(outcome(databases, person.email, PASSWORD), SignInRefused)
        assert outcome(databases, person.email, new) is None

    def test_the_old_one_is_not_guessed_from_a_stolen_session(self, databases, person):
        mine = enter(databases, person.email, PASSWORD).secret
        for n in range(5):
            with pytest.raises(SignInRefused):
                own.set_password(databases.app, mine.hash, person.email, f"guess {n}", PASSWORD)
        with pytest.raises(TooManyAttempts):
            own.set_password(databases.app, mine.hash, person.email, PASSWORD, PASSWORD)

    def test_an_api_key_changes_no_password(self, databases, account):
        with pytest.raises(SignInRefused):
            own.set_password(
                databases.app, account.access.credential_hash, account.email, "", PASSWORD
            )

    def test_a_weak_one_is_refused(self, databases, person):
        mine = enter(databases, person.email, PASSWORD).secret
        with pytest.raises(PasswordWeak):
            own.set_password(databases.app, mine.hash, person.email, PASSWORD, person.email)


class TestSecondFactor:
    """A code besides the password."""

    @pytest.fixture
    def secret(self, databases, person):
        mine = enter(databases, person.email, PASSWORD).secret
        with pytest.raises(SecondFactorNotBegun):
            second_factor.confirm(databases.app, vault(), mine.hash, "123456")
        second_factor.begin(databases.app, vault(), mine.hash)
        secret = second_factor.begun(databases.app, vault(), mine.hash)
        with pytest.raises(SignInRefused):
            second_factor.confirm(databases.app, vault(), mine.hash, "000000")
        now = int(time.time() // 30)
        second_factor.confirm(databases.app, vault(), mine.hash, totp.code_at(secret, now - 1))
        return secret

    def test_the_password_alone_opens_nothing(self, databases, door, account, person, secret):
        step = enter(databases, person.email, PASSWORD)
        assert step.asks_code
        assert sessions.sessions(databases.app, step.secret.hash) == []
        code = totp.code_at(secret, int(time.time() // 30))
        session = sign_in.with_code(databases.app, vault(), step.secret.hash, code, VISIT)
        assert len(sessions.sessions(databases.app, session.hash)) == 3
        with pytest.raises(SignInRefused):
            sign_in.with_code(databases.app, vault(), step.secret.hash, code, VISIT)

    def test_a_code_counts_once(self, databases, person, secret):
        code = totp.code_at(secret, int(time.time() // 30))
        first, second = (enter(databases, person.email, PASSWORD).secret for _ in range(2))
        sign_in.with_code(databases.app, vault(), first.hash, code, VISIT)
        with pytest.raises(SignInRefused):
            sign_in.with_code(databases.app, vault(), second.hash, code, VISIT)

    def test_codes_are_not_guessed_however_often_the_password_is_shown(
        self, databases, person, secret
    ):
        seen = []
        for _ in range(7):
            step = enter(databases, person.email, PASSWORD).secret
            with pytest.raises((SignInRefused, TooManyAttempts)) as refused:
                sign_in.with_code(databases.app, vault(), step.hash, "000000", VISIT)
            seen.append(refused.type)
        assert seen == [SignInRefused] * 5 + [TooManyAttempts] * 2

    def test_it_ends_with_the_password(self, databases, person, secret):
        step = enter(databases, person.email, PASSWORD).secret
        code = totp.code_at(secret, int(time.time() // 30))
        session = sign_in.with_code(databases.app, vault(), step.hash, code, VISIT)
        second_factor.begin(databases.app, vault(), session.hash)
        assert own.settings_of(databases.app, session.hash).has_second_factor
        with pytest.raises(SignInRefused):
            second_factor.end(databases.app, session.hash, person.email, "wrong password")
        second_factor.end(databases.app, session.hash, person.email, PASSWORD)
        assert not enter(databases, person.email, PASSWORD).asks_code


class TestSessions:
    """Where somebody is signed in."""

    def test_one_of_ones_own_ends_and_nobody_elses(self, databases, person, account):
        mine, other = (enter(databases, person.email, PASSWORD).secret for _ in range(2))
        stranger = make_person(databases)
        theirs = enter(databases, stranger.email, PASSWORD).secret
        (their_id,) = [s.id for s in sessions.sessions(databases.app, theirs.hash) if s.is_this]
        with pytest.raises(SessionUnknown):
            sessions.end_session(databases.app, mine.hash, their_id)
        (other_id,) = [s.id for s in sessions.sessions(databases.app, other.hash) if s.is_this]
        sessions.end_session(databases.app, mine.hash, other_id)
        assert sessions.sessions(databases.app, other.hash) == []
        assert sessions.sessions(databases.app, theirs.hash) != []

    def test_signing_out_everywhere_ends_all_of_them(self, databases, person):
        secrets = [enter(databases, person.email, PASSWORD).secret for _ in range(3)]
        assert sessions.end_all_sessions(databases.app, secrets[0].hash) == 4
        assert all(sessions.sessions(databases.app, s.hash) == [] for s in secrets)
