"""The audit log as a page."""

from __future__ import annotations

import re

from landbridge.identity.permissions import Role
from tests.support.audit import superuser, write_history


def test_the_page_shows_narrows_and_leads_on(browser_of, databases, account) -> None:
    write_history(databases, account, 30)
    browser, path = browser_of(account), f"/accounts/{account.client_account_id}/audit"
    page = browser.get(path).text
    assert "Engagement created" in page
    assert account.email in page
    assert "50 entries" in page
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following
    assert "continued" in browser.get(following[1].replace("&amp;", "&")).text
    narrowed = browser.get(path, params={"action": "engagement.changed", "q": "wave 7 "}).text
    assert "1 entry" in narrowed
    assert "Nothing matches" in browser.get(path, params={"q": "no such thing"}).text
    wrong = browser.get(path, params={"since": "never"})
    assert wrong.status_code == 200
    assert "not a date" in wrong.text


def test_signing_and_verifying(browser_of, databases, account) -> None:
    browser, path = browser_of(account), f"/accounts/{account.client_account_id}/audit"
    assert "Not signed yet" in browser.get(path).text
    assert "No checkpoint has been signed yet" in browser.get(f"{path}/verification").text
    assert browser.post(f"{path}/checkpoints").status_code == 303
    page = browser.get(path).text
    note = re.search(rf'href="({path}/checkpoints/\d+\.note)"', page)
    assert note
    assert browser.get(note[1]).text.startswith(f"landbridge/audit/{account.client_account_id}\n")
    assert browser.get(f"{path}/checkpoints/999999.note").status_code == 404
    assert "The log is intact" in browser.get(f"{path}/verification").text
    with superuser(databases) as db:
        db.execute(
            "delete from app.audit_entries where client_account_id = %s and n = 1",
            [account.client_account_id],
        )
    found = browser.get(f"{path}/verification").text
    assert "The log is not what was written" in found
    assert "transaction_missing" in found


def test_who_may_not_read_it_is_not_led_there(browser_of, make_account, account) -> None:
    viewer = make_account(role=Role.VIEWER)
    for person, seen in ((viewer, False), (account, True)):
        browser, path = browser_of(person), f"/accounts/{person.client_account_id}"
        inside = f"{path}/engagements/{account.engagement_id}"
        assert (f'href="{path}/audit"' in browser.get(path).text) == seen
        assert browser.get(f"{path}/audit").status_code == (200 if seen else 403)
        if seen:
            assert f'href="{path}/audit"' in browser.get(inside).text
