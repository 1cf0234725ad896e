"""Controlling flows in a browser: every button, with a worker behind it."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from landbridge.identity.permissions import Role
from tests.e2e.conftest import Visitor
from tests.e2e.test_accessibility import SCREENS
from tests.support import accounts
from tests.support.http import serving
from tests.support.play import play_types
from tests.support.played import Playground, playing

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def site(databases, tmp_path_factory):
    with playing(databases, tmp_path_factory.mktemp("worker")):
        with serving(databases, types=play_types()) as url:
            yield url


@pytest.fixture(scope="module")
def play(databases, person):
    return Playground(databases, person)


def state(page):
    return page.get_by_role("region", name="State")


def open_flow(visitor, flow_id):
    visitor.go(f"flows/{flow_id}")
    visitor.page.evaluate("window.notReloaded = true")
    return visitor.page


def test_pause_resume_complete_without_a_reload(visitor, play):
    page = open_flow(visitor, play.start("steps", seconds=4))
    expect(state(page)).to_contain_text("Running")
    page.get_by_role("button", name="Pause").click()
    expect(state(page)).to_contain_text("Paused")
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    assert page.evaluate("document.activeElement.closest('#state') !== null")
    page.get_by_role("button", name="Resume").click()
    expect(state(page)).to_contain_text("Running")
    expect(page.get_by_text("100 %")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Flow resumed")).to_be_visible()
    assert page.evaluate("window.notReloaded")


def test_cancelling_asks_and_what_one_types_outlives_news(visitor, play):
    page = open_flow(visitor, play.start("steps", seconds=8))
    expect(state(page)).to_contain_text("Running")
    page.locator("#ask-cancel > summary").click()
    page.get_by_label("Reason").fill("the wrong file")
    done = page.locator(".rail .running .meta")
    before = done.inner_text()
    expect(done).not_to_have_text(before)
    expect(page.get_by_label("Reason")).to_have_value("the wrong file")
    page.get_by_role("button", name="Cancel the flow").click()
    expect(state(page)).to_contain_text("Cancelled")
    expect(page.get_by_text("“the wrong file”")).to_be_visible()
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)


def test_a_failed_flow_is_retried_and_followed_again(visitor, play):
    page = open_flow(visitor, play.start("steps", fail_in="two", failures=1))
    expect(page.get_by_role("heading", name="The source cannot be read")).to_be_visible()
    page.get_by_role("button", name="Retry").click()
    expect(page.get_by_text("100 %")).to_be_visible()
    expect(page.get_by_text("Attempt 1 failed: The source cannot be read")).to_be_visible()
    assert page.evaluate("window.notReloaded")


def test_a_fork_with_changed_inputs_leads_to_its_child(visitor, play):
    page = open_flow(visitor, play.start("steps", label="first"))
    expect(page.get_by_text("100 %")).to_be_visible()
    parent = page.url
    page.get_by_role("link", name="Fork").click()
    page.get_by_text("Match", exact=True).click()
    page.get_by_label("Label").fill("second")
    page.get_by_label("Mode").select_option("Careful")
    page.get_by_role("button", name="Start the fork").click()
    page.wait_for_url(lambda url: re.search(r"/flows/[0-9a-f-]{36}$", url) and url != parent)
    expect(page.get_by_text("100 %")).to_be_visible()
    expect(page.get_by_text("Match completed Label: second")).to_be_visible()
    page.get_by_role("link", name="an earlier flow").click()
    expect(page.get_by_role("link", name="From Match")).to_be_visible()


def test_a_choice_is_taken_and_its_default_applies_by_itself(visitor, play):
    page = open_flow(visitor, play.start("plan"))
    page.get_by_role("radio", name="Rebuild").check()
    page.get_by_role("button", name="Take this choice").click()
    expect(page.get_by_text("100 %")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("was answered with “Rebuild”")).to_be_visible()
    left, right = page.locator(".branches").first.locator("> ol").all()
    assert left.bounding_box()["y"] == right.bounding_box()["y"]

    page = open_flow(visitor, play.start("quick"))
    expect(page.get_by_text("“Rehost” is taken.")).to_be_visible()
    expect(page.get_by_text("by the deadline's default")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("100 %")).to_be_visible(timeout=60_000)


def test_a_decision_is_handed_to_somebody_else(visitor, play, databases, person):
    accounts.make_member(
        databases, person.client_account_id, "x", Role.APPROVER, person.engagement_id
    )
    page = open_flow(visitor, play.start("sign_off"))
    page.get_by_text("Ask somebody else").click()
    page.get_by_label("Member").select_option("The approver (approver)")
    page.get_by_label("Until (UTC)").fill("2031-05-06T07:08")
    page.get_by_label("Why").fill("on leave")
    page.get_by_role("button", name="Ask this member").click()
    expect(page.get_by_text("Asked: The approver.")).to_be_visible()
    expect(page.get_by_text("If nobody decides by 6 May 2031, 07:08 UTC")).to_be_visible()


def test_flows_are_chosen_by_keyboard_and_paused_together(visitor, play):
    flows = [play.start("steps", seconds=30) for _ in range(2)]
    page = visitor.page
    visitor.go("flows?type=steps")
    page.evaluate("window.notReloaded = true")
    row = page.locator(f"#flow-{flows[0]}")
    expect(row).to_contain_text("Running")
    page.locator("body").press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("2 of 2 flows paused")).to_be_visible()
    for flow in flows:
        expect(page.locator(f"#flow-{flow}")).to_contain_text("Paused")
    with play.databases.app.open(play.account.access) as session:
        for flow in flows:
            play.orchestrator.cancel(session, flow)
    expect(row).to_contain_text("Cancelled", timeout=30_000)
    assert page.evaluate("window.notReloaded")


def test_every_action_also_works_without_scripts(browser, site, person, play):
    flow = play.start("sign_off")
    with browser.new_context(java_script_enabled=False) as context:
        visitor = Visitor(context, site, person)
        page = visitor.page
        for _ in range(60):
            visitor.go(f"flows/{flow}")
            if page.get_by_role("heading", name="Sign off the plan").count():
                break
            page.wait_for_timeout(250)
        page.get_by_role("button", name="Pause").click()
        expect(state(page)).to_contain_text("Paused")
        page.get_by_role("button", name="Resume").click()
        page.locator("#ask-priority > summary").click()
        page.get_by_role("button", name="High").click()
        expect(state(page)).to_contain_text("high priority")
        page.get_by_role("button", name="Reject and stop the flow").click()
        expect(page.get_by_text("Say why, so that others know what to correct.")).to_be_visible()
        page.locator("#ask-cancel > summary").click()
        page.get_by_role("button", name="Cancel the flow").click()
        expect(state(page)).to_contain_text("Cancelled")
        page.get_by_role("link", name="Fork").click()
        page.get_by_role("button", name="Start the fork").click()
        expect(page.get_by_text("an earlier flow")).to_be_visible()
        visitor.go("flows")
        page.locator(f"#pick-{flow}").check()
        page.get_by_role("button", name="Pause").click()
        expect(page.get_by_text("0 of 1 flows paused")).to_be_visible()


@pytest.mark.parametrize("screen", SCREENS)
def test_flows_in_every_state_have_no_violation(browser, site, databases, screen):
    account = accounts.make_account(databases)
    play = Playground(databases, account)
    asked = [play.rested(kind).id for kind in ("plan", "sign_off", "details")]
    branches = play.rested("plan", fail_in="licences", failures=1, transient=True)
    with databases.app.open(account.access) as session:
        play.orchestrator.decide(session, branches.waits_for.id, approve=True, answer="rebuild")
    failed = play.rested("steps", fail_in="two", failures=9).id
    paused = play.start("steps", seconds=20)
    with databases.app.open(account.access) as session:
        play.orchestrator.pause(session, paused, "freeze")
    flows = [*asked, play.run(branches.id).id, failed, paused]
    addresses = [f"flows/{flow}" for flow in flows]
    addresses += [f"flows/{failed}/fork", "flows", "flows?waits=me", "flows?status=cancelled"]
    with browser.new_context(**SCREENS[screen]) as context:
        visitor = Visitor(context, site, account)
        for address in addresses:
            visitor.go(address)
            for summary in visitor.page.locator(".ask > summary, .more > summary").all()[-2:]:
                summary.click()
            found = Axe().run(visitor.page)
            assert found.violations_count == 0, f"{address}\n{found.generate_report()}"
            width = visitor.page.evaluate("document.documentElement.scrollWidth")
            assert width <= SCREENS[screen]["viewport"]["width"], address
        assert visitor.complaints == []
