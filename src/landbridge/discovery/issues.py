"""Row issues: the catalogue of what can be wrong with a cell or a row of a client's file.

A kind is declared once, next to the code that finds it. The issue lists of the API, the file
of failed rows, `errors explain` and the reference page are derived from this registry.
"""

from __future__ import annotations

import pkgutil
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final

from landbridge.errors.wording import said


class IssueSeverity(StrEnum):
    """How much an issue hinders. Nothing of the row is dropped, whatever the severity."""

    INFO = "info"  # worth knowing; nothing to correct
    WARNING = "warning"  # one value could not be used as it stands
    ERROR = "error"  # the row as a whole could not be used as it stands


@dataclass(frozen=True, slots=True)
class IssueKind:
    """One kind of row issue.

    Attributes:
        code: its stable name, UPPER_SNAKE, unique.
        severity: how much it hinders.
        title: what happened, in a few words.
        explanation: what was expected, and why it was not that.
        remedy: what to do next.
    """

    code: str
    severity: IssueSeverity
    title: str
    explanation: str
    remedy: str

    def told(self) -> IssueKind:
        """The kind in the current language."""
        words = (said(self.title), said(self.explanation), said(self.remedy))
        return IssueKind(self.code, self.severity, *words)


ISSUE_KINDS: Final[dict[str, IssueKind]] = {}


def issue_kind(
    code: str, severity: IssueSeverity, title: str, explanation: str, remedy: str
) -> IssueKind:
    """Declare a kind and enter it in the catalogue.

    Raises:
        ValueError: the code is malformed or taken.
    """
    if not re.fullmatch(r"[A-Z][A-Z0-9_]{2,62}", code):
        raise ValueError(f"malformed issue code {code!r}")
    if code in ISSUE_KINDS:
        raise ValueError(f"issue code {code} is taken")
    ISSUE_KINDS[code] = IssueKind(code, severity, title, explanation, remedy)
    return ISSUE_KINDS[code]


def kind_of(code: str) -> IssueKind | None:
    """The kind of this code in the current language, whichever phase declares it; None when no
    release knows it.
    """
    _load_declarations()
    kind = ISSUE_KINDS.get(code)
    return kind.told() if kind else None


@cache
def _load_declarations() -> None:
    """Kinds are declared beside the code that finds them: a process that only shows issues has
    not loaded that code.
    """
    package = __name__.rpartition(".")[0]
    for module in pkgutil.walk_packages([str(Path(__file__).parent)], f"{package}."):
        if module.name.endswith(".issues"):
            import_module(module.name)
