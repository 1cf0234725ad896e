"""Fixtures of tests that talk to the served application."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest

from landbridge.assessment.flow import assessment
from landbridge.assessment.waves.flow import wave_plan
from landbridge.database.engine import Databases
from landbridge.discovery.flow import discovery
from landbridge.discovery.graph.flow import group_assets
from landbridge.discovery.membership.flow import suggest_applications
from landbridge.discovery.simulation import simulate_import
from landbridge.discovery.undo import undo_import
from landbridge.flows.types import FlowTypes
from tests.support.accounts import Account
from tests.support.http import serving
from tests.support.toy import toy_types

ENGAGEMENT = "/api/v1/client-accounts/{}/engagements/{}"


@pytest.fixture(scope="session")
def server(databases: Databases) -> Iterator[str]:
    """The base URL of the served application, without a worker behind it."""
    types = FlowTypes(
        toy=lambda: toy_types().get("toy"),
        assessment=assessment,
        discovery=discovery,
        undo_import=undo_import,
        simulate_import=simulate_import,
        group_assets=group_assets,
        suggest_applications=suggest_applications,
        wave_plan=wave_plan,
    )
    with serving(databases, types=types) as url:
        yield url


@pytest.fixture
def client_of(server: str) -> Iterator[Callable[[Account], httpx.Client]]:
    """An API client that acts as a member, with its engagement as base URL."""
    made: list[httpx.Client] = []

    def make(account: Account) -> httpx.Client:
        base = server + ENGAGEMENT.format(account.client_account_id, account.engagement_id)
        made.append(httpx.Client(base_url=base, headers=account.headers, timeout=30))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def browser_of(server: str) -> Iterator[Callable[[Account], httpx.Client]]:
    """A signed-in client with a session cookie, as a browser is."""
    made: list[httpx.Client] = []

    def make(account: Account) -> httpx.Client:
        client = httpx.Client(base_url=server, headers={"Accept": "text/html"}, timeout=30)
        answer = client.post("/sign-in", data={"token": account.api_key})
        assert answer.status_code == 303
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()
