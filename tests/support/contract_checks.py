"""What schemathesis checks beyond its own checks, and the one finding that is none.

Loaded by schemathesis itself, through the `hooks` of its configuration.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis.core.failures import Failure
from schemathesis.openapi.checks import RejectedPositiveData

CODES = frozenset(
    (Path(__file__).parents[2] / "docs/reference/codes.txt").read_text().split(),
)
INTERNALS = re.compile(
    r"traceback|site-packages|\.py\b|psycopg|sqlalchemy|pydantic|app_private|app\.\w+"
    r"|\bselect\b.+\bfrom\b|\binsert into\b|\bupdate\b.+\bset\b|constraint|relation \""
    r"|/(?:home|usr|root|tmp|var|work|opt)/",
    re.IGNORECASE | re.DOTALL,
)


@schemathesis.check
def every_refusal_explains_itself(_context: Any, response: Any, case: Any) -> None:
    """A problem with a catalogued code, a remedy and a trace id, and nothing of our inside."""
    if response.status_code < 400 or response.request.method == "HEAD":
        return
    kind = response.headers["content-type"][0]
    assert kind == "application/problem+json", f"{response.status_code} is {kind}"
    problem = response.json()
    assert problem["code"] in CODES, problem["code"]
    assert problem["status"] == response.status_code
    assert problem["type"] == f"/errors/{problem['code']}"
    assert problem["title"]
    assert problem["remedy"]
    assert response.headers["x-trace-id"] == [problem["trace_id"]]
    items = problem.get("errors") or ()
    told = [problem["title"], problem["detail"], problem["remedy"], *(i["detail"] for i in items)]
    for text in told:
        assert not INTERNALS.search(text), text


@schemathesis.hook
def filter_failure(_context: Any, failure: Failure, _case: Any, response: Any) -> bool:
    """One thing that no schema can say: the coverage phase sends an Idempotency-Key with one body
    and then with others, which the standard asks to refuse with 422.
    """
    rejected = isinstance(failure, RejectedPositiveData) and response.status_code == 422
    return not (rejected and response.json()["code"] == "IDEMPOTENCY_KEY_REUSED")
