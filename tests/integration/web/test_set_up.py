"""A fresh server: nothing is open, and one link lets the first person in."""

import re
import time

import httpx
import pytest
from sqlalchemy import text

from landbridge.identity import local, second_factor, set_up, totp
from landbridge.identity.credentials import hash_of
from tests.support.http import serving
from tests.support.people import PASSWORD
from tests.support.sending import vault
from tests.support.toy import toy_types


@pytest.fixture
def fresh(fresh_databases):
    with serving(fresh_databases, types=toy_types()) as url:
        yield url


@pytest.fixture
def browser(fresh):
    with httpx.Client(base_url=fresh, headers={"Accept": "text/html"}, timeout=30) as client:
        yield client


def form(token, **more):
    person = {"email": "ada@example.com", "name": "Ada", "password": PASSWORD}
    return {"token": token, **person, **more}


def test_nothing_is_open_and_the_sign_in_page_says_what_to_do(browser):
    assert browser.get("/").headers["location"].startswith("/sign-in")
    assert "set-up link" in browser.get("/sign-in").text
    for token in ("", "lbu_wrong"):
        assert browser.get("/set-up", params={"token": token}).status_code == 404
        assert browser.post("/set-up", data=form(token)).status_code == 404
    assert browser.get("/settings").status_code == 303


def test_the_link_makes_the_first_person_once(browser, fresh_databases):
    old = set_up.new_link(fresh_databases.owner)
    link = set_up.new_link(fresh_databases.owner)
    assert browser.get("/set-up", params={"token": old.text}).status_code == 404
    assert "Set up Landbridge" in browser.get("/set-up", params={"token": link.text}).text
    made = browser.post("/set-up", data=form(link.text, account_name="Acme"))
    assert made.status_code == 303
    assert browser.get("/accounts").text.count("Acme") > 0
    assert browser.get("/set-up", params={"token": link.text}).status_code == 404
    again = form(link.text, email="mallory@example.com")
    assert browser.post("/set-up", data=again).status_code == 404
    assert "set-up link" not in browser.get("/sign-in").text
    other = browser.post("/accounts", data={"name": "Initech"})
    assert other.status_code == 303
    assert "Initech" in browser.get(other.headers["location"]).text
    assert browser.post("/accounts", data={"name": "acme"}).status_code == 422


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"password": "short"}, "password"), ({"email": "ada"}, "email"), ({"name": ""}, "name")],
)
def test_a_mistake_is_said_at_its_field_and_uses_nothing_up(browser, fresh_databases, wrong, field):
    link = set_up.new_link(fresh_databases.owner)
    refused = browser.post("/set-up", data=form(link.text, **wrong))
    assert refused.status_code == 422
    assert f'id="e-{field}"' in refused.text
    assert PASSWORD not in refused.text
    assert browser.post("/set-up", data=form(link.text)).status_code == 303


def test_an_account_name_that_is_taken_uses_nothing_up(browser, fresh_databases, tmp_path):
    local.local_access(fresh_databases, tmp_path, "Acme")
    link = set_up.new_link(fresh_databases.owner)
    refused = browser.post("/set-up", data=form(link.text, account_name="ACME"))
    assert refused.status_code == 409
    assert browser.post("/set-up", data=form(link.text)).status_code == 303
    assert "Acme" in browser.get("/accounts").text


def test_an_old_link_does_not_hold(browser, fresh_databases):
    link = set_up.new_link(fresh_databases.owner)
    with fresh_databases.owner.begin() as connection:
        connection.execute(text("update app_private.set_up_links set expires_at = now()"))
    assert browser.post("/set-up", data=form(link.text)).status_code == 404


def test_password_second_factor_and_sessions_from_the_settings_page(browser, fresh_databases):
    link = set_up.new_link(fresh_databases.owner)
    browser.post("/set-up", data=form(link.text))
    door = fresh_databases.app
    session = hash_of(browser.cookies["landbridge_session"])

    wrong = browser.post("/settings/password", data={"old": "wrong", "new": PASSWORD + "!"})
    assert wrong.status_code == 422
    assert "not your present password" in wrong.text
    weak = browser.post("/settings/password", data={"old": PASSWORD, "new": "short"})
    assert weak.status_code == 422
    assert "fewer than" in weak.text
    changed = browser.post("/settings/password", data={"old": PASSWORD, "new": PASSWORD + "!"})
    assert changed.status_code == 303

    browser.post("/settings/second-factor")
    secret = second_factor.begun(door, vault(), session)
    assert totp.key_text(secret) in browser.get("/settings").text
    assert browser.post("/settings/second-factor/confirm", data={"code": "1"}).status_code == 422
    now = int(time.time() // 30)
    code = {"code": totp.code_at(secret, now - 1)}
    assert browser.post("/settings/second-factor/confirm", data=code).status_code == 200

    with httpx.Client(base_url=browser.base_url, headers={"Accept": "text/html"}) as other:
        given = {"email": "ada@example.com", "password": PASSWORD + "!", "next": "/accounts"}
        asked = other.post("/sign-in", data=given)
        assert asked.headers["location"] == "/sign-in/code?next=%2Faccounts"
        step = other.cookies["landbridge_session"]
        assert other.get("/accounts").status_code == 303
        wrong = other.post("/sign-in/code", data={"code": "000000"})
        assert wrong.status_code == 401
        code = {"code": totp.code_at(secret, int(time.time() // 30)), "next": "/accounts"}
        entered = other.post("/sign-in/code", data=code)
        assert entered.headers["location"] == "/accounts"
        assert other.cookies["landbridge_session"] != step
        assert other.get("/accounts").status_code == 200
        assert browser.get("/settings").text.count('/end"') == 3  # two sessions, one factor
        assert browser.post("/settings/sessions/end-all").status_code == 303
        assert other.get("/accounts").status_code == 303
    assert browser.get("/accounts").status_code == 303


def test_a_wrong_password_is_401_slowed_to_429_and_says_the_same_for_everybody(
    browser, fresh_databases
):
    link = set_up.new_link(fresh_databases.owner)
    browser.post("/set-up", data=form(link.text))
    browser.post("/sign-out")

    def transcript(email):
        answers = [
            browser.post("/sign-in", data={"email": email, "password": f"guess {n}"})
            for n in range(7)
        ]
        return [
            (
                a.status_code,
                sorted(set(a.headers) - {"x-trace-id"}),
                re.sub(r"in \d+ seconds|[0-9a-f]{32}", "", a.text.replace(email, "")),
            )
            for a in answers
        ]

    known, unknown = transcript("ada@example.com"), transcript("eve@example.org")
    assert [status for status, _, _ in known] == [401] * 5 + [429] * 2
    assert known == unknown
    right = browser.post("/sign-in", data={"email": "ada@example.com", "password": PASSWORD})
    assert right.status_code == 429
    assert 1 <= int(right.headers["retry-after"]) <= 60


def test_another_site_cannot_sign_a_browser_in(browser):
    answer = browser.post(
        "/sign-in",
        data={"email": "ada@example.com", "password": PASSWORD},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 403
