"""A mistake that a page tells beside its form is told, logged and recorded by its own code."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import structlog

from tests.support.faults import PROCESSORS, told_of

HERE = "/accounts/{account}"
FORMS: dict[str, tuple[str, dict[str, Any], str]] = {
    "engagement": (f"{HERE}/engagements", {"name": " "}, "NAME_INVALID"),
    "API key": (f"{HERE}/keys", {"label": "\x01"}, "NAME_INVALID"),
    "invitation": (f"{HERE}/invitations", {"email": "nobody"}, "EMAIL_INVALID"),
    "webhook": (f"{HERE}/webhooks", {"url": "gopher://x.example", "kinds": "*"}, "WEBHOOK_URL_*"),
    "erasure without a reason": (f"{HERE}/offboarding", {"name": "X"}, "INVALID_REQUEST"),
    "erasure of another name": (
        f"{HERE}/offboarding",
        {"name": "X", "reason": "Over"},
        "ACCOUNT_NAME_NOT_CONFIRMED",
    ),
    "audit log": (f"{HERE}/audit?since=yesterday", {}, "AUDIT_FILTER_INVALID"),
    "password": ("/settings/password", {"new": "short"}, "PASSWORD_WEAK"),
    "sign-in": ("/sign-in", {"email": "a@example.com", "password": "wrong"}, "SIGN_IN_REFUSED"),
    "sign-in by key": ("/sign-in", {"token": "wrong"}, "SIGN_IN_REQUIRED"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_mistake_has_its_code_everywhere(form, browser_of, account, story_of) -> None:
    path, data, code = FORMS[form]
    path = path.format(account=account.client_account_id)
    browser = browser_of(account)
    with structlog.testing.capture_logs(PROCESSORS) as logged:
        answer = browser.post(path, data=data) if data else browser.get(path)
    trace = answer.headers["x-trace-id"]
    told = re.findall(r'class="mono" href="/errors/([A-Z_]+)"', answer.text)
    assert len(told) == 1, answer.text[-2000:]
    assert re.fullmatch(code.replace("*", "[A-Z_]+"), told[0])
    assert f'href="/traces/{trace}"' in answer.text
    assert told_of(trace, logged) == set(told)
    (moment,) = [m for m in story_of(answer) if m["kind"] == "error"]
    assert moment["code"] == told[0]
    assert moment["place"].startswith(("POST ", "GET "))
    assert "unmatched" not in moment["place"]


def test_every_page_that_catches_an_error_tells_it() -> None:
    pages = Path(__file__).parents[3] / "src/landbridge/web/pages"
    silent = [
        f"{path.name}:{node.lineno}"
        for path in sorted(pages.glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler)
        and node.name
        and not any(isinstance(n, ast.Name) and n.id == "beside" for n in ast.walk(node))
    ]
    assert silent == []
