"""Small valid values, made from JSON schemas."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Final

Schema = Mapping[str, Any]
EMAIL: Final = "canary@example.com"
"""Whom requests name that need a person."""


def sample(schema: Schema) -> Any:
    """A small valid value of a schema: the required parts, the first choice, the default."""
    if "default" in schema and schema["default"] is not None:
        return schema["default"]
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    for several in ("anyOf", "oneOf", "allOf"):
        if schema.get(several):
            return sample(_joined(schema, schema[several][0], without=several))
    match schema.get("type"):
        case "object":
            needed = schema.get("required", ())
            parts = schema.get("properties", {}).items()
            return {name: _named(name, part) for name, part in parts if name in needed}
        case "array":
            return [sample(schema.get("items", {}))] if schema.get("minItems") else []
        case "integer" | "number":
            return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
        case "boolean":
            return True
        case "string":
            return _sample_text(schema)
        case _:
            return "canary"


def _joined(schema: Schema, choice: Schema, without: str) -> Schema:
    """An alternative together with what the schema says of all its alternatives."""
    common = {k: v for k, v in schema.items() if k != without}
    return {
        **common,
        **choice,
        "required": [*common.get("required", ()), *choice.get("required", ())],
        "properties": {**common.get("properties", {}), **choice.get("properties", {})},
    }


def _named(name: str, schema: Schema) -> Any:
    """The value of a property; some names say what their text must look like."""
    if schema.get("type") == "string" and not schema.keys() & {"enum", "const", "default"}:
        for word, kind in (("email", "email"), ("url", "uri")):
            if word in name:
                return _sample_text({"format": kind})
    return sample(schema)


def _sample_text(schema: Schema) -> str:
    known = {
        "uuid": str(uuid.UUID(int=1)),
        "date-time": "2030-01-01T00:00:00Z",
        "date": "2030-01-01",
        "email": EMAIL,
        "uri": "https://example.com/canary",
    }
    if schema.get("format") in known:
        return known[schema["format"]]
    return "canary".ljust(schema.get("minLength", 0), "y")[: schema.get("maxLength", 1000)]
