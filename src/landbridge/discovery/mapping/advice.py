"""The task for agents: what columns hold that the rules are not sure of."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, Field

from landbridge.agents.port import Advice, Task
from landbridge.discovery.vocabulary import ATTRIBUTES

MOST_COLUMNS: Final = 40
MOST_VALUES: Final = 5


class OpenColumn(BaseModel):
    """A column that is asked about.

    Attributes:
        ordinal: its place in the table, from 0.
        values: what the account allows of them: nothing, shapes, or some values.
        likely: the attribute that the rules suggest; None for none.
        likelihood: how sure they are, 0 to 1.
    """

    ordinal: int
    name: str
    values: list[str]
    likely: str | None
    likelihood: float


class OpenColumns(BaseModel):
    """Columns of one table, and what the others are.

    Attributes:
        others: names of the other columns, with their attribute or an empty text.
    """

    table: str
    columns: list[OpenColumn]
    others: dict[str, str]


class ColumnAdvice(BaseModel):
    """What one column holds; without an attribute it fits none."""

    ordinal: int
    attribute: str | None
    confidence: Annotated[float, Field(ge=0, le=1)]
    reason: Annotated[str, Field(max_length=300)]


class MappingAdvice(Advice):
    """For columns that were asked about, each at most once."""

    columns: list[ColumnAdvice]

    def evidence(self) -> list[str]:
        """The reason for each column."""
        return [c.reason for c in self.columns]


def _by_rules(given: OpenColumns) -> MappingAdvice:
    return MappingAdvice(
        columns=[
            ColumnAdvice(
                ordinal=c.ordinal,
                attribute=c.likely,
                confidence=c.likelihood,
                reason="The rules suggest it.",
            )
            for c in given.columns
        ]
    )


def _sound(given: OpenColumns, said: MappingAdvice) -> str | None:
    asked = {c.ordinal for c in given.columns}
    told = [c.ordinal for c in said.columns]
    if len(told) != len(set(told)) or not asked.issuperset(told):
        return "it is about columns that were not asked about"
    if any(c.attribute is not None and c.attribute not in ATTRIBUTES for c in said.columns):
        return "it names an attribute that does not exist"
    return None


_ATTRIBUTES: Final = "\n".join(f"{a.name}: {a.description}" for a in ATTRIBUTES.values())

MAP_COLUMNS: Final = Task(
    name="map_columns",
    version=1,
    title="Map columns",
    instructions=(
        "A table of an IT inventory was imported. For each item of `columns` say which of the "
        "attributes below its values are, or null if none fits; leave out those you cannot tell. "
        "`values` may be masked: a and A stand for letters, 9 for digits. `likely` is what rules "
        "suggest, and how sure they are. `others` are the table's other columns. Give a reason of "
        f"one sentence.\n\n{_ATTRIBUTES}"
    ),
    given=OpenColumns,
    said=MappingAdvice,
    rules=_by_rules,
    sound=_sound,
    most_output_tokens=4_000,
)
