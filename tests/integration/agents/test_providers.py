"""Every provider is reached by configuration alone."""

import pytest
from pydantic import SecretStr

from landbridge.agents.adapters.providers import PROVIDERS, Provider, built
from landbridge.agents.errors import AgentModelInvalid, AgentsNotInstalled

KEY = SecretStr("a-key")


@pytest.mark.parametrize("provider", ["openai", "anthropic", "azure", "ollama"])
def test_those_of_the_extra_are_built(provider):
    chosen = Provider.named(f"{provider}:some-model:1b", "http://127.0.0.1:9/v1", KEY)
    with built(chosen, 1) as (model, sent):
        assert model.model_name == "some-model:1b"
        assert model.base_url.startswith("http://127.0.0.1:9")
        assert sent.count == 0


@pytest.mark.parametrize("provider", ["bedrock", "google"])
def test_others_say_what_to_install(provider):
    with pytest.raises(AgentsNotInstalled) as refused, built(Provider(provider, "m", None, KEY), 1):
        pass
    assert f"pydantic-ai-slim[{provider}]" in refused.value.advice


@pytest.mark.parametrize("text", ["gpt", "openai:", "nobody:model", ""])
def test_other_names_are_refused(text):
    with pytest.raises(AgentModelInvalid):
        Provider.named(text)


def test_a_missing_key_is_told(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(AgentModelInvalid), built(Provider("openai", "m"), 1):
        pass
    assert set(PROVIDERS) == {"openai", "anthropic", "bedrock", "google", "azure", "ollama"}
