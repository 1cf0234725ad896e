"""Findings: the catalogue of what assessment can find, and one finding about one asset."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final


class Severity(StrEnum):
    """How much a finding weighs in a migration, the heaviest first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class FindingKind:
    """One kind of finding.

    Attributes:
        code: its stable name, UPPER_SNAKE, unique.
        title: what was found, in a few words.
        explanation: when it is reported and how its severity is chosen.
        remedy: what to do next; may hold fields of the finding's data.
        unknown: it reports that something is not known, which is no debt.
    """

    code: str
    title: str
    explanation: str
    remedy: str
    unknown: bool = False


FINDING_KINDS: Final[dict[str, FindingKind]] = {}


def finding_kind(
    code: str, title: str, explanation: str, remedy: str, *, unknown: bool = False
) -> FindingKind:
    """Declare a kind and enter it in the catalogue.

    Raises:
        ValueError: the code is malformed or taken.
    """
    if not re.fullmatch(r"[A-Z][A-Z0-9_]{2,62}", code) or code in FINDING_KINDS:
        raise ValueError(f"malformed or taken finding code {code!r}")
    FINDING_KINDS[code] = FindingKind(code, title, explanation, remedy, unknown)
    return FINDING_KINDS[code]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found about one asset.

    Attributes:
        kind: what it is.
        severity: how much it weighs.
        detail: the sentence that says what was found, with its dates.
        data: the inputs of the rule: product, release, dates, source, thresholds.
        remedy: what to do next.
        subject: what tells findings of one kind about one asset apart, such as a product.
    """

    kind: FindingKind
    severity: Severity
    detail: str
    data: dict[str, Any] = field(default_factory=dict)
    remedy: str = ""
    subject: str = ""

    @property
    def advice(self) -> str:
        """The remedy of this finding, or that of its kind."""
        return self.remedy or self.kind.remedy

    def cache_key(self, asset_id: object | None) -> str:
        """The key under which a re-run finds the same finding again; None: it is about the
        engagement as a whole.
        """
        key = f"{self.kind.code}:{asset_id or 'engagement'}"
        return f"{key}:{self.subject}" if self.subject else key
