"""From a fresh server to two people with different rights, in a browser."""

import pytest
from playwright.sync_api import expect

from landbridge.identity import federated, set_up, users
from landbridge.identity.oidc_provider import Provider
from landbridge.kit.settings import Settings
from tests.support.http import serving
from tests.support.openid import CLIENT_ID, CLIENT_SECRET, openid_provider
from tests.support.people import PASSWORD
from tests.support.toy import toy_types

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def fresh(fresh_databases):
    with serving(fresh_databases, types=toy_types()) as url:
        yield url


@pytest.mark.parametrize("scripts", [True, False])
def test_set_up_invite_accept_and_the_limits_of_a_role(browser, fresh, fresh_databases, scripts):
    link = set_up.new_link(fresh_databases.owner).text
    with (
        browser.new_context(java_script_enabled=scripts) as hers,
        browser.new_context(java_script_enabled=scripts) as his,
    ):
        ada, grace = hers.new_page(), his.new_page()

        ada.goto(fresh)
        expect(ada.get_by_text("Nobody has a password here yet")).to_be_visible()
        ada.goto(f"{fresh}/set-up?token={link}")
        ada.get_by_label("E-mail address").fill("ada@example.com")
        ada.get_by_label("Your name").fill("Ada Lovelace")
        ada.get_by_label("Password").fill("short")
        ada.get_by_label("First client account").fill("Acme Industries")
        ada.get_by_role("button", name="Set up").click()
        expect(ada.get_by_text("fewer than 12 characters")).to_be_visible()
        ada.get_by_label("Password").fill(PASSWORD)
        ada.get_by_role("button", name="Set up").click()
        expect(ada.get_by_role("heading", name="Acme Industries")).to_be_visible()

        ada.get_by_role("link", name="Members", exact=True).click()
        ada.get_by_label("E-mail address").fill("grace@example.com")
        ada.get_by_label("Role", exact=True).select_option("Viewer")
        ada.get_by_role("button", name="Make a link").click()
        invitation = ada.get_by_label("Link of the invitation").input_value()

        grace.goto(invitation)
        expect(grace.get_by_role("heading", name="Acme Industries")).to_be_visible()
        grace.get_by_label("Your name").fill("Grace Hopper")
        grace.get_by_label("Choose a password").fill("another long pass phrase")
        grace.get_by_role("button", name="Accept").click()
        expect(grace.get_by_role("heading", name="Acme Industries")).to_be_visible()
        expect(grace.get_by_role("link", name="Members", exact=True)).to_have_count(0)
        expect(grace.get_by_role("button", name="Create engagement")).to_have_count(0)
        account = grace.url
        grace.goto(f"{account}/members")
        expect(grace.get_by_text("This needs the role admin; yours is viewer.")).to_be_visible()

        ada.goto(f"{account}/members")
        row = ada.get_by_role("listitem").filter(has_text="Grace Hopper")
        row.get_by_label("Role of Grace Hopper").select_option("Analyst")
        row.get_by_role("button", name="Save").click()
        grace.goto(account)
        expect(grace.get_by_role("button", name="Create engagement")).to_be_visible()

        grace.goto(f"{fresh}/settings")
        grace.get_by_role("button", name="Sign out everywhere").click()
        grace.get_by_label("E-mail address").fill("grace@example.com")
        grace.get_by_label("Password").fill("not the pass phrase")
        grace.get_by_role("button", name="Sign in").click()
        expect(grace.get_by_text("do not belong together")).to_be_visible()
        grace.get_by_label("Password").fill("another long pass phrase")
        grace.get_by_role("button", name="Sign in").click()
        expect(grace.get_by_role("heading", name="Acme Industries")).to_be_visible()

        ada.goto(f"{account}/members")
        row = ada.get_by_role("listitem").filter(has_text="Grace Hopper")
        row.get_by_role("button", name="Remove").click()
        grace.goto(account)
        expect(grace.get_by_text("There is nothing at this address.")).to_be_visible()


def test_single_sign_on_goes_to_the_provider_and_comes_back(browser, fresh_databases):
    with openid_provider() as provider, browser.new_context() as context:
        provider.asks = True
        provider.person = {"sub": "1", "email": "ada@corp.example", "email_verified": True}
        settings = Settings(
            oidc_issuer=provider.issuer,
            oidc_client_id=CLIENT_ID,
            oidc_client_secret=CLIENT_SECRET,
            oidc_name="Corp ID",
        )
        federated.trust(fresh_databases.owner, Provider.of(settings))
        users.ensure_user(fresh_databases.owner, "ada@corp.example", "Ada Lovelace")
        with serving(fresh_databases, settings, types=toy_types()) as site:
            page = context.new_page()
            page.goto(f"{site}/settings")
            page.get_by_role("link", name="Sign in with Corp ID").click()
            page.get_by_role("link", name="Continue as me").click()
            expect(page.get_by_role("heading", name="Your settings")).to_be_visible()
            expect(page.get_by_text("You can sign in with Corp ID.")).to_be_visible()
            expect(page.get_by_text("Signed in with single sign-on")).to_be_visible()
