"""What rules may look at: the facts about one application, or one asset without application."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final


class Sort(StrEnum):
    """How a fact is compared."""

    NUMBER = "number"
    SHARE = "share"
    TRUTH = "yes or no"
    TEXTS = "texts"


@dataclass(frozen=True, slots=True)
class FactKind:
    """A fact that rules may name."""

    name: str
    sort: Sort
    words: str


def _kinds(*rows: tuple[str, Sort, str]) -> dict[str, FactKind]:
    return {name: FactKind(name, sort, words) for name, sort, words in rows}


FACTS: Final = _kinds(
    ("assets", Sort.NUMBER, "Assets that belong to it"),
    ("names", Sort.TEXTS, "Its name"),
    ("asset_types", Sort.TEXTS, "Types of its assets"),
    ("environments", Sort.TEXTS, "Environments of its assets, as far as they are known"),
    ("criticalities", Sort.TEXTS, "Business criticalities of its assets"),
    ("operating_systems", Sort.TEXTS, "Operating systems of its machines"),
    ("database_engines", Sort.TEXTS, "Database engines of its assets"),
    ("stated_strategies", Sort.TEXTS, "Migration strategies that a source states for it"),
    ("share_retired", Sort.SHARE, "Of assets with a life-cycle status, those out of service"),
    ("share_off", Sort.SHARE, "Of machines with a power state, those that are off"),
    ("share_virtual", Sort.SHARE, "Of its machines, those that are virtual"),
    ("share_vmware", Sort.SHARE, "Of virtual machines with a known hypervisor, those on VMware"),
    ("share_databases", Sort.SHARE, "Of its assets, those that are databases"),
    ("share_containers", Sort.SHARE, "Of its assets, those that are containers"),
    ("share_platform", Sort.SHARE, "Of its assets, hosts, clusters, network and storage devices"),
    ("share_workstations", Sort.SHARE, "Of its assets, those that are workstations"),
    ("os_ended", Sort.TRUTH, "Whether the support of an operating system of it is over"),
    ("database_ended", Sort.TRUTH, "Whether the support of a database of it is over"),
    ("support_passed", Sort.TRUTH, "Whether a stated warranty or support date has passed"),
    ("owner_known", Sort.TRUTH, "Whether a source names an owner or a support group"),
    ("needs", Sort.NUMBER, "Others that it needs"),
    ("needed_by", Sort.NUMBER, "Others that need it"),
)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a fact.

    Attributes:
        value: a number, a yes or no, or a list of texts; None: nothing is known.
        whole: a list holds all there is; otherwise what is not in it may be true all the same.
    """

    value: Any
    whole: bool = True


Facts = Mapping[str, Known]
UNKNOWN: Final = Known(None, whole=False)


def as_json(facts: Facts) -> dict[str, Any]:
    """The facts as they are stored; a list that is not whole ends with None."""
    return {
        name: known.value if known.whole or known.value is None else [*known.value, None]
        for name, known in facts.items()
    }


def from_json(stored: Mapping[str, Any]) -> dict[str, Known]:
    """The facts, read back."""
    found = {}
    for name, value in stored.items():
        if isinstance(value, list) and None in value:
            found[name] = Known([v for v in value if v is not None], whole=False)
        else:
            found[name] = Known(value, whole=value is not None)
    return found
