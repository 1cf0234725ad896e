"""A deployment whose model is a server of the test, and accounts that allow it."""

from __future__ import annotations

from pathlib import Path

import pytest

from landbridge.agents import policies
from landbridge.agents.policies import Policy
from landbridge.database import circuits
from landbridge.kit.settings import settings
from tests.support.models import model_server

PRICES = "provider,model,input,cached,output,as_of,source\nopenai,small,1,0.5,10,2026-01-01,test\n"


@pytest.fixture
def model():
    """A server that answers as a model."""
    with model_server() as server:
        yield server


@pytest.fixture
def configured(model, databases, monkeypatch, tmp_path):
    """The deployment's settings name the server; a question costs 300 millionths of a dollar."""
    prices = Path(tmp_path) / "prices-of-the-test.csv"
    prices.write_text(PRICES, encoding="utf-8")
    given = {"MODEL": "openai:small", "BASE_URL": model.url, "API_KEY": "k", "PRICES": str(prices)}
    for name, value in given.items():
        monkeypatch.setenv(f"LANDBRIDGE_AGENT_{name}", value)
    settings.cache_clear()
    circuits.close(databases.worker.engine, "openai")
    yield model
    circuits.close(databases.worker.engine, "openai")
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def allowing(databases, account):
    """The account allows agents; returns a function that changes its policy and limits."""

    def change(limits=(), **policy):
        with databases.app.open(account.access) as session:
            policies.set_policy(session, Policy(**{"enabled": True, **policy}))
        if limits:
            owner = databases.owner
            policies.change_by_owner(owner, account.client_account_id, {}, dict(limits))

    change()
    return change
