"""What each flow type is started with, in the words of the OpenAPI document.

The types are those that are installed here, so the document of every installation tells its own.
"""

from __future__ import annotations

from typing import Any, Final

from landbridge.flows.types import FlowType, FlowTypes

Json = dict[str, Any]

BESIDE: Final = ("import_id", "approve", "threshold")
"""Inputs of Discovery that may stand beside `inputs`, where they win."""
DISCOVERY: Final = "discovery"


def flow_bodies(schemas: Json, types: FlowTypes) -> None:
    """Replace the one body of a new flow by one for each type.

    Args:
        schemas: of the document; is changed.
        types: the types, of which those that cannot be loaded are left out.
    """
    general = schemas["NewFlow"]
    bodies = []
    for listed in sorted(types.listed(), key=lambda t: t.name != DISCOVERY):
        if listed.kind is not None:
            name = f"New_{listed.name}_flow"
            schemas[name] = _body(general, listed.name, listed.kind, schemas)
            bodies.append({"$ref": f"#/components/schemas/{name}"})
    if bodies:
        schemas["NewFlow"] = {"description": general["description"], "anyOf": bodies}


def _body(general: Json, name: str, kind: FlowType, schemas: Json) -> Json:
    prefix = f"{name}_"
    place = f"#/components/schemas/{prefix}{{model}}"
    inputs = kind.inputs.model_json_schema(ref_template=place)
    for inner, shape in inputs.pop("$defs", {}).items():
        schemas[prefix + inner] = shape
    properties = {k: v for k, v in general["properties"].items() if k not in BESIDE}
    properties["flow_type"] = {"const": name, "type": "string"}
    required = ["flow_type"]
    if name == DISCOVERY:
        properties |= {k: general["properties"][k] for k in BESIDE}
        properties["flow_type"]["default"] = DISCOVERY
        properties["import_id"] = {**inputs["properties"]["import_id"], "title": "Import Id"}
        inputs = {**inputs, "required": []}
        required = ["import_id"]
    elif inputs.get("required"):
        required.append("inputs")
    properties["inputs"] = inputs
    return {
        "type": "object",
        "title": f"New {name} flow",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
