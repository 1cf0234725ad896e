"""Fixtures of tests that ask a model over HTTP."""

import pydantic_ai.models.anthropic
import pydantic_ai.models.openai
import pytest
from pydantic import SecretStr

from landbridge.agents.adapters.model import ModelAgent
from landbridge.agents.adapters.providers import Provider
from tests.support.agents import allowing, configured, model
from tests.support.http_fixtures import browser_of, client_of, server

__all__ = ["allowing", "browser_of", "client_of", "configured", "model", "server"]

# What takes seconds to load is loaded here, once for all tests.
LOADED = (pydantic_ai.models.anthropic, pydantic_ai.models.openai)


@pytest.fixture
def agent(model):
    chosen = Provider("openai", "small", model.url, SecretStr("sk-canary-0123456789abcdef"))
    return ModelAgent(chosen, timeout=5)
