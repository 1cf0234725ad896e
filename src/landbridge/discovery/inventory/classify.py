"""Classification: what sort of asset a record describes, and which rule says so.

Rules speak with a strength; where the records of one asset disagree, the strongest wins. A
hypervisor's own list outweighs a stated class, a stated class outweighs what a model or an
operating system suggests.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from landbridge.discovery.inventory.class_words import (
    CLASS_WORDS,
    MODEL_WORDS,
    SOURCE_WORDS,
    SYSTEM_WORDS,
)
from landbridge.discovery.vocabulary import AssetType


class Classification(NamedTuple):
    """The type of an asset.

    Attributes:
        asset_type: the type.
        rule: the id of the rule that gave it.
        strength: how sure the rule is, 0 (nothing known) to 9 (the source lists only these).
    """

    asset_type: AssetType
    rule: str
    strength: int


T = AssetType
UNKNOWN: Final = Classification(T.SERVER, "default.server", 0)

Rules = tuple[tuple[re.Pattern[str], Classification], ...]


def _rules(prefix: str, words: tuple[tuple[AssetType, int, tuple[str, ...]], ...]) -> Rules:
    return tuple(
        (
            re.compile("|".join(patterns), re.IGNORECASE),
            Classification(kind, f"{prefix}.{kind.value}", strength),
        )
        for kind, strength, patterns in words
    )


_CLASSES: Final = _rules("class", CLASS_WORDS)
_MODELS: Final = _rules("model", MODEL_WORDS)
_SYSTEMS: Final = _rules("os", SYSTEM_WORDS)
_SOURCES: Final = _rules("source", SOURCE_WORDS)


def classify(
    values: Mapping[str, Any], source: str = "", *, lists_databases: bool = False
) -> Classification:
    """The type of the asset that a record describes.

    Args:
        values: attribute → cleansed value.
        source: the known source of the table, lower case; empty when unknown.
        lists_databases: the table is a list of databases.
    """
    found = [_first(_SOURCES, source), _first(_CLASSES, values.get("asset_type") or "")]
    if lists_databases and values.get("db_instance"):
        found.append(Classification(T.DATABASE, "table.database_list", 8))
    if values.get("is_virtual") is True:
        found.append(Classification(T.VIRTUAL_MACHINE, "flag.virtual", 8))
    elif values.get("host_system"):
        found.append(Classification(T.VIRTUAL_MACHINE, "column.host_system", 7))
    if str(values.get("serial_number") or "").startswith("VMWARE"):
        found.append(Classification(T.VIRTUAL_MACHINE, "serial.vmware", 6))
    model = f"{values.get('manufacturer') or ''} {values.get('model') or ''}"
    found.append(_first(_MODELS, model))
    found.append(_first(_SYSTEMS, values.get("os_name") or ""))
    return strongest(found)


def class_of_text(text: str) -> AssetType | None:
    """The type that a stated class means; None when it is empty or means nothing known."""
    found = _first(_CLASSES, text)
    return None if found is UNKNOWN else found.asset_type


def lists_databases(attributes: Iterable[str]) -> bool:
    """Whether a table with these attributes describes databases rather than their servers."""
    has = set(attributes)
    machine = {"os_name", "cpu_cores", "memory_gb", "serial_number", "mac_address", "uuid"}
    return "db_instance" in has and not has & machine


def strongest(found: Iterable[Classification]) -> Classification:
    """The classification that wins where several speak; ties go to the more special type."""
    return max(found, key=lambda c: (c.strength, _SPECIAL.index(c.asset_type)), default=UNKNOWN)


# From the least to the most special type.
_SPECIAL: Final = (
    *(T.OTHER, T.SERVER, T.SERVICE, T.WORKSTATION, T.CONTAINER, T.STORAGE, T.NETWORK_DEVICE),
    *(T.DATABASE, T.VIRTUAL_MACHINE, T.CLUSTER, T.HYPERVISOR_HOST),
)


@lru_cache(maxsize=1 << 14)
def _first(rules: Rules, text: str) -> Classification:
    text = text.strip()
    return next((c for pattern, c in rules if pattern.search(text)), UNKNOWN)
