"""Forms from JSON Schemas: the fields of a page, and what a browser sent as JSON values.

Values are checked by whoever owns the schema; here a text becomes what its type suggests, and
stays a text where it cannot.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from starlette.datastructures import FormData

from landbridge.kit import jsonio
from landbridge.web.words import sentence, words

PREFIX: Final = "in."
UNSET: Final = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a choice."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form.

    Attributes:
        control: "text", "number", "checkbox", "select", "lines", "json" or the type of an
            `input` such as "date".
        value: what it holds, as text; for a checkbox "true" or nothing.
        step: of a number: "1" for whole ones.
    """

    name: str
    label: str
    control: str
    value: str
    required: bool
    hint: str = ""
    options: tuple[Option, ...] = ()
    minimum: str = ""
    maximum: str = ""
    step: str = ""
    mistake: str = ""

    @property
    def field_name(self) -> str:
        """Its name in what the browser sends."""
        return PREFIX + self.name


def fields(
    schema: Mapping[str, Any],
    values: Mapping[str, Any],
    mistakes: Mapping[str, str] | None = None,
    options: Mapping[str, tuple[Option, ...]] | None = None,
) -> list[FormField]:
    """The fields of an object's schema, holding these values.

    Args:
        mistakes: what is wrong with a value, by name.
        options: values to choose from that the schema does not know, by name.
    """
    required = set(schema.get("required", ()))
    return [
        _field(
            name,
            _resolved(schema, part),
            values.get(name, part.get("default")),
            required=name in required,
            mistake=(mistakes or {}).get(name, ""),
            options=(options or {}).get(name),
        )
        for name, part in schema.get("properties", {}).items()
    ]


def read(schema: Mapping[str, Any], sent: FormData) -> dict[str, Any]:
    """The values that a browser sent for the fields of this schema."""
    found: dict[str, Any] = {}
    for name, part in schema.get("properties", {}).items():
        resolved = _resolved(schema, part)
        control = _control(resolved)
        text = sent.get(PREFIX + name)
        if control == "checkbox":
            found[name] = text is not None
        elif isinstance(text, str):
            value = _value(resolved, control, text.strip())
            if value is not None or resolved["nullable"]:
                found[name] = value
    return found


def _resolved(schema: Mapping[str, Any], part: Mapping[str, Any]) -> dict[str, Any]:
    """A property with its reference followed, and whether it may be null."""
    found = {**part, "nullable": False}
    if "$ref" in part:
        name = str(part["$ref"]).rsplit("/", 1)[-1]
        found |= schema.get("$defs", {}).get(name, {})
    if "anyOf" in found:
        others = [_resolved(schema, p) for p in found["anyOf"] if p.get("type") != "null"]
        nullable = len(others) < len(found["anyOf"])
        if len(others) == 1:
            found = {**found, **others[0]} | {
                name: found[name] for name in ("title", "default") if name in found
            }
        found["nullable"] = nullable
    if "const" in found and "enum" not in found:
        found["enum"] = [found["const"]]
    return found


def _control(part: Mapping[str, Any]) -> str:
    kind, form = part.get("type"), part.get("format")
    if "enum" in part or (kind == "boolean" and part["nullable"]):
        return "select"
    if kind == "boolean":
        return "checkbox"
    if kind in {"integer", "number"}:
        return "number"
    if kind == "array" and part.get("items", {}).get("type") == "string":
        return "lines"
    if kind == "string":
        known = {"date": "date", "date-time": "datetime-local", "email": "email", "uri": "url"}
        return known.get(str(form), "text")
    return "json"


def _field(
    name: str,
    part: Mapping[str, Any],
    value: Any,
    *,
    required: bool,
    mistake: str,
    options: tuple[Option, ...] | None,
) -> FormField:
    control = _control(part)
    if control == "select":
        known = part.get("enum", [True, False])
        offered = tuple(Option(_text(v), _label(v)) for v in known)
        free = part["nullable"] or (not required and "default" not in part)
        options = ((Option(UNSET, "Not set"),) if free else ()) + offered
    elif options is not None:
        control = "select"
    return FormField(
        name=name,
        label=_title(name, part),
        control=control,
        value=_shown(control, value),
        required=required and control != "checkbox",
        hint=str(part.get("description", "")),
        options=options or (),
        minimum=_text(part.get("minimum")),
        maximum=_text(part.get("maximum")),
        step="1" if part.get("type") == "integer" else "any" if control == "number" else "",
        mistake=mistake,
    )


def _title(name: str, part: Mapping[str, Any]) -> str:
    """The title that somebody wrote, not the one that was made from the name."""
    given = str(part.get("title", ""))
    made = {"", name.replace("_", " ").title()}
    return words(name) if given in made else given


def _shown(control: str, value: Any) -> str:
    if control == "lines" and isinstance(value, list):
        return "\n".join(map(str, value))
    if control == "json" and value is not None:
        return jsonio.dumps(value)
    if control == "datetime-local" and isinstance(value, str):
        return value[:16]
    if control == "checkbox":
        return "true" if value else ""
    return _text(value)


def _value(part: Mapping[str, Any], control: str, text: str) -> Any:
    """What a text means; None where nothing was given."""
    if control == "lines":
        return [line.strip() for line in text.splitlines() if line.strip()]
    if text == "":
        plain = part.get("type") == "string" and not part["nullable"] and "enum" not in part
        return "" if plain else None
    if control == "select" and ("enum" in part or part.get("type") == "boolean"):
        known = part.get("enum", [True, False])
        return next((v for v in known if _text(v) == text), text)
    if control == "number":
        return _number(text, whole=part.get("type") == "integer")
    if control == "datetime-local":
        return _moment(text)
    return _json(text) if control == "json" else text


def _number(text: str, *, whole: bool) -> Any:
    try:
        value = int(text) if whole else float(text)
    except ValueError:
        return text
    return value if math.isfinite(value) else text


def _moment(text: str) -> str:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return text if at.tzinfo else f"{text}+00:00"


def _json(text: str) -> Any:
    try:
        return jsonio.loads(text)
    except ValueError:
        return text


def _text(value: Any) -> str:
    if value is None:
        return UNSET
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _label(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return sentence(str(value))
