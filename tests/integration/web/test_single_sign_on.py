"""Single sign-on against a real provider: whom it lets in, and which answers are refused."""

import re
import time
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import text

from landbridge.identity import federated, invitations, users
from landbridge.identity.oidc_provider import Provider
from landbridge.identity.permissions import Role
from landbridge.kit.ids import new_id
from landbridge.kit.settings import Settings
from tests.support.http import serving
from tests.support.openid import CLIENT_ID, CLIENT_SECRET, openid_provider
from tests.support.people import PASSWORD, forget_attempts, make_person
from tests.support.toy import toy_types


@pytest.fixture(scope="module")
def openid():
    with openid_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def settings(openid):
    return Settings(
        oidc_issuer=openid.issuer,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
        oidc_name="Corp ID",
    )


@pytest.fixture(scope="module")
def site(databases, settings):
    federated.trust(databases.owner, Provider.of(settings))
    with serving(databases, settings, types=toy_types()) as url:
        yield url


@pytest.fixture
def browser(site):
    with httpx.Client(base_url=site, headers={"Accept": "text/html"}, timeout=30) as client:
        yield client


@pytest.fixture(autouse=True)
def _somebody_new(openid, databases):
    """Somebody new at the keyboard, and nothing wrong."""
    forget_attempts(databases)
    name = new_id().hex[-12:]
    openid.person = {
        "sub": f"subject-{name}", "email": f"{name}@corp.example", "email_verified": True,
        "name": "Ada Lovelace",
    }  # fmt: skip
    openid.wrong, openid.signed = {}, "RS256"
    openid.refused.clear()


def sign_on(browser, **query):
    """To the provider and back, as a browser goes; the last answer of ours."""
    begun = browser.get("/sign-in/oidc", params=query)
    assert begun.status_code == 303, begun.text
    with httpx.Client() as elsewhere:
        back = elsewhere.get(begun.headers["location"]).headers["location"]
    return browser.get(back, headers={"Sec-Fetch-Site": "cross-site"})


def invited(door, account, email):
    with door.open(account.access) as session:
        return invitations.invite(session, email, Role.ANALYST)[1].text


def test_the_page_offers_the_provider_and_asks_as_the_standard_says(browser, site):
    assert "Sign in with Corp ID" in browser.get("/sign-in").text
    begun = browser.get("/sign-in/oidc", params={"next": "/accounts"})
    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    assert asked["redirect_uri"] == [f"{site}/sign-in/oidc/callback"]
    assert "HttpOnly" in begun.headers["set-cookie"]


def test_an_invitation_for_the_verified_address_lets_somebody_in(browser, openid, door, account):
    token = invited(door, account, openid.person["email"].upper())
    assert "Accept with Corp ID" in browser.get(f"/invitations/{token}").text
    there = f"/accounts/{account.client_account_id}"
    answer = sign_on(browser, invitation=token, next=there)
    assert answer.headers["location"] == there
    assert browser.get(there).status_code == 200
    browser.post("/sign-out")
    assert browser.get(there).status_code == 303
    assert sign_on(browser).status_code == 303
    assert browser.get(there).status_code == 200


def test_whom_the_operator_registered_is_known_by_the_verified_address(
    browser, openid, databases, account
):
    user = users.ensure_user(databases.owner, openid.person["email"])
    users.set_membership(databases.owner, user, account.client_account_id, Role.VIEWER)
    assert sign_on(browser).status_code == 303
    assert browser.get(f"/accounts/{account.client_account_id}").status_code == 200


def test_nobody_else_gets_in(browser, openid, door, account, databases):
    assert sign_on(browser).status_code == 403
    token = invited(door, account, "another@corp.example")
    assert sign_on(browser, invitation=token).status_code == 403
    openid.person["email_verified"] = False
    token = invited(door, account, openid.person["email"])
    assert sign_on(browser, invitation=token).status_code == 403
    users.ensure_user(databases.owner, openid.person["email"])
    assert sign_on(browser).status_code == 403
    assert browser.get("/accounts").status_code == 303


def test_an_address_alone_never_opens_somebody_who_has_a_password(
    browser, openid, databases, door, account
):
    person = make_person(databases, account)
    openid.person["email"] = person.email
    assert sign_on(browser).status_code == 403
    with databases.owner.begin() as connection:
        connection.execute(
            text("delete from app_private.memberships where user_id = :u"), {"u": person.id}
        )
    token = invited(door, account, person.email)
    assert sign_on(browser, invitation=token).status_code == 409
    browser.post("/sign-in", data={"email": person.email, "password": PASSWORD})
    connected = sign_on(browser, connect="true")
    assert connected.headers["location"] == "/settings#single-sign-on"
    assert "You can sign in with Corp ID" in browser.get("/settings").text
    browser.post("/sign-out")
    assert sign_on(browser).status_code == 303
    assert person.email in browser.get("/settings").text


def test_one_account_at_the_provider_is_one_user_here(browser, openid, databases):
    for expected in (303, 409):
        person = make_person(databases)
        browser.post("/sign-in", data={"email": person.email, "password": PASSWORD})
        assert sign_on(browser, connect="true").status_code == expected


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://other.example"},
        {"aud": "another-client"},
        {"aud": ["another-client", CLIENT_ID], "azp": "another-client"},
        {"nonce": "of another browser"},
        {"nonce": None},
        {"exp": 1},
        {"iat": None},
        {"sub": None},
        {"exp": None},
    ],
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(browser, openid, databases, wrong):
    users.ensure_user(databases.owner, openid.person["email"])
    openid.wrong = wrong
    assert sign_on(browser).status_code == 401
    assert browser.get("/accounts").status_code == 303


@pytest.mark.parametrize("signed", ["another key", "HS256", "none"])
def test_a_token_that_the_provider_did_not_sign_is_refused(browser, openid, databases, signed):
    users.ensure_user(databases.owner, openid.person["email"])
    openid.signed = signed
    assert sign_on(browser).status_code == 401


def test_an_answer_to_another_browser_is_refused(browser, site, openid, databases):
    users.ensure_user(databases.owner, openid.person["email"])
    begun = browser.get("/sign-in/oidc")
    with httpx.Client() as elsewhere:
        back = elsewhere.get(begun.headers["location"]).headers["location"]
    with httpx.Client(base_url=site) as victim:
        assert victim.get(back).status_code == 401
        victim.get("/sign-in/oidc")
        assert victim.get(back).status_code == 401
    changed = re.sub(r"state=[^&]+", "state=x", back)
    assert browser.get(changed).status_code == 401
    refused = browser.get("/sign-in/oidc/callback?error=access_denied&state=x")
    assert refused.status_code == 401
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 401


def test_a_stolen_code_is_worth_nothing_without_the_verifier(browser, site, openid, databases):
    users.ensure_user(databases.owner, openid.person["email"])
    begun = browser.get("/sign-in/oidc")
    with httpx.Client() as elsewhere:
        back = elsewhere.get(begun.headers["location"]).headers["location"]
    code = parse_qs(urlsplit(back).query)["code"][0]
    with httpx.Client(base_url=site) as thief:
        own = thief.get("/sign-in/oidc").headers["location"]
        state = parse_qs(urlsplit(own).query)["state"][0]
        answer = thief.get("/sign-in/oidc/callback", params={"code": code, "state": state})
    assert answer.status_code == 401
    assert openid.refused == ["verifier"]


def test_new_keys_of_the_provider_are_asked_for(browser, openid, databases):
    from joserfc.jwk import RSAKey

    users.ensure_user(databases.owner, openid.person["email"])
    assert sign_on(browser).status_code == 303
    openid.key = RSAKey.generate_key(2048, {"kid": "two"})
    assert sign_on(browser).status_code == 303


def test_the_database_believes_nothing_without_the_seal(databases, openid, settings):
    user = users.ensure_user(databases.owner, openid.person["email"])
    claims = {"issuer": openid.issuer, "email": openid.person["email"]}
    with databases.app.anonymous() as connection:
        outcome = connection.execute(
            text(
                "select app.sign_in_federated(:issuer, 's', :email, true, :until, repeat('0', 64),"
                " 'x', null, :user, sha256('x'), '1 hour', '')"
            ),
            {**claims, "until": int(time.time()) + 60, "user": user},
        ).scalar_one()
    assert outcome == "refused"


def test_a_changed_secret_has_to_be_told_to_the_database(databases, openid, settings):
    changed = settings.model_copy(update={"oidc_client_secret": None})
    with serving(databases, changed, types=toy_types()) as url:
        answer = httpx.get(f"{url}/sign-in/oidc")
        assert answer.json()["code"] == "OIDC_NOT_CONFIGURED"
    other = Settings(
        oidc_issuer=openid.issuer, oidc_client_id=CLIENT_ID, oidc_client_secret="another secret"
    )
    with serving(databases, other, types=toy_types()) as url:
        assert httpx.get(f"{url}/sign-in/oidc").json()["code"] == "OIDC_NOT_TRUSTED"


def test_a_provider_that_does_not_answer_is_said_so(databases):
    gone = Settings(
        oidc_issuer="http://127.0.0.1:9", oidc_client_id="c", oidc_client_secret="secret"
    )
    federated.trust(databases.owner, Provider.of(gone))
    with serving(databases, gone, types=toy_types()) as url:
        assert httpx.get(f"{url}/sign-in/oidc").json()["code"] == "OIDC_UNREACHABLE"
    plain = Settings(
        oidc_issuer="http://idp.example", oidc_client_id="c", oidc_client_secret="secret"
    )
    federated.trust(databases.owner, Provider.of(plain))
    with serving(databases, plain, types=toy_types()) as url:
        assert "without https" in httpx.get(f"{url}/sign-in/oidc").json()["detail"]
