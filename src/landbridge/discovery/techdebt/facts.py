"""What assessment knows of an asset."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from landbridge.discovery.vocabulary import AssetType, Environment

_RETIRED = re.compile(
    r"retired|decommission|disposed|scrap|absent|stolen|ausgemustert|stillgelegt|verschrottet"
    r"|hors service|réformé|rebut|dado de baja|retirado|dismess|buiten gebruik|wycofan|desativad",
    re.IGNORECASE,
)
_RUNS_A_SYSTEM: Final = frozenset(
    {AssetType.SERVER, AssetType.VIRTUAL_MACHINE, AssetType.HYPERVISOR_HOST, AssetType.WORKSTATION}
)


def is_retired(status: str | None) -> bool:
    """Whether a life-cycle status, in a source's words, says out of service for good."""
    return bool(status and _RETIRED.search(status))


@dataclass(frozen=True, slots=True)
class AssetFacts:
    """One asset, as the inventory describes it.

    Attributes:
        id: the asset.
        name: what it is called.
        asset_type: a value of `vocabulary.AssetType`.
        environment: a value of `vocabulary.Environment`.
        os_name, os_version: its operating system, as cleansing writes it.
        power_state: on, off or suspended; None if unknown.
        status: its life-cycle status, in the source's words.
        attributes: attribute → value, of the vocabulary.
        database_apart: the database that the attributes speak of is an asset of its own.
    """

    id: UUID
    name: str
    asset_type: str
    environment: str = Environment.UNKNOWN
    os_name: str | None = None
    os_version: str | None = None
    power_state: str | None = None
    status: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    database_apart: bool = False

    def text(self, attribute: str) -> str | None:
        """The text of an attribute; None where it is absent."""
        value = self.attributes.get(attribute)
        return value if isinstance(value, str) and value else None

    def number(self, attribute: str) -> float | None:
        """The number of an attribute; None where it is absent."""
        value = self.attributes.get(attribute)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return None
        return float(value)

    def day(self, attribute: str) -> date | None:
        """The date of an attribute; None where it is absent or no ISO 8601 date."""
        try:
            return date.fromisoformat((self.text(attribute) or "")[:10])
        except ValueError:
            return None

    @property
    def is_retired(self) -> bool:
        """Whether the source says that the asset is out of service for good."""
        return is_retired(self.status)

    @property
    def is_off(self) -> bool:
        """Whether the asset is known not to run."""
        return self.power_state == "off"

    @property
    def runs_a_system(self) -> bool:
        """Whether an asset of this type has an operating system that a migration asks for."""
        return self.asset_type in _RUNS_A_SYSTEM
