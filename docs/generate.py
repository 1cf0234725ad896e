"""Writes the reference pages that derive from registries in the code.

    python docs/generate.py

`tests/contracts/test_reference_pages.py` fails when a page is not what this writes.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from itertools import groupby
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from cyclopts import App
from cyclopts.argument import Argument
from pydantic.fields import FieldInfo

from landbridge import discovery
from landbridge.api.problems import EXPLANATIONS, NOT_VALID
from landbridge.assembly.catalogue import catalogue
from landbridge.assessment.sixr.facts import FACTS
from landbridge.assessment.sixr.rules import shipped, shipped_text
from landbridge.assessment.sixr.strategies import MEANING as STRATEGIES
from landbridge.audit.watched import STATED, UNWATCHED, WATCHED
from landbridge.cli.main import COMMANDS, GROUPS, build, whole
from landbridge.discovery.cleansing.catalogue import RULES
from landbridge.discovery.inventory.dictionary import dictionary, explained
from landbridge.discovery.issues import ISSUE_KINDS
from landbridge.discovery.techdebt.assess import MOST, POINTS
from landbridge.discovery.techdebt.findings import FINDING_KINDS
from landbridge.identity.permissions import MEANING, Action, Role, allows
from landbridge.kit.settings import Settings

for _module in pkgutil.walk_packages(discovery.__path__, f"{discovery.__name__}."):
    # A rule or kind is in its registry once its module is imported.
    importlib.import_module(_module.name)

FOLDER = Path(__file__).parent / "reference"
CODES = FOLDER / "codes.txt"
TEMPLATE_HEAD = "# What Landbridge's errors and row issues say. See ../how-to/translate-errors.md."
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)  # the template changes only when a text does

RULE_GROUPS = {
    "class": "Classes",
    "date": "Dates",
    "frequency": "Clock speeds",
    "list": "Lists",
    "name": "Names",
    "network": "Addresses and identifiers",
    "number": "Numbers",
    "os": "Operating systems",
    "percent": "Shares",
    "serial": "Serial numbers",
    "size": "Sizes",
    "text": "All texts",
    "word": "Closed vocabularies",
}


def rules_page() -> str:
    """The cleansing rules, by the kind of value they make."""
    parts = [
        "# Cleansing rules",
        "Every value of the inventory was made by one of these rules, and names it. "
        "[How cleansing works](../explanation/cleansing.md) explains what rules may look at.",
    ]
    ordered = sorted(RULES.values(), key=lambda r: (RULE_GROUPS[_group(r.id)], r.id))
    for group, rules in groupby(ordered, key=lambda r: _group(r.id)):
        parts.append(f"## {RULE_GROUPS[group]}")
        parts += [f"**`{r.id}`** · {r.title}\n\n{r.explanation}" for r in rules]
    return _page(parts)


def strategies_page() -> str:
    """What strategy rules may look at, and the shipped ones."""
    facts = [f"| `{f.name}` | {f.sort.value} | {f.words} |" for f in FACTS.values()]
    means = [f"| `{s.value}` | {words} |" for s, words in STRATEGIES.items()]
    rows = [
        f"| `{r.id}` | {r.strategy.value} | {r.confidence:.2f} | {r.because} |"
        for r in shipped().rules
    ]
    return _page(
        [
            "# Strategy rules",
            "The rules by which an [assessment](../explanation/strategies.md) recommends what "
            "becomes of an application. They are TOML, and every client account may use its own.",
            "## Strategies",
            "\n".join(["| Strategy | Meaning |", "|---|---|", *means]),
            "## Facts",
            "A fact may be unknown; a condition on it is then neither true nor false.",
            "\n".join(["| Fact | Sort | Meaning |", "|---|---|---|", *facts]),
            "## Conditions",
            "`at_least`, `at_most`: of a number, or a share from 0 to 1. `is`: of a yes or no. "
            "`one_of`: at least one of the texts is one of these. `only`: there are texts, and "
            "all are this one. `mentions`: at least one of the texts has one of these as words. "
            "Case does not matter.",
            "## The shipped rules",
            "\n".join(["| Rule | Strategy | Confidence | Why |", "|---|---|---|---|", *rows]),
            f"As they are written:\n\n```toml\n{shipped_text().strip()}\n```",
        ]
    )


def dictionary_page() -> str:
    """Every attribute of assets."""
    parts = [
        "# Data dictionary",
        "Every attribute that an asset can have, in the order of exports, whose columns have these "
        "names. Columns of your files that no attribute stands for are kept as text under their "
        "own names. `landbridge inventory dictionary` and `/data-dictionary` of the API say how "
        "many assets of an engagement have each, with an example.",
        "Sources are named by their sort, most believed first: *hypervisor* (RVTools, vCenter, "
        "clouds), *scanner* (tools that log in), *cmdb*, *list* (spreadsheets), *mention* (in "
        "a column of another asset).",
    ]
    for entry in dictionary():
        unit = f", in {entry.unit}" if entry.unit else ""
        values = f": {', '.join(f'`{v}`' for v in entry.values)}" if entry.values else ""
        parts.append(
            f"**`{entry.attribute}`** · {entry.meaning}\n\n"
            f"Type: {entry.type}{values}{unit}. Believed: {', '.join(entry.sources)}. "
            f"{explained(entry.when_several)}"
        )
    return _page(parts)


def issues_page() -> str:
    """The issues a row can have."""
    parts = [
        "# Row issues",
        "What reading and cleansing can find wrong with a row. Nothing of such a row is dropped: "
        "the row is stored as it was found, and a text that could not be used is kept as a custom "
        "attribute.",
    ]
    for kind in sorted(ISSUE_KINDS.values(), key=lambda k: k.code):
        parts.append(f"## `{kind.code}`")
        parts.append(f"{kind.title} ({kind.severity.value}).")
        parts.append(kind.explanation)
        parts.append(f"**What to do:** {kind.remedy}")
    return _page(parts)


def findings_page() -> str:
    """The findings of technical debt assessment, and the points of the score."""
    points = ", ".join(f"{severity.value} {n}" for severity, n in POINTS.items())
    parts = [
        "# Findings of technical debt",
        f"Each open finding adds points to the score of its asset, {MOST} at most: {points}. "
        "[Technical debt and end-of-life data](../explanation/end-of-life.md) explains how "
        "releases are judged. A finding marked *unknown* says that something is not known; it "
        "adds no points.",
    ]
    for kind in sorted(FINDING_KINDS.values(), key=lambda k: k.code):
        parts.append(f"## `{kind.code}`")
        parts.append(kind.title + (". *Unknown.*" if kind.unknown else "."))
        parts.append(kind.explanation)
        parts.append(f"**What to do:** {kind.remedy}")
    return _page(parts)


def permissions_page() -> str:
    """What each role may do."""
    rows = [
        f"| {MEANING[action]} | `{action.value}` | "
        + " | ".join("yes" if allows(role, action) else "–" for role in Role)
        + " |"
        for action in Action
    ]
    parts = [
        "# Permissions",
        "A user has one role in each client account of which they are a member. Each role may do "
        "everything the weaker one may. What is not in this table is denied.",
        "\n".join(
            [
                "| A member can | Action | " + " | ".join(Role) + " |",
                "|---|---|" + "---|" * len(Role),
                *rows,
            ]
        ),
        "A role that is too weak answers 403 `PERMISSION_DENIED` and names the role that is "
        "needed. A client account of which you are no member answers 404, byte for byte like one "
        "that does not exist. [How accounts are kept apart](../explanation/isolation.md).",
    ]
    return _page(parts)


def audit_page() -> str:
    """What is audited, table by table, and what is not and why."""
    rows = [f"| `{w.table}` | {w.entries} | {w.when or 'always'} |" for w in WATCHED]
    stated = [f"| `{action}` | {meaning} |" for action, meaning in STATED.items()]
    left = [f"| `{table}` | {why} |" for table, why in sorted(UNWATCHED.items())]
    return _page(
        [
            "# What is audited",
            "Triggers on the tables write these entries, whatever code makes the change. "
            "[How the log is sealed](../explanation/audit.md).",
            "\n".join(["| Table | Entries | When |", "|---|---|---|", *rows]),
            "What no table shows is stated by the program or by the database itself:",
            "\n".join(["| Entry | Meaning |", "|---|---|", *stated]),
            "## What is not",
            "\n".join(["| Table | Why |", "|---|---|", *left]),
        ]
    )


def settings_page() -> str:
    """Every setting, its default and its meaning."""
    rows = [
        f"| `LANDBRIDGE_{name.upper()}` | {_setting_default(field)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return _page(
        [
            "# Settings",
            "Every setting is an environment variable, read once when a process starts.",
            "\n".join(["| Variable | Default | Meaning |", "|---|---|---|", *rows]),
        ]
    )


def _setting_default(field: FieldInfo) -> str:
    if field.default_factory is not None:
        return "the user's data directory"
    return "–" if field.default in (None, ()) else f"`{field.default}`"


def errors_page() -> str:
    """The errors that stop a request, a command or a phase of a flow."""
    parts = [
        "# Error codes",
        "What can stop a request, a command or a phase of a flow; `landbridge errors explain CODE` "
        "says the same. Codes never change their meaning. What can be wrong with a row of a file "
        "is under [row issues](row-issues.md).",
    ]
    for entry in catalogue().values():
        if entry.kind == "error":
            parts.append(f"## `{entry.code}`")
            parts.append(f"{entry.title} ({entry.category}, HTTP {entry.status}).")
            parts.append(entry.explanation)
            parts.append(f"**What to do:** {entry.remedy}")
    return _page(parts)


def commands_page() -> str:
    """Every command with an example and its parameters."""
    app = build()
    parts = [
        "# Commands",
        "Exit codes: 0 ok, 1 the work found something wrong, 2 usage, 3 environment.",
    ]
    for path in command_paths():
        parts += _command(whole(app, path), path)
    return _page(parts)


def command_paths() -> list[list[str]]:
    """The words of every command after `landbridge`, sorted."""
    paths = [[name] for name in COMMANDS]
    paths += [[group, name] for group, (_, commands) in GROUPS.items() for name in commands]
    return sorted(paths)


def _command(command: App, path: list[str]) -> Iterator[str]:
    yield f"## landbridge {' '.join(path)}"
    told = inspect.getdoc(command.default_command) or ""
    for paragraph in told.partition("\nParameters\n")[0].strip().split("\n\n"):
        example = paragraph.removeprefix("Example: ")
        yield paragraph if example == paragraph else f"```sh\n{example}\n```"
    rows = [
        _argument(argument)
        for argument in command.assemble_argument_collection(parse_docstring=True)
        if argument.show
    ]
    if rows:
        yield "\n".join(["| Parameter | Default | Meaning |", "|---|---|---|", *rows])


def _argument(argument: Argument) -> str:
    default = argument.field_info.default
    shown = "required" if argument.required else f"`{default}`"
    if not argument.required and default in (None, False, "", ()):
        shown = "–"
    names = argument.names
    if argument.index is not None:
        names = (argument.name.removeprefix("--").upper(),)
    meaning = " ".join((argument.parameter.help or "").split())
    return f"| {', '.join(f'`{name}`' for name in names)} | {shown} | {meaning} |"


def codes() -> set[str]:
    """Every code of this version: errors, row issues, findings."""
    return set(catalogue())


def template() -> str:
    """What translators begin with: every text of an error or a row issue (gettext's PO format)."""
    texts = Catalog(project="Landbridge", header_comment=TEMPLATE_HEAD, creation_date=LONG_AGO)
    for entry in catalogue().values():
        for text in (entry.title, entry.explanation, entry.message, entry.remedy):
            if text:
                texts.add(text, auto_comments=[entry.code])
    for text in (*EXPLANATIONS.values(), NOT_VALID):
        texts.add(text, auto_comments=["INVALID_REQUEST"])
    written = BytesIO()
    write_po(written, texts, omit_header=False, sort_output=True, width=100)
    return written.getvalue().decode()


PAGES: dict[str, Callable[[], str]] = {
    "rules.md": rules_page,
    "strategy-rules.md": strategies_page,
    "data-dictionary.md": dictionary_page,
    "row-issues.md": issues_page,
    "findings.md": findings_page,
    "permissions.md": permissions_page,
    "audit.md": audit_page,
    "settings.md": settings_page,
    "errors.md": errors_page,
    "cli.md": commands_page,
    "errors.pot": template,
}


def _group(rule_id: str) -> str:
    return rule_id.partition(".")[0]


def _page(parts: Iterable[str]) -> str:
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")
    published = CODES.read_text(encoding="utf-8").split() if CODES.exists() else []
    CODES.write_text("\n".join(sorted({*published, *codes()})) + "\n", encoding="utf-8")
