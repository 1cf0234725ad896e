"""How many requests a credential, and an address without one, may send."""

import httpx
import pytest

from landbridge.kit.settings import Settings
from tests.support.http import serving

ACCOUNTS = "/api/v1/client-accounts"


@pytest.fixture
def slow_server(databases, tmp_path):
    settings = Settings(data_dir=tmp_path, requests_per_minute=20, unknown_requests_per_minute=10)
    with serving(databases, settings) as url:
        yield url


@pytest.fixture
def get(slow_server):
    with httpx.Client(base_url=slow_server) as client:
        yield lambda path=ACCOUNTS, **headers: client.get(path, headers=headers)


def key_of(account):
    return {"Authorization": f"Bearer {account.api_key}"}


def refused(answer):
    assert answer.status_code == 429
    problem = answer.json()
    assert problem["code"] == "RATE_LIMITED"
    assert 1 <= int(answer.headers["retry-after"]) == problem["retry_after"] <= 60
    assert problem["trace_id"] == answer.headers["x-trace-id"]
    return answer.headers["ratelimit"]


def test_a_credential_has_a_limit_of_its_own(get, account, other_account):
    answers = [get(**key_of(account)) for _ in range(30)]
    allowed = [a for a in answers if a.status_code == 200]
    assert 20 <= len(allowed) <= 22
    assert answers[: len(allowed)] == allowed
    assert refused(answers[-1]).startswith('"credential";r=0;t=')
    assert answers[-1].json()["fields"]["limit"] == 20
    assert get(**key_of(other_account)).status_code == 200


def test_who_has_no_credential_counts_by_address_however_many_they_invent(get, account):
    assert get(**key_of(account)).status_code == 200
    answers = [get(Authorization=f"Bearer lb_invented_{n}") for n in range(15)]
    assert {a.status_code for a in answers[:9]} == {401}
    assert refused(answers[-1]).startswith('"address";r=0;t=')
    assert refused(get("/sign-in"))
    assert get(**key_of(account)).status_code == 200, "a known credential counts for itself"


def test_a_credential_that_was_refused_counts_by_address_again(get, account, databases):
    from landbridge.identity import api_keys
    from landbridge.identity.permissions import Role

    with databases.app.open(account.access) as session:
        secret = api_keys.create(session, Role.VIEWER, "short", None)
    mine = {"Authorization": f"Bearer {secret.text}"}
    assert get(**mine).status_code == 200
    with databases.app.open(account.access) as session:
        api_keys.revoke(session, secret.public_id)
    answers = [get(**mine) for _ in range(15)]
    assert answers[0].status_code == 401
    assert refused(answers[-1]).startswith('"address"')


def test_probes_and_static_files_are_not_counted(get):
    for _ in range(30):
        assert get("/livez").status_code == 200
    for _ in range(30):
        assert get("/static/icon.svg").status_code == 200


def test_the_limits_are_told_always_and_in_the_same_words(get, account):
    first, second = get(), get(**key_of(account))
    policy = '"credential";q=20;w=60, "address";q=10;w=60'
    assert first.headers["ratelimit-policy"] == second.headers["ratelimit-policy"] == policy
    assert "ratelimit" not in second.headers
