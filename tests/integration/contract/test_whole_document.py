"""Schemathesis sends everything that the OpenAPI document allows, and much that it does not.

Every check of schemathesis runs, and ours for refusals. With LANDBRIDGE_TEST_CONTRACT_DEPTH=30
a run takes many times as long and looks deeper.
"""

import os
import re

import pytest

from tests.support.accounts import make_account
from tests.support.contract import LIMIT_SECONDS, run
from tests.support.estate import make_estate

DEPTH = int(os.environ.get("LANDBRIDGE_TEST_CONTRACT_DEPTH", "1"))

ENDING = ("--exclude-path-regex", r"/api-keys/|/offboarding$")
"""What would end the run itself: revoking its own key, and having its account erased. Their
refusals and effects have tests of their own."""


@pytest.fixture
def estate(databases):
    return make_estate(databases, make_account(databases))


def cases(report):
    return int(re.search(r"([\d,]+) generated", report)[1].replace(",", ""))


READS = ("--include-method", "GET")
CHANGES = ("--exclude-method", "GET")


@pytest.mark.slow
@pytest.mark.timeout(LIMIT_SECONDS)
@pytest.mark.parametrize(
    ("phases", "examples", "operations"),
    [
        ("examples,coverage", 1, READS),
        ("examples,coverage", 1, CHANGES),
        ("fuzzing", 3, ()),
        ("stateful", 15, ()),
    ],
)
def test_as_a_member(server, estate, tmp_path, phases, examples, operations):
    options = ["--phases", phases, "--max-examples", str(examples * DEPTH), *operations, *ENDING]
    report = run(server, tmp_path, *options, estate=estate, key=estate.account.api_key)
    assert cases(report) > 100, report


@pytest.mark.slow
@pytest.mark.timeout(LIMIT_SECONDS)
def test_as_nobody(server, tmp_path):
    options = ["--phases", "fuzzing", "--max-examples", str(2 * DEPTH)]
    report = run(server, tmp_path, *options)
    assert cases(report) > 100, report
