"""What requests are made of: bodies and values that are exactly as the document says.

JSON has no sorts of numbers and no dates, and pydantic turns many things into what was asked for.
Here `false` is no number and `0` no date: what the document does not allow is refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from pydantic import (
    AfterValidator,
    AllowInfNan,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    Strict,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from landbridge.identity.names import NAME_PATTERN

_WRITTEN: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]")

_HALF: Final = re.compile("[\ud800-\udfff]")

DEEPEST: Final = 50
"""Objects and lists inside each other."""

MOST: Final = 2**53 - 1
"""The largest whole number that every reader of JSON reads exactly."""

NOT_STORABLE: Final = "not_storable"
"""The type of the validation error for what cannot be kept."""


class Sent(BaseModel):
    """The body of a request: only the fields it declares, and nothing that cannot be kept."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _storable(cls, sent: Any) -> Any:
        values = sent.values() if isinstance(sent, dict) else ()
        if any("\0" in text for value in values for text in _texts_of(value)):
            raise unstorable()
        if not _is_sound(sent):
            raise unstorable()
        return sent


def unstorable() -> PydanticCustomError:
    """The validation error for what cannot be kept."""
    return PydanticCustomError(NOT_STORABLE, "cannot be kept")


def _texts_of(value: Any) -> list[str]:
    """The texts of a declared field. What is inside objects belongs to whoever declares them."""
    items = value if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str)]


def _is_sound(sent: Any) -> bool:
    """Whether no text inside holds half of a surrogate pair, all numbers are finite, and nothing
    lies deeper than anybody writes.
    """
    level = [sent]
    for _ in range(DEEPEST):
        if not all(map(_is_sound_value, level)):
            return False
        level = [inner for value in level for inner in _inside(value)]
        if not level:
            return True
    return False


def _is_sound_value(value: Any) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, str) or value.isascii() or _HALF.search(value) is None


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return (*value, *value.values())
    return value if isinstance(value, list) else ()


def _written(value: Any) -> Any:
    """Only text is a moment here; pydantic would also take seconds since 1970."""
    if isinstance(value, str) and not _WRITTEN.match(value):
        raise PydanticCustomError("datetime_parsing", "not a moment")
    if isinstance(value, (int, float)):
        raise PydanticCustomError("datetime_parsing", "not a moment")
    return value


def _whole(value: Any) -> Any:
    """JSON has one sort of numbers: 7.0 is 7."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _in_reach(value: datetime) -> datetime:
    """In UTC, which not every offset at the ends of the calendar has."""
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("datetime_parsing", "out of reach") from None


@dataclass(frozen=True)
class OneOf:
    """One of these texts."""

    values: Iterable[str]

    def __get_pydantic_core_schema__(
        self, _source: Any, _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """As a literal, so that the document and the refusal name the choices."""
        return core_schema.literal_schema(list(self.values))


Truth = Annotated[bool, Strict()]
Number = Annotated[float, Strict(), AllowInfNan(False)]
Exact = Annotated[int, Strict(), Field(ge=-MOST, le=MOST)]
WHOLE: Final = BeforeValidator(_whole)
"""Follows `Strict` and the bounds of a whole number; before them it would hide the bounds."""
Value = Truth | Exact | Number | str | list[str]
Moment = Annotated[AwareDatetime, AfterValidator(_in_reach), BeforeValidator(_written)]
Name = Annotated[
    str, Field(min_length=1, max_length=200, json_schema_extra={"pattern": NAME_PATTERN})
]
