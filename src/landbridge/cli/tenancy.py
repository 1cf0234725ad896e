"""`landbridge tenancy`: is every client account sealed off?"""

from __future__ import annotations

from rich.table import Table

from landbridge.cli.context import databases
from landbridge.cli.output import FOUND_WRONG, OK, console, print_json
from landbridge.tenancy.lint import Violation, lint_database
from landbridge.tenancy.rules import RULES


def lint(*, json: bool = False) -> int:
    """Check the database for every isolation rule. Exits 1 when one does not hold.

    Example: landbridge tenancy lint --json

    Parameters
    ----------
    json
        Print the violations as JSON.
    """
    found = lint_database(databases())
    if json:
        print_json({"rules": len(RULES), "violations": [v.as_json() for v in found]})
    elif found:
        console().print(_table(found))
    else:
        console().print(f"All {len(RULES)} isolation rules hold.")
    return FOUND_WRONG if found else OK


def _table(found: list[Violation]) -> Table:
    table = Table("Rule", "Where", "What", "What to do", box=None, header_style="bold")
    for violation in found:
        table.add_row(violation.code, violation.object, violation.detail, violation.remedy)
    return table
