"""Members, invitations, keys and settings on pages."""

import re

import httpx
import pytest
from sqlalchemy import text

from landbridge.identity import account_settings, api_keys, break_glass, invitations
from landbridge.identity.permissions import Role
from landbridge.webhooks import subscriptions
from tests.support.accounts import make_member
from tests.support.people import PASSWORD, forget_attempts, make_person
from tests.support.sending import vault


@pytest.fixture(autouse=True)
def _no_earlier_attempts(databases):
    forget_attempts(databases)


@pytest.fixture
def browser(browser_of, account):
    return browser_of(account)


@pytest.fixture
def stranger(server):
    with httpx.Client(base_url=server, headers={"Accept": "text/html"}, timeout=30) as client:
        yield client


@pytest.fixture
def root(account):
    return f"/accounts/{account.client_account_id}"


def link_on(page):
    return re.search(r"/invitations/lbi_\w+", page.text)[0]


def test_an_invitation_leads_from_a_link_to_a_membership_with_its_limits(
    browser, stranger, root, account
):
    made = browser.post(f"{root}/invitations", data={"email": "g@example.org", "role": "viewer"})
    link = link_on(made)
    assert link not in browser.get(f"{root}/members").text
    offered = stranger.get(link)
    assert account.name in offered.text
    weak = stranger.post(link, data={"name": "Grace", "password": "short"})
    assert weak.status_code == 422
    assert 'value="Grace"' in weak.text
    assert stranger.post(link, data={"name": "", "password": PASSWORD}).status_code == 422
    accepted = stranger.post(link, data={"name": "Grace", "password": PASSWORD})
    assert accepted.headers["location"] == root
    seen = stranger.get(root)
    assert seen.status_code == 200
    assert f"{root}/members" not in seen.text
    assert stranger.get(f"{root}/members").status_code == 403
    assert stranger.post(f"{root}/engagements", data={"name": "Mine"}).status_code == 403
    assert stranger.get(link).status_code == 404
    assert "Grace" in browser.get(f"{root}/members").text


def test_somebody_known_accepts_as_themselves(browser, stranger, root, databases):
    person = make_person(databases)
    link = link_on(browser.post(f"{root}/invitations", data={"email": person.email}))
    assert "Sign in to accept" in stranger.get(link).text
    stolen = stranger.post(link, data={"name": "Eve", "password": "a password of an attacker"})
    assert stolen.status_code == 409
    assert stranger.post(f"{link}/accept").headers["location"].startswith("/sign-in?next=")
    given = {"email": person.email, "password": PASSWORD, "next": link}
    assert stranger.post("/sign-in", data=given).headers["location"] == link
    assert "You are signed in as" in stranger.get(link).text
    assert stranger.post(f"{link}/accept").headers["location"] == root
    assert stranger.get(root).status_code == 200


def test_somebody_else_is_told_that_it_is_not_for_them(browser, root):
    link = link_on(browser.post(f"{root}/invitations", data={"email": "other@example.org"}))
    assert "for another address" in browser.get(link).text
    assert browser.post(f"{link}/accept").status_code == 403


def test_mistakes_are_said_where_they_are(browser, root, account):
    wrong = browser.post(f"{root}/invitations", data={"email": "ada"})
    assert wrong.status_code == 422
    assert 'id="e-email"' in wrong.text
    assert browser.post(f"{root}/invitations", data={"email": account.email}).status_code == 409
    assert browser.post(f"{root}/keys", data={"label": " "}).status_code == 422
    alone = browser.post(f"{root}/members/{account.user_id}/remove")
    assert alone.status_code == 409
    assert "without an admin" in alone.text


def test_an_invitation_is_taken_back_and_a_role_changed(
    browser, stranger, root, databases, door, account
):
    link = link_on(browser.post(f"{root}/invitations", data={"email": "t@example.org"}))
    with door.open(account.access) as session:
        (open_one,) = invitations.invitations(session)
    browser.post(f"{root}/invitations/{open_one.id}/withdraw")
    assert stranger.get(link).status_code == 404
    person = make_person(databases, account)
    change = f"{root}/members/{person.id}/role"
    assert browser.post(change, data={"role": "approver"}).status_code == 303
    assert browser.post(change, data={"role": "king"}).status_code == 422
    assert browser.post(f"{root}/members/{person.id}/remove").status_code == 303
    assert person.email not in browser.get(f"{root}/members").text


def test_a_key_is_shown_once_and_revoked(browser, root, door, account):
    made = browser.post(
        f"{root}/keys", data={"label": "for the warehouse", "role": "analyst", "days": "30"}
    )
    key = re.search(r"lb_\w+", made.text)[0]
    assert key not in browser.get(f"{root}/keys").text
    with door.open(account.access) as session:
        listed = next(k for k in api_keys.keys(session) if k.label == "for the warehouse")
        assert listed.role == "analyst"
        assert listed.expires_at is not None
    assert browser.post(f"{root}/keys/{listed.id}/revoke").status_code == 303
    assert "for the warehouse" not in browser.get(f"{root}/keys").text


def test_four_eyes_and_operators_stand_on_the_settings_page(
    browser, browser_of, root, databases, door, account
):
    operator = make_person(databases)
    break_glass.break_glass(
        databases.owner, account.client_account_id, operator.id, Role.VIEWER,
        "Ticket 4711: <b>stuck</b> import", 30,
    )  # fmt: skip
    assert browser.post(f"{root}/settings", data={"four_eyes": "true"}).status_code == 303
    with door.open(account.access) as session:
        assert account_settings.four_eyes(session)
    shown = browser.get(f"{root}/settings").text
    assert "Ticket 4711: &lt;b&gt;stuck&lt;/b&gt; import" in shown
    assert "Operator until" in browser.get(f"{root}/members").text
    viewer = browser_of(
        make_member(databases, account.client_account_id, account.name, Role.VIEWER)
    )
    assert operator.email in viewer.get(f"{root}/settings").text
    assert viewer.post(f"{root}/settings").status_code == 403
    browser.post(f"{root}/settings")
    with door.open(account.access) as session:
        assert not account_settings.four_eyes(session)


def test_another_accounts_pages_are_the_404_of_pages_that_do_not_exist(browser, other_account):
    theirs = f"/accounts/{other_account.client_account_id}"
    for path in ("/members", "/keys", "/settings"):
        assert browser.get(theirs + path).status_code == 404
    assert browser.post(f"{theirs}/invitations", data={"email": "x@y.z"}).status_code == 404


def test_another_site_changes_nothing(browser, root):
    for path in ("/invitations", "/keys", "/settings"):
        answer = browser.post(root + path, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403


def test_every_page_of_the_account_leads_to_the_others(browser, root):
    pages = [
        root, f"{root}/members", f"{root}/keys", f"{root}/webhooks",
        f"{root}/learned-mappings", f"{root}/strategy-rules", f"{root}/agents",
        f"{root}/dead-letters", f"{root}/audit", f"{root}/errors", f"{root}/settings",
    ]  # fmt: skip
    for path in pages:
        page = browser.get(path).text
        tabs = re.search(r'aria-label="Client account">(.*?)</nav>', page, re.S)[1]
        assert re.findall(r'href="([^"]+)"', tabs) == pages
        assert re.search(r'href="([^"]+)" aria-current="page"', tabs)[1] == path


def test_webhooks_that_were_switched_off_are_told_on_the_accounts_first_page(
    browser, root, databases, account
):
    assert "switched off" not in browser.get(root).text
    with databases.app.open(account.access) as session:
        subscriptions.add(session, "https://hooks.example.com/", ("*",), allowed=(), vault=vault())
        session.execute(
            text(
                "update app.webhooks"
                " set enabled = false, disabled_at = now(), disabled_reason = 'gone'"
            )
        )
    assert "One webhook was switched off" in browser.get(root).text
