"""Signing in, staying signed in, and signing out."""

import httpx
import pytest

from landbridge.identity import keys


@pytest.fixture
def anonymous(server):
    with httpx.Client(base_url=server, headers={"Accept": "text/html"}) as client:
        yield client


def test_a_page_sends_a_stranger_to_the_sign_in_and_back(anonymous, account):
    target = f"/accounts/{account.client_account_id}"
    asked = anonymous.get(target + "?x=1")
    assert asked.status_code == 303
    assert asked.headers["location"] == f"/sign-in?next=%2Faccounts%2F{target[10:]}%3Fx%3D1"
    signed = anonymous.post("/sign-in", data={"token": account.api_key, "next": target})
    assert signed.status_code == 303
    assert signed.headers["location"] == target
    assert anonymous.get(target).status_code == 200


def test_the_cookie_cannot_be_read_by_scripts_and_stays_on_this_site(anonymous, account):
    cookie = anonymous.post("/sign-in", data={"token": account.api_key}).headers["set-cookie"]
    assert cookie.startswith("landbridge_session=lbw_")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie


def test_every_sign_in_is_a_new_session_and_ends_the_one_before(server, anonymous, account):
    anonymous.post("/sign-in", data={"token": account.api_key})
    first = anonymous.cookies["landbridge_session"]
    anonymous.post("/sign-in", data={"token": account.api_key})
    assert anonymous.cookies["landbridge_session"] != first
    stale = httpx.get(server + "/api/v1/client-accounts", cookies={"landbridge_session": first})
    assert stale.status_code == 401


def test_signing_out_ends_the_session_in_the_database(server, anonymous, account):
    anonymous.post("/sign-in", data={"token": account.api_key})
    session = anonymous.cookies["landbridge_session"]
    anonymous.post("/sign-out")
    assert "landbridge_session" not in anonymous.cookies
    stale = httpx.get(server + "/api/v1/client-accounts", cookies={"landbridge_session": session})
    assert stale.status_code == 401


def test_a_sign_in_link_signs_in_and_leaves_no_token_in_the_address(databases, anonymous, account):
    link = keys.create_sign_in_link(databases.owner, account.user_id)
    answer = anonymous.get("/sign-in", params={"token": link.text, "next": "/accounts"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/accounts"
    assert anonymous.get("/accounts").status_code == 200


def test_a_link_followed_from_another_site_asks_first(databases, anonymous, account):
    link = keys.create_sign_in_link(databases.owner, account.user_id)
    answer = anonymous.get(
        "/sign-in", params={"token": link.text}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 200
    assert not anonymous.cookies


def test_a_wrong_key_says_so_and_signs_nobody_in(anonymous):
    answer = anonymous.post("/sign-in", data={"token": "lb_wrong"})
    assert answer.status_code == 401
    assert "not valid" in answer.text
    assert not anonymous.cookies


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", ""]
)
def test_a_sign_in_never_leads_to_another_site(anonymous, account, target):
    answer = anonymous.post("/sign-in", data={"token": account.api_key, "next": target})
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_change_sent_by_another_site_is_refused(browser_of, account, headers):
    browser = browser_of(account)
    url = f"/accounts/{account.client_account_id}/engagements"
    answer = browser.post(url, data={"name": "Planted"}, headers=headers)
    assert answer.status_code == 403
    assert "CROSS_SITE_REQUEST" in answer.text


def test_plain_http_from_another_machine_cannot_sign_in(anonymous, account):
    answer = anonymous.post(
        "/sign-in", data={"token": account.api_key}, headers={"Host": "landbridge.corp.example"}
    )
    assert answer.status_code == 400
    assert "set-cookie" not in answer.headers


def test_the_theme_is_remembered_without_scripts(anonymous):
    anonymous.post("/preferences/theme", data={"theme": "dark", "back": "/sign-in"})
    assert 'data-theme="dark"' in anonymous.get("/sign-in").text
    anonymous.post("/preferences/theme", data={"theme": "", "back": "/sign-in"})
    assert "data-theme" not in anonymous.get("/sign-in").text
