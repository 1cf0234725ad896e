"""Forms made from schemas, and what comes back from them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Literal

import pytest
from pydantic import BaseModel, Field
from starlette.datastructures import FormData

from landbridge.web.schema_forms import fields, read


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Nested(BaseModel):
    n: int = 1


class Wanted(BaseModel):
    name: str
    note: str | None = Field(default=None, description="What else?")
    count: int = Field(default=3, ge=1, le=9)
    ratio: float = 0.5
    sure: bool = False
    maybe: bool | None = None
    mode: Literal["fast", "slow"] = "fast"
    colour: Colour = Colour.RED
    day: date | None = None
    at: datetime | None = None
    tags: list[str] = []
    nested: Nested = Nested()
    only: Literal["this"] = "this"


SCHEMA = Wanted.model_json_schema()


def by_name(values=None, **options):
    return {f.name: f for f in fields(SCHEMA, values or {}, **options)}


def test_every_property_has_a_control_that_fits():
    assert {name: f.control for name, f in by_name().items()} == {
        "name": "text",
        "note": "text",
        "count": "number",
        "ratio": "number",
        "sure": "checkbox",
        "maybe": "select",
        "mode": "select",
        "colour": "select",
        "day": "date",
        "at": "datetime-local",
        "tags": "lines",
        "nested": "json",
        "only": "select",
    }


def test_fields_carry_values_limits_hints_and_mistakes():
    found = by_name({"count": 5, "tags": ["a", "b"]}, mistakes={"count": "too many"})
    count = found["count"]
    assert (count.value, count.minimum, count.maximum, count.step) == ("5", "1", "9", "1")
    assert count.mistake == "too many"
    assert found["tags"].value == "a\nb"
    assert found["note"].hint == "What else?"
    assert found["name"].required
    assert not found["note"].required
    assert [o.value for o in found["colour"].options] == ["red", "green"]
    assert [o.value for o in found["maybe"].options] == ["", "true", "false"]


def sent(**values):
    return read(SCHEMA, FormData([(f"in.{k}", v) for k, v in values.items()]))


def test_what_is_shown_comes_back_as_it_was():
    given = Wanted(
        name="x", note="y", sure=True, maybe=False, colour=Colour.GREEN, tags=["a", "b"],
        day=date(2026, 1, 2), at=datetime.fromisoformat("2026-01-02T03:04:00+00:00"),
    )  # fmt: skip
    shown = {
        f.name: f.value
        for f in fields(SCHEMA, given.model_dump(mode="json"))
        if f.control != "checkbox" or f.value
    }
    assert Wanted.model_validate(sent(**shown)) == given


@pytest.mark.parametrize("text", ["many", "nan", "inf", "1e999"])
def test_what_is_no_number_stays_a_text_for_the_schema_to_refuse(text):
    assert sent(ratio=text)["ratio"] == text


def test_an_empty_field_is_nothing_or_is_left_to_the_default():
    found = sent(name="", note="", count="", day="")
    assert found == {"name": "", "note": None, "day": None, "sure": False}


def test_a_time_without_a_zone_is_utc():
    assert sent(at="2026-12-01T08:00")["at"] == "2026-12-01T08:00+00:00"
