"""Strict JSON: what cannot be represented is an error at write, never a surprise at read."""

from __future__ import annotations

import math
from typing import Any

import orjson


def dumps(value: Any) -> str:
    """Serialise to compact JSON text.

    Raises:
        TypeError: for a type JSON has no form for.
        ValueError: for NaN and infinities.
    """
    _refuse_non_finite(value)
    return orjson.dumps(value, option=orjson.OPT_UTC_Z).decode()


def loads(text: str | bytes) -> Any:
    """Parse JSON text."""
    return orjson.loads(text)


def _refuse_non_finite(value: Any) -> None:
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("NaN and infinities have no JSON form")
    elif isinstance(value, dict):
        for item in value.values():
            _refuse_non_finite(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _refuse_non_finite(item)
