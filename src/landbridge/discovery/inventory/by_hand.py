"""What may be set by hand, and how a value is read: as a cell of an import is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from landbridge.discovery.cleansing.hints import Basis, ColumnHints, FrequencyUnit, SizeUnit
from landbridge.discovery.cleansing.rules.dispatch import cleanse
from landbridge.discovery.inventory.edit_errors import AttributeNotEditable, ValueDoesNotFit
from landbridge.discovery.inventory.keys import TELLING
from landbridge.discovery.vocabulary import ATTRIBUTES, Criticality, Environment, Kind

LONGEST: Final = 2_000
"""Characters of a value."""
_SHOWN: Final = 80
_ELSEWHERE: Final = frozenset(
    (
        *("asset_type", "db_instance", "application_name", "depends_on", "process_name"),
        *("rel_source", "rel_target", "rel_type", "source_ip", "target_ip", "port", "protocol"),
    )
)
EDITABLE: Final = tuple(
    a
    for a in ATTRIBUTES
    if a not in _ELSEWHERE and a not in TELLING and not a.startswith("component_")
)
"""The attributes that may be set by hand: not those by which assets are recognised, nor what other
pages decide.
"""
_SYSTEM: Final = frozenset(("os_version", "os_edition", "os_build"))
_HINTS: Final = ColumnHints(
    size_unit=SizeUnit.GIB,
    size_basis=Basis.HEADER,
    frequency_unit=FrequencyUnit.MHZ,
    decimal=".",
)
WORDS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.ENVIRONMENT: tuple(e for e in Environment if e is not Environment.UNKNOWN),
    Kind.CRITICALITY: tuple(Criticality),
    Kind.POWER: ("on", "off", "suspended"),
    Kind.BOOLEAN: ("yes", "no"),
}
"""The closed vocabularies, for choosing from a list."""
_EXPECTED: Final[Mapping[Kind, str]] = {
    Kind.INTEGER: "a whole number such as 8",
    Kind.GIB: "a size such as 16 (GiB) or 16384 MB",
    Kind.MHZ: "a clock speed such as 2400 (MHz) or 2.4 GHz",
    Kind.PERCENT: "a share from 0 to 100 %",
    Kind.DATE: "a day such as 2024-05-30",
    Kind.OS: "the name of an operating system",
    **{kind: "one of " + ", ".join(words) for kind, words in WORDS.items()},
}


def read(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The values of attributes as they are kept, typed as `vocabulary.Kind` says.

    Args:
        changes: attribute → text, number or truth value; None or an empty text clears it.

    Returns:
        attribute → value, None where it is cleared. An operating system that names its version
        sets that too.

    Raises:
        AttributeNotEditable: one of them is not set by hand.
        ValueDoesNotFit: one of the values cannot be read.
    """
    found: dict[str, Any] = {}
    for attribute, value in changes.items():
        if attribute not in EDITABLE:
            raise AttributeNotEditable(attribute=attribute[:_SHOWN], attributes=", ".join(EDITABLE))
        if value is None or value == "":
            found[attribute] = None
            continue
        values = _read(attribute, value)
        found[attribute] = values[attribute]
        if attribute == "os_name":
            for name in _SYSTEM & values.keys() - changes.keys():
                found[name] = values[name]
    return found


def allowed(attribute: str) -> str:
    """What values of an attribute look like, in words."""
    return _EXPECTED.get(ATTRIBUTES[attribute].kind, f"a text of at most {LONGEST:,} characters")


def _read(attribute: str, value: Any) -> dict[str, Any]:
    text = _text(value)
    if text is not None and len(text) <= LONGEST:
        cleansed = cleanse(attribute, text, _HINTS)
        if cleansed.values.get(attribute) is not None:
            return cleansed.values
    shown = str(value)
    shown = shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"
    raise ValueDoesNotFit(attribute=attribute, value=shown, allowed=allowed(attribute))


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, (str, int, float)) else None
