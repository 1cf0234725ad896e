"""What models cost: dated data of the package, which a table of one's own replaces.

Prices are in US dollars for a million tokens, which is millionths of a dollar for one.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_UP, Decimal, InvalidOperation
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Final

from landbridge.agents.ledger_errors import AgentPricesUnreadable, AgentPriceUnknown
from landbridge.agents.port import Usage

SHIPPED: Final = Path(__file__).parent / "data" / "prices.csv"
COLUMNS: Final = ("provider", "model", "input", "cached", "output", "as_of", "source")
ANY: Final = "*"
_DATED: Final = re.compile(r"-\d{4}-?\d{2}-?\d{2}$")


@dataclass(frozen=True, slots=True)
class Price:
    """Of one model, in US dollars for a million tokens.

    Attributes:
        input: of tokens that are read.
        cached: of those that the provider had in its cache.
        output: of tokens that are written.
        as_of: the day on which it was taken.
        source: where it was taken from.
    """

    provider: str
    model: str
    input: Decimal
    cached: Decimal
    output: Decimal
    as_of: date
    source: str

    def micros(self, usage: Usage) -> int:
        """What an answer cost, in millionths of a US dollar, rounded up."""
        fresh = max(0, usage.input_tokens - usage.cached_tokens)
        cost = fresh * self.input + usage.cached_tokens * self.cached
        cost += usage.output_tokens * self.output
        return int(cost.to_integral_value(ROUND_UP))


class PriceTable:
    """All prices, by provider and model."""

    def __init__(self, rows: list[Price]) -> None:
        self.rows = rows
        self._known = {(row.provider, row.model): row for row in rows}

    def of(self, model: str) -> Price:
        """The price of `provider:model`; a model named with its day costs what its name does.

        Raises:
            AgentPriceUnknown: the table has no row for it.
        """
        provider, _, name = model.partition(":")
        for wanted in (name, _DATED.sub("", name), ANY):
            found = self._known.get((provider, wanted))
            if found is not None:
                return found
        raise AgentPriceUnknown(model=model)


def read(path: Path) -> PriceTable:
    """A price table.

    Raises:
        AgentPricesUnreadable: it is not one.
    """
    try:
        text = path.read_text(encoding="utf-8")
        rows = csv.DictReader(StringIO(text), strict=True)
        if missing := set(COLUMNS) - set(rows.fieldnames or ()):
            raise AgentPricesUnreadable(reason=f"it has no column {min(missing)}")
        return PriceTable([_row(r) for r in rows])
    except TypeError as error:
        raise AgentPricesUnreadable(reason="a row is too short") from error
    except InvalidOperation as error:
        raise AgentPricesUnreadable(reason="a price is not a number") from error
    except (OSError, ValueError, csv.Error) as error:
        raise AgentPricesUnreadable(reason=type(error).__name__) from error


def written(rows: list[Price]) -> str:
    """A price table as the CSV that `read` reads."""
    out = StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(COLUMNS)
    for row in sorted(rows, key=lambda r: (r.provider, r.model)):
        table.writerow([getattr(row, name) for name in COLUMNS])
    return out.getvalue()


@lru_cache(maxsize=4)
def table(path: Path | None = None) -> PriceTable:
    """The table of this path, or the shipped one; read once."""
    return read(path or SHIPPED)


def _row(row: dict[str, str]) -> Price:
    day = date.fromisoformat(row["as_of"])
    read, cached, said = (_price(row[name]) for name in ("input", "cached", "output"))
    return Price(row["provider"], row["model"], read, cached, said, day, row["source"])


def _price(written_as: str) -> Decimal:
    price = Decimal(written_as)
    if not price.is_finite() or price < 0:
        raise InvalidOperation
    return price
