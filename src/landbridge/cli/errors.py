"""`landbridge errors`: the catalogue on the command line."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from landbridge.assembly.catalogue import catalogue, entry_of
from landbridge.cli.options import Json
from landbridge.cli.output import FOUND_WRONG, OK, console, notices, print_json


def list_errors(*, json: Json = False) -> int:
    """List every error code of this version.

    Example: landbridge errors list
    """
    known = catalogue()
    if json:
        print_json({"errors": [entry.as_json() for entry in known.values()]})
        return OK
    table = Table("Code", "What happened", "Category", box=None, header_style="bold")
    for entry in known.values():
        table.add_row(entry.code, entry.title, entry.category)
    console().print(table)
    return OK


def explain(code: str, *, json: bool = False) -> int:
    """Explain an error or issue code: why it happens and what to do.

    Example: landbridge errors explain DATABASE_UNAVAILABLE

    Parameters
    ----------
    code
        An error code, as shown in messages. Case does not matter.
    json
        Print the entry as JSON.
    """
    entry = entry_of(code.upper())
    if entry is None:
        if json:
            print_json({"error": {"code": "ERROR_CODE_UNKNOWN", "detail": f"No code {code}."}})
        notices().print(f"There is no error code {code}. 'landbridge errors list' shows them all.")
        return FOUND_WRONG
    if json:
        print_json(entry.as_json())
        return OK
    text = Text()
    text.append(f"{entry.code}  ", style="bold")
    text.append(entry.title + "\n\n")
    text.append(entry.explanation + "\n\n")
    text.append("What to do  ", style="bold")
    text.append(entry.remedy)
    console().print(text)
    return OK
