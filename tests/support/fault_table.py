"""What a fault has to end in, and the table of what each of them did."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

COLUMNS: Final = {
    "code": "the right code, which the catalogue has",
    "remedy": "a remedy",
    "answer": "a trace id in what the person or the program gets",
    "log": "the same trace id in the log",
    "flow": "the same trace id on the flow's row",
    "kept": "nothing lost, nothing half done",
    "over": "when the fault goes, the same works",
}
ASKED: Final = frozenset(set(COLUMNS) - {"flow"})
"""Of a fault that no flow met."""
UNNOTICED: Final = frozenset({"kept", "over"})
"""Of a fault that nobody is told of, because it is got over."""
_ANYTHING: Final = object()


@dataclass(slots=True)
class Seen:
    """What one fault ended in, so far."""

    fault: str
    code: str = "none"
    checked: set[str] = field(default_factory=set)

    def check(self, column: str, found: Any, wanted: Any = _ANYTHING) -> None:
        """Check one column: that this is what is wanted, or else that it is anything."""
        assert column in COLUMNS
        if wanted is _ANYTHING:
            assert found, f"{self.fault}: {COLUMNS[column]}"
        else:
            assert found == wanted, f"{self.fault}: {COLUMNS[column]}"
        self.checked.add(column)

    def problem(self, problem: dict[str, Any], wanted: str, catalogue: Iterable[str]) -> str:
        """Check the first three columns of a problem; returns its trace id."""
        self.code = problem["code"]
        assert self.code in catalogue
        self.check("code", self.code, self.code if wanted == "*" else wanted)
        self.check("remedy", problem["remedy"])
        self.check("answer", problem["trace_id"])
        return str(problem["trace_id"])


def print_table(reporter: pytest.TerminalReporter, rows: Iterable[tuple[Any, ...]]) -> None:
    """Print what each fault ended in.

    Args:
        rows: fault, code, checked columns, recovery.
    """
    known = sorted((fault, code, recovery, set(checked)) for fault, code, checked, recovery in rows)
    if not known:
        return
    reporter.section(f"{len(known)} faults")
    reporter.write_line(f"{'':44} {'':30} {' '.join(f'{c:6}' for c in COLUMNS)} recovery")
    for fault, code, recovery, checked in known:
        marks = " ".join(f"{'✓' if c in checked else '–':6}" for c in COLUMNS)
        reporter.write_line(f"{fault:44} {code:30} {marks} {recovery}")
    reporter.write_line("")
    for column, meaning in COLUMNS.items():
        count = sum(column in checked for *_, checked in known)
        reporter.write_line(f"{column:6} {count:4} of {len(known)} faults: {meaning}")
    reporter.write_line("A dash: no flow met it, it was got over untold, or it is not logged.")
