"""Rules of the house that hold for every source file."""

from __future__ import annotations

import re
import statistics
from pathlib import Path

import pytest

from tests.support.repository import ROOT, SOURCE, hits, python_files, text_files

PRODUCT = python_files("src")
TESTS = python_files("tests", "benchmarks")


def length(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_longer_than_five_hundred_lines() -> None:
    assert not [f"{p.relative_to(ROOT)}: {length(p)}" for p in PRODUCT + TESTS if length(p) > 500]


def test_half_of_the_files_have_at_most_a_hundred_lines() -> None:
    assert statistics.median(length(path) for path in PRODUCT if length(path)) <= 100


def test_only_the_engines_file_and_its_grants_name_the_engine() -> None:
    allowed = {SOURCE / "flows" / "engine.py", SOURCE / "database" / "bootstrap.py"}
    others = [path for path in PRODUCT if path not in allowed]
    assert not list(hits(others, r"\bdbos\.|^\s*(from|import) dbos\b"))


def test_only_the_session_door_commits() -> None:
    allowed = {SOURCE / "database" / "session.py", SOURCE / "database" / "migrate.py"}
    others = [path for path in PRODUCT if path not in allowed]
    assert not list(hits(others, r"(?<!savepoint)\.commit\(\)"))


def test_nothing_waits_by_sleeping() -> None:
    assert not list(hits(PRODUCT, r"\btime\.sleep\("))


def test_no_failure_is_swallowed_blindly() -> None:
    assert not list(hits(PRODUCT, r"except\s*:|suppress\((Base)?Exception\)"))


def test_every_silenced_check_says_why() -> None:
    silenced = hits(PRODUCT, r"#\s*(type:\s*ignore|noqa)")
    earned = re.compile(r"#\s*(type: ignore\[[\w-]+\]|noqa: [A-Z0-9, ]+) +(#|-|–) \S")
    assert not [line for line in silenced if not earned.search(line)]


@pytest.mark.parametrize(
    "words",
    ["TO" + "DO", "FIX" + "ME", "XX" + "X", "raise NotImplemented" + "Error", "coming " + "soon",
     "lorem " + "ipsum"],
)  # fmt: skip
def test_no_promise_is_left_open(words: str) -> None:
    assert not list(hits(text_files(), rf"\b{words}\b"))


@pytest.mark.parametrize("words", ["/wo" + "rk/", r"\bC" + "LAUDE\\b", "this " + "session of"])
def test_the_project_speaks_of_itself_alone(words: str) -> None:
    assert not list(hits(text_files(), words))
