"""An operating system column: name, release and edition from one text; a version column."""

from __future__ import annotations

import re
from typing import Any, Final

from landbridge.discovery.cleansing import issues
from landbridge.discovery.cleansing.catalogue import rule
from landbridge.discovery.cleansing.hints import ColumnHints
from landbridge.discovery.cleansing.rules.base import AS_IS, Cleansed, single
from landbridge.discovery.cleansing.rules.os import unixes, windows
from landbridge.discovery.cleansing.rules.os.model import System, spelt

NAME_KEPT: Final = rule(
    "os.name_kept",
    "An unknown system, kept by its name",
    "The name is of no system we know. It is kept as found; no release is read from it.",
)

_PRODUCT_IN_VERSION = re.compile(r"[a-z]{2,}", re.IGNORECASE)
_NOTHING = re.compile(r"other|other operating system|guest os|andere|autre|otro", re.IGNORECASE)


def read(text: str) -> System | None:
    """What a text says of an operating system; None if no system is recognised."""
    word = spelt(text)
    return windows.read(word) or unixes.read(word)


def operating_system(attribute: str, text: str, hints: ColumnHints) -> Cleansed:
    """Name, release, edition and build of an operating system."""
    system = read(text)
    if system is None:
        if _NOTHING.fullmatch(spelt(text)):
            return Cleansed({}, NAME_KEPT)
        return Cleansed({attribute: text}, NAME_KEPT, issues.OS_NOT_RECOGNISED)
    return Cleansed(values_of(system), system.rule)


def values_of(system: System) -> dict[str, Any]:
    """The attributes of a reading; what the text does not say is absent."""
    values = {
        "os_name": system.name,
        "os_version": system.version,
        "os_edition": system.edition,
        "os_build": system.build,
    }
    return {name: value for name, value in values.items() if value}


def version(attribute: str, text: str, hints: ColumnHints) -> Cleansed:
    """A version column; where its texts name a product, they also tell the system."""
    if _PRODUCT_IN_VERSION.search(text):
        system = read(text)
        if system is not None and system.version:
            return Cleansed(values_of(system), system.rule)
    return single(attribute, text, AS_IS)
