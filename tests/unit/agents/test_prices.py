"""The price table: shipped, replaced, and what it makes of tokens."""

from datetime import date

import pytest

from landbridge.agents.adapters.price_source import known_prices
from landbridge.agents.ledger_errors import AgentPricesUnreadable, AgentPriceUnknown
from landbridge.agents.port import Usage
from landbridge.agents.prices import SHIPPED, read, table, written

HEAD = "provider,model,input,cached,output,as_of,source\n"


def test_the_shipped_table_is_dated_and_names_its_source():
    rows = table().rows
    assert {"openai", "anthropic", "azure", "google", "bedrock", "ollama"} == {
        r.provider for r in rows
    }
    assert all(r.as_of <= date(2100, 1, 1) and r.source for r in rows)


def test_a_written_table_reads_the_same(tmp_path):
    path = tmp_path / "prices.csv"
    rows = known_prices(date(2026, 1, 2))
    path.write_text(written(rows), encoding="utf-8")
    assert sorted(map(str, read(path).rows)) == sorted(map(str, rows))
    assert len(read(SHIPPED).rows) > 100


def test_costs_round_up_and_cached_tokens_cost_less(tmp_path):
    path = tmp_path / "prices.csv"
    path.write_text(HEAD + "openai,m,1,0.5,10,2026-01-01,x\nollama,*,0,0,0,2026-01-01,x\n")
    prices = read(path)
    price = prices.of("openai:m")
    assert price.micros(Usage(1, 100, 0, 20)) == 300
    assert price.micros(Usage(1, 101, 101, 0)) == 51
    assert price.micros(Usage()) == 0
    assert prices.of("openai:m-2026-05-01") == price
    assert prices.of("ollama:whatever").micros(Usage(1, 999, 0, 999)) == 0
    with pytest.raises(AgentPriceUnknown):
        prices.of("openai:other")


@pytest.mark.parametrize(
    "text",
    ["", "a,b\n1,2\n", HEAD + "openai,m,-1,0,0,2026-01-01,x\n",
     HEAD + "openai,m,nan,0,0,2026-01-01,x\n", HEAD + "openai,m,1,0,0,soon,x\n"],
)  # fmt: skip
def test_other_files_are_refused(tmp_path, text):
    path = tmp_path / "prices.csv"
    path.write_text(text)
    with pytest.raises(AgentPricesUnreadable):
        read(path)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(AgentPricesUnreadable):
        read(tmp_path / "none.csv")
