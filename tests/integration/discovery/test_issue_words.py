"""Issues explain themselves in a process that runs no phase."""

from __future__ import annotations

import subprocess
import sys

CODES = ("ROW_NAMES_NO_ASSET", "UNKNOWN_ENDPOINT", "VALUE_NOT_A_DATE", "ROW_SHORT")


def test_every_phase_s_issues_have_words_where_only_the_registry_is_loaded() -> None:
    program = (
        "from landbridge.discovery.issues import kind_of\n"
        f"for code in {CODES!r}: print(kind_of(code).remedy)"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert len(told) == len(CODES)
    assert all(told)
