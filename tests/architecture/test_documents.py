"""Documents: links lead somewhere, decisions are listed and say what enforces them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.support.repository import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_inside_the_documents_leads_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|mailto:)([^)#]+)", path.read_text(encoding="utf-8"))
    assert not [target for target in targets if not (path.parent / target).exists()]


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_every_decision_has_its_parts_and_is_listed(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    headings = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert headings == ["Context", "Decision", "Consequences", "Enforced by"]
    listed = (path.parent / "index.md").read_text(encoding="utf-8")
    title = text.splitlines()[0].partition(". ")[2]
    assert f"[{title}]({path.name})" in listed


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_readmes_commands_are_one_line_each() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in ("demo", "tests"):
        block = re.search(rf"<!-- command: {name} -->\n```sh\n(.+)\n```\n", text)
        assert block, name
        assert block[1].startswith("python3 -m venv .venv && ")


def test_the_changelog_knows_the_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## [Unreleased]" in changelog or f"## [{project['version']}]" in changelog


def test_every_page_is_reached_from_the_index() -> None:
    listed = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    pages = [path for path in DOCUMENTS if "docs" in path.parts and path not in DECISIONS]
    names = [str(path.relative_to(ROOT / "docs")) for path in pages]
    assert not [name for name in names if name != "index.md" and f"({name})" not in listed]
