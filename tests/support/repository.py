"""The files of this repository, as tests of the house rules look at them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "landbridge"
_SKIPPED = {".venv", ".git", "__pycache__", "vendor", ".mypy_cache", ".ruff_cache"}


def python_files(*roots: str) -> list[Path]:
    """Every Python file under some folders of the repository."""
    return sorted(
        path
        for root in roots
        for path in (ROOT / root).rglob("*.py")
        if not _SKIPPED.intersection(path.parts)
    )


def text_files() -> list[Path]:
    """Every text file of the project: code, documents, templates, styles, settings."""
    kinds = {".py", ".md", ".toml", ".html", ".css", ".js", ".sql", ".yml", ".yaml", ".json"}
    roots = [ROOT / name for name in ("src", "tests", "docs", "benchmarks", ".ci", "deploy")]
    found = [path for root in roots for path in root.rglob("*")] + list(ROOT.iterdir())
    return sorted(
        path
        for path in found
        if path.is_file()
        and not _SKIPPED.intersection(path.relative_to(ROOT).parts)
        and (path.suffix in kinds or path.name in {"run", "NOTICE", "Dockerfile"})
    )


def hits(paths: list[Path], pattern: str, flags: int = 0) -> Iterator[str]:
    """Each line that matches, as `file:line: text`."""
    wanted = re.compile(pattern, flags)
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if wanted.search(line):
                yield f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
