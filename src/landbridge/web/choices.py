"""What a column can be mapped to, in the order people look for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from landbridge.discovery.vocabulary import ATTRIBUTES
from landbridge.web.attributes import GROUPS
from landbridge.web.words import words

CUSTOM: Final = "custom"
IGNORE: Final = "ignore"


@dataclass(frozen=True, slots=True)
class Target:
    """One choice: an attribute, or to keep the column under its own name, or to leave it out."""

    value: str
    label: str
    help: str = ""


def _grouped() -> dict[str, list[Target]]:
    left = dict(ATTRIBUTES)
    grouped = {
        title: [_target(name) for name in names.split() if left.pop(name, None)]
        for title, names in GROUPS.items()
    }
    parts = [name for name in left if name.startswith("component_")]
    others = [name for name in left if name not in parts]
    grouped["Relations and connections"] = [_target(name) for name in others]
    grouped["Disks, adapters, partitions"] = [_target(name) for name in parts]
    return grouped


def _target(name: str) -> Target:
    return Target(f"attribute:{name}", words(name), ATTRIBUTES[name].description)


TARGETS: Final = _grouped()
OTHERS: Final = (
    Target(CUSTOM, "Keep as custom attribute"),
    Target(IGNORE, "Leave out of the inventory"),
)


def value_of(target: str, attribute: str | None) -> str:
    """A mapping's target as the value of a choice."""
    return f"attribute:{attribute}" if attribute else target


def parse(value: str) -> tuple[str, str | None] | None:
    """A choice as (target, attribute); None when there is no such choice."""
    if value in {CUSTOM, IGNORE}:
        return value, None
    kind, _, attribute = value.partition(":")
    return ("attribute", attribute) if kind == "attribute" and attribute in ATTRIBUTES else None


def label_of(value: str) -> str:
    """How a choice reads."""
    known = {t.value: t.label for group in TARGETS.values() for t in group}
    return known.get(value) or {t.value: t.label for t in OTHERS}.get(value, value)


def alternative(found: Any) -> Target | None:
    """An alternative of a suggestion as a choice, with how likely it is."""
    if not isinstance(found, dict) or found.get("attribute") not in ATTRIBUTES:
        return None
    likely = round(100 * float(found.get("confidence", 0)))
    name = found["attribute"]
    by = ", says an agent" if found.get("by") else ""
    return Target(f"attribute:{name}", f"{words(name)} ({likely} %{by})")
