"""Everything a person needs also works with scripts switched off."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visitor
from tests.support.exported import FILES

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_discovery_mapping_and_inventory_without_scripts(browser, site, person):
    with browser.new_context(java_script_enabled=False) as context:
        visitor = Visitor(context, site, person)
        page = visitor.page
        visitor.go("discover")
        page.get_by_label("Choose files").set_input_files(FILES)
        page.get_by_role("button", name="Start discovery").click()
        gate = page.get_by_role("heading", name="Review the mapping")
        for _ in range(120):
            if gate.count():
                break
            page.wait_for_timeout(500)
            page.reload()
        page.get_by_role("link", name="Review the mapping").click()
        before = int(page.locator("#undecided").inner_text().split()[0])
        page.get_by_role("button", name="Approve").first.click()
        expect(page.locator("#undecided")).to_have_text(f"{before - 1} to decide")
        page.get_by_role("link", name="Go to the decision").click()
        page.get_by_role("button", name="Approve and go on").click()
        for _ in range(120):
            if page.get_by_text("100 %").count():
                break
            page.wait_for_timeout(500)
            page.reload()
        visitor.go("inventory")
        page.get_by_label("Search assets").fill("web-")
        page.get_by_role("button", name="Search").click()
        expect(page.locator("tbody tr")).to_have_count(2)
