"""The OpenAPI document: what is true of many operations is said here, once for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from landbridge.api.errors import (
    IdempotencyKeyReused,
    MalformedIdempotencyKey,
    PayloadTooLarge,
    RequestInFlight,
    ServerBusy,
    TooManyRequests,
    UnreadableBody,
)
from landbridge.api.flow_bodies import flow_bodies
from landbridge.api.schemas import Problem, documented
from landbridge.database.errors import ConcurrentChange, DatabaseDiskFull, ValueNotStorable
from landbridge.errors.common import InternalError, InvalidRequest, MethodNotAllowed
from landbridge.flows.types import FlowTypes

Json = dict[str, Any]

EVERYWHERE: Final = (MethodNotAllowed, TooManyRequests, InternalError, ServerBusy)
WITH_A_BODY: Final = (UnreadableBody, PayloadTooLarge, ValueNotStorable)
WITH_A_KEY: Final = (MalformedIdempotencyKey, IdempotencyKeyReused, RequestInFlight)
CHANGING: Final = (ConcurrentChange, DatabaseDiskFull)
SAID: Final = ("pattern", "enum", "const", "format", "anyOf")
"""What already says which texts are meant."""
STORABLE: Final = r"^[^\u0000]*$"

_UNNAMED: Final = {"$ref": "#/components/schemas/HTTPValidationError"}
METHODS: Final = ("get", "put", "post", "delete", "patch")
UNSAFE: Final = ("put", "post", "delete", "patch")


def complete(document: Json, types: FlowTypes) -> Json:
    """Complete the document that FastAPI made.

    Args:
        document: is changed.
        types: the flow types that can be started here.
    """
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(shape.pop("$defs", {}))
    schemas["Problem"] = shape
    flow_bodies(schemas, types)
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    components["securitySchemes"] = {
        "api_key": {"type": "http", "scheme": "bearer", "description": "An API key: lb_…"}
    }
    document["security"] = [{"api_key": []}]
    for method, operation in _operations(document):
        _add_problems(method, operation)
        for sent in _sent(operation, schemas):
            _say_what_text_is(sent)
    return document


def _operations(document: Json) -> Iterator[tuple[str, Json]]:
    for item in document["paths"].values():
        for method, operation in item.items():
            if method in METHODS:
                yield method, operation


def _add_problems(method: str, operation: Json) -> None:
    """What can happen before an operation begins, or to any that changes something."""
    known = operation["responses"]
    if _UNNAMED in known.get("422", {}).get("content", {}).get("application/json", {}).values():
        known["422"] = documented([InvalidRequest])[422]
    more = [*EVERYWHERE]
    if "requestBody" in operation:
        more += WITH_A_BODY
    if any(p["name"].lower() == "idempotency-key" for p in operation.get("parameters", ())):
        more += WITH_A_KEY
    if method in UNSAFE:
        more += CHANGING
    for status, response in documented(more).items():
        there = known.setdefault(str(status), response)
        if response["description"] not in there["description"]:
            there["description"] += f"; {response['description']}"
            there["headers"] = {**there.get("headers", {}), **response.get("headers", {})}
    operation["responses"] = dict(sorted(known.items()))


def _sent(operation: Json, schemas: Json) -> Iterator[Json]:
    """The schemas of everything that is sent to an operation, one inside another."""
    waiting = [p["schema"] for p in operation.get("parameters", []) if p["in"] == "query"]
    for content in operation.get("requestBody", {}).get("content", {}).values():
        waiting.append(content["schema"])
    seen: set[str] = set()
    while waiting:
        schema = waiting.pop()
        reference = schema.get("$ref", "").rpartition("/")[2]
        if reference and reference not in seen:
            seen.add(reference)
            waiting.append(schemas[reference])
        yield schema
        for key in ("anyOf", "oneOf", "allOf"):
            waiting += schema.get(key, ())
        waiting += schema.get("properties", {}).values()
        waiting += [i for i in [schema.get("items")] if isinstance(i, dict)]


def _say_what_text_is(schema: Json) -> None:
    """Text without NUL, which PostgreSQL cannot keep."""
    if schema.get("type") == "string" and not any(key in schema for key in SAID):
        schema["pattern"] = STORABLE
