"""Prices as the package genai-prices knows them, which comes with the extra for agents."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from importlib.metadata import version
from typing import Any, Final

from landbridge.agents.errors import AgentsNotInstalled
from landbridge.agents.prices import ANY, Price

_PROVIDERS: Final = {
    "openai": "openai",
    "anthropic": "anthropic",
    "azure": "azure",
    "google": "google",
    "aws": "bedrock",
}
"""What it calls a provider → what we do."""


def known_prices(today: date) -> list[Price]:
    """The prices of all models that are paid by text tokens; of several, the highest.

    Raises:
        AgentsNotInstalled: the extra is not installed.
    """
    try:
        from genai_prices.data_snapshot import get_snapshot
    except ImportError as error:
        raise AgentsNotInstalled(provider="openai") from error
    source = f"genai-prices {version('genai-prices')}"
    found = [
        Price("ollama", ANY, Decimal(0), Decimal(0), Decimal(0), today, "runs on own machines")
    ]
    for provider in get_snapshot().providers:
        name = _PROVIDERS.get(provider.id)
        for model in provider.models if name else ():
            read, cached, said = _highest(model.prices)
            if name and read is not None and said is not None:
                kept = read if cached is None else cached
                found.append(Price(name, model.id, read, kept, said, today, source))
    return found


def _highest(prices: Any) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """Of prices that hold at certain times, and of tiers of long questions, the highest."""
    alternatives = [p.prices for p in prices] if isinstance(prices, list) else [prices]
    kinds = ("input_mtok", "cache_read_mtok", "output_mtok")
    read, cached, said = (
        max((t for p in alternatives for t in _tiers(getattr(p, kind, None))), default=None)
        for kind in kinds
    )
    return read, cached, said


def _tiers(price: Any) -> list[Decimal]:
    if price is None:
        return []
    if isinstance(price, Decimal):
        return [price]
    return [price.base, *(tier.price for tier in price.tiers)]
