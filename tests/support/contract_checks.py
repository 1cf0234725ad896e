"""What schemathesis checks beyond its own checks, and the two findings that are none.

Loaded by schemathesis itself, through the `hooks` of its configuration. The environment says which
values belong to another account, and where to write how much was seen.
"""

from __future__ import annotations

import atexit
import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis.core.failures import Failure
from schemathesis.openapi.checks import EnsureResourceAvailability, RejectedPositiveData

CODES = frozenset(
    (Path(__file__).parents[2] / "docs/reference/codes.txt").read_text().split(),
)
INTERNALS = re.compile(
    r"traceback|site-packages|\.py\b|psycopg|sqlalchemy|pydantic|app_private|app\.\w+"
    r"|\bselect\b.+\bfrom\b|\binsert into\b|\bupdate\b.+\bset\b|constraint|relation \""
    r"|/(?:home|usr|root|tmp|var|opt)/",
    re.IGNORECASE | re.DOTALL,
)
FOREIGN: list[str] = json.loads(os.environ["LANDBRIDGE_TEST_CONTRACT_FOREIGN"])
"""Values of another account."""
SENT = ("instance", "type")
"""What a problem repeats of the address, and an address; neither is a message."""

answers: Counter[int] = Counter()
refusals: Counter[str] = Counter()


@atexit.register
def write_down() -> None:
    """How many answers were checked, and how many refusals of each code."""
    tally = Path(os.environ["LANDBRIDGE_TEST_CONTRACT_TALLY"])
    tally.write_text(json.dumps({"answers": answers.total(), "refusals": refusals}))


@schemathesis.check
def every_refusal_explains_itself(_context: Any, response: Any, case: Any) -> None:
    """A problem with a catalogued code, a remedy and a trace id, and nothing of our inside."""
    answers[response.status_code] += 1
    if response.status_code < 400:
        return
    kind = response.headers.get("content-type", ["nothing"])[0]
    assert kind == "application/problem+json", f"{response.status_code} is {kind}"
    if response.request.method == "HEAD":
        return
    problem = response.json()
    assert problem["code"] in CODES, problem["code"]
    refusals[problem["code"]] += 1
    assert problem["status"] == response.status_code
    assert problem["type"] == f"/errors/{problem['code']}"
    assert problem["title"]
    assert problem["remedy"]
    assert re.fullmatch("[0-9a-f]{32}", problem["trace_id"])
    assert response.headers["x-trace-id"] == [problem["trace_id"]]
    for text in texts(problem):
        assert not INTERNALS.search(text), text


@schemathesis.check
def nothing_of_another_account(_context: Any, response: Any, case: Any) -> None:
    """No value of another account, wherever in an answer."""
    told = response.content.decode(errors="replace")
    if response.status_code >= 400 and response.request.method != "HEAD":
        told = " ".join(texts(response.json()))
    for value in FOREIGN:
        assert value not in told, value


def texts(problem: Any) -> Iterator[str]:
    """Every text in a problem, at any depth."""
    if isinstance(problem, str):
        yield problem
    elif isinstance(problem, dict):
        for name, value in problem.items():
            if name not in SENT:
                yield from texts(value)
    elif isinstance(problem, list):
        for item in problem:
            yield from texts(item)


BEYOND_SCHEMA = frozenset(
    (
        *("IDEMPOTENCY_KEY_REUSED", "STRATEGY_RULES_INVALID", "NOTHING_SELECTED"),
        *("ATTRIBUTE_NOT_EDITABLE", "VALUE_DOES_NOT_FIT"),
    )
)


@schemathesis.hook
def filter_failure(_context: Any, failure: Failure, case: Any, response: Any) -> bool:
    """What no schema can say. The coverage phase sends an Idempotency-Key with one body and then
    with others, which the standard asks to refuse with 422. A text in a language of its own may
    not be in that language, and a value of an attribute may not be one. And what a body names by an
    invented id is not found, though what the path names was created before.
    """
    if isinstance(failure, EnsureResourceAvailability):
        body = case.body if isinstance(case.body, dict) else {}
        return not any(name.endswith("_id") for name in body)
    rejected = isinstance(failure, RejectedPositiveData) and response.status_code == 422
    return not (rejected and response.json()["code"] in BEYOND_SCHEMA)
