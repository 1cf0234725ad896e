"""Which agent this deployment has: none but the rules, unless a model is configured."""

from __future__ import annotations

from landbridge.agents.adapters.model import ModelAgent
from landbridge.agents.adapters.providers import Provider
from landbridge.agents.port import Agent
from landbridge.agents.prices import PriceTable, table
from landbridge.kit.settings import settings


def configured_agent() -> Agent | None:
    """The agent that asks the configured model; None where none is.

    Raises:
        AgentModelInvalid: the setting does not name a model of a known provider.
    """
    known = settings()
    if known.agent_model is None:
        return None
    chosen = Provider.named(known.agent_model, known.agent_base_url, known.agent_api_key)
    return ModelAgent(chosen, known.agent_timeout_seconds)


def configured_prices() -> PriceTable:
    """The price table of this deployment.

    Raises:
        AgentPricesUnreadable: it is not one.
    """
    return table(settings().agent_prices)
