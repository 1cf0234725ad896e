"""Schemathesis sends everything that the OpenAPI document allows, and much that it does not.

Every check of schemathesis runs, and ours for refusals. With LANDBRIDGE_TEST_CONTRACT_DEPTH=30
a run takes many times as long and looks deeper.
"""

import os

import pytest

from tests.support.accounts import make_account
from tests.support.contract import LIMIT_SECONDS, run
from tests.support.estate import make_estate

DEPTH = int(os.environ.get("LANDBRIDGE_TEST_CONTRACT_DEPTH", "1"))

ENDING = ("--exclude-path-regex", r"/api-keys/|/offboarding$")
"""What would end the run itself: revoking its own key, and having its account erased. Their
refusals and effects have tests of their own."""


READS = ("--include-method", "GET")
CHANGES = ("--exclude-method", "GET")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(LIMIT_SECONDS)]


@pytest.fixture
def estate(databases):
    return make_estate(databases, make_account(databases))


@pytest.fixture
def foreign(databases):
    """An estate of another account."""
    return make_estate(databases, make_account(databases))


@pytest.fixture
def told(request):
    """Keeps what a run has seen for the summary, and that it has seen anything."""

    def tell(seen, *codes):
        assert seen.answers > 100, seen
        assert set(codes) <= set(seen.refusals), seen
        name = request.node.name.removeprefix("test_")
        row = (name, seen.answers, dict(seen.refusals))
        request.node.user_properties.append(("contract", row))

    return tell


@pytest.mark.parametrize(
    ("phases", "examples", "operations"),
    [
        pytest.param("examples,coverage", 1, READS, id="reads"),
        pytest.param("examples,coverage", 1, CHANGES, id="changes"),
        pytest.param("fuzzing", 3, (), id="fuzzing"),
        pytest.param("stateful", 25, (), id="stateful"),
    ],
)
def test_as_a_member(server, estate, foreign, told, tmp_path, phases, examples, operations):
    options = ["--phases", phases, "--max-examples", str(examples * DEPTH), *operations, *ENDING]
    key = estate.account.api_key
    told(run(server, tmp_path, *options, foreign=foreign, estate=estate, key=key), "NOT_FOUND")


def test_as_a_member_of_another_account(server, estate, foreign, told, tmp_path):
    options = ["--phases", "fuzzing", "--mode", "positive", "--max-examples", str(2 * DEPTH)]
    key = foreign.account.api_key
    seen = run(server, tmp_path, *options, *ENDING, foreign=estate, estate=estate, key=key)
    told(seen, "NOT_FOUND")


def test_as_nobody(server, foreign, told, tmp_path):
    options = ["--phases", "fuzzing", "--max-examples", str(2 * DEPTH)]
    told(run(server, tmp_path, *options, foreign=foreign), "SIGN_IN_REQUIRED")
