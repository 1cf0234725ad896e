"""The providers whose models can be asked, each by configuration alone, loaded when it is used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from pydantic import SecretStr

from landbridge.agents.errors import AgentModelInvalid, AgentsNotInstalled

if TYPE_CHECKING:
    import httpx2
    from pydantic_ai.models import Model

MOST_ANSWER_BYTES: Final = 4 << 20


@dataclass(frozen=True, slots=True)
class _Kind:
    """Where pydantic-ai has a provider, and what ours is called there.

    Attributes:
        address: the parameter for the address; None where its SDK finds it alone.
        key: the parameter for the key; None where its SDK finds credentials alone.
        client: whether it takes an HTTP client of ours.
    """

    module: str
    provider: str
    model_module: str
    model: str
    address: str | None = "base_url"
    key: str | None = "api_key"
    client: bool = True
    default_address: str | None = None
    keyless: str | None = None


_KINDS: Final = {
    "openai": _Kind(
        "openai", "OpenAIProvider", "openai", "OpenAIChatModel", keyless="not-needed"
    ),
    "anthropic": _Kind("anthropic", "AnthropicProvider", "anthropic", "AnthropicModel"),
    "azure": _Kind(
        "azure", "AzureProvider", "openai", "OpenAIChatModel", address="azure_endpoint"
    ),
    "ollama": _Kind(
        "ollama", "OllamaProvider", "ollama", "OllamaModel",
        default_address="http://localhost:11434/v1", keyless="ollama",
    ),
    "google": _Kind("google", "GoogleProvider", "google", "GoogleModel"),
    "bedrock": _Kind(
        "bedrock", "BedrockProvider", "bedrock", "BedrockConverseModel", address=None, key=None,
        client=False,
    ),
}  # fmt: skip

PROVIDERS: Final = tuple(_KINDS)


@dataclass(frozen=True, slots=True)
class Provider:
    """Which model is asked, and how it is reached.

    Attributes:
        base_url: None for the provider's own address.
        api_key: None where the provider's SDK finds credentials in its usual places.
    """

    provider: str
    model: str
    base_url: str | None = None
    api_key: SecretStr | None = None

    @classmethod
    def named(
        cls, text: str, base_url: str | None = None, api_key: SecretStr | None = None
    ) -> Provider:
        """From `provider:model`.

        Raises:
            AgentModelInvalid: no such provider is known, or no model is named.
        """
        provider, _, model = text.partition(":")
        if provider not in _KINDS or not model:
            known = ", ".join(PROVIDERS)
            raise AgentModelInvalid(reason=f"it has to be provider:model, with one of {known}")
        return cls(provider, model, base_url, api_key)


@dataclass(slots=True)
class Sent:
    """Requests that left, counted where they leave; None where the SDK has a client of its own."""

    client: httpx2.AsyncClient | None = None
    count: int | None = None

    async def close(self) -> None:
        """Close the connections."""
        if self.client is not None:
            await self.client.aclose()


@contextmanager
def built(chosen: Provider, timeout: float) -> Iterator[tuple[Model, Sent]]:
    """The model as pydantic-ai knows it, over a client that lives for one question.

    Raises:
        AgentsNotInstalled: the extra, or the provider's own package, is not installed.
        AgentModelInvalid: the provider needs more than it was given.
    """
    kind, sent = _KINDS[chosen.provider], Sent()
    address = chosen.base_url or kind.default_address
    key = chosen.api_key.get_secret_value() if chosen.api_key else None
    if key is None and address is not None:
        key = kind.keyless
    given: dict[str, Any] = {}
    if kind.address and address:
        given[kind.address] = address
    if kind.key and key:
        given[kind.key] = key
    try:
        if kind.client:
            sent.client = given["http_client"] = _client(sent, timeout)
        provider = getattr(import_module(f"pydantic_ai.providers.{kind.module}"), kind.provider)
        model = getattr(import_module(f"pydantic_ai.models.{kind.model_module}"), kind.model)
        from pydantic_ai.exceptions import UserError
    except ImportError as error:
        raise AgentsNotInstalled(provider=chosen.provider) from error
    try:
        made = model(chosen.model, provider=provider(**given))
    except UserError as error:
        reason = "the provider needs a key or an address that is not set"
        raise AgentModelInvalid(reason=reason) from error
    yield made, sent


def _client(sent: Sent, timeout: float) -> httpx2.AsyncClient:
    import httpx2

    sent.count = 0

    async def count(_request: httpx2.Request) -> None:
        sent.count = (sent.count or 0) + 1

    async def bound(response: httpx2.Response) -> None:
        """Read the answer, and give up on one that does not end."""
        if response.headers.get("content-encoding", "identity") != "identity":
            raise httpx2.RemoteProtocolError("the answer is packed, which was not asked for")
        parts, size = [], 0
        async for part in response.aiter_raw():
            size += len(part)
            if size > MOST_ANSWER_BYTES:
                raise httpx2.RemoteProtocolError("the answer is too large")
            parts.append(part)
        response.stream = httpx2.ByteStream(b"".join(parts))
        response.is_stream_consumed = False
        response.is_closed = False

    return httpx2.AsyncClient(
        timeout=timeout,
        headers={"accept-encoding": "identity"},
        event_hooks={"request": [count], "response": [bound]},
    )
