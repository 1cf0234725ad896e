"""`landbridge doctor`: is this installation well, and what to do if not."""

from __future__ import annotations

from landbridge.cli.checkup import Check, examine
from landbridge.cli.output import FOUND_WRONG, OK, console, print_json
from landbridge.kit.settings import settings


def doctor(*, json: bool = False) -> int:
    """Check this installation and say what to do. Exits 1 when something is wrong.

    Example: landbridge doctor

    Parameters
    ----------
    json
        Print the checks as JSON.
    """
    checks = examine(settings())
    passed = all(check.passed for check in checks)
    if json:
        print_json({"passed": passed, "checks": [check.as_json() for check in checks]})
    else:
        for check in checks:
            _print(check)
    return OK if passed else FOUND_WRONG


def _print(check: Check) -> None:
    mark, style = ("ok", "green") if check.passed else ("no", "red")
    console().print(f"{mark}  ", style=style, end="")
    console().print(f"{check.name:<16}", end="")
    console().print(check.evidence, soft_wrap=True)
    if not check.passed:
        console().print(f"    {'':<16}{check.remedy}", soft_wrap=True)
