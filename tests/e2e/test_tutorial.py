"""The tutorial does what it says: its commands are run, one after the other, in an empty home."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.repository import ROOT

TUTORIAL = ROOT / "docs" / "tutorials" / "first-estate.md"


def commands() -> list[str]:
    """The shell blocks, without the one that prepares the reader's own terminal."""
    return re.findall(r"^```sh\n(.*?)^```$", TUTORIAL.read_text(encoding="utf-8"), re.S | re.M)


@pytest.fixture
def surroundings(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A shell whose home is empty, and whose database is stopped in the end."""
    home = tmp_path / "home"
    home.mkdir()
    ours = {key: value for key, value in os.environ.items() if not key.startswith("LANDBRIDGE_")}
    scripts = str(Path(sys.executable).parent)
    made = ours | {
        "HOME": str(home),
        "LANDBRIDGE_DATA_DIR": str(home / "data"),
        "PATH": f"{scripts}:{ours['PATH']}",
    }
    yield made
    subprocess.run(["landbridge", "db", "stop"], env=made, check=True, timeout=60)


@pytest.mark.slow
def test_the_first_estate_tutorial_runs_as_written(
    surroundings: dict[str, str], tmp_path: Path
) -> None:
    script = "set -eu\n" + "\n".join(f"echo '### {n}'\n{c}" for n, c in enumerate(commands()))
    ran = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path, env=surroundings, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert sorted(p.name for p in (tmp_path / "inventory").iterdir()) == [
        "inventory.csv",
        "inventory.json",
        "inventory.xlsx",
    ]
    first, again = re.findall(r"^ *(\d+) +assets", ran.stdout, re.M)
    assert first == again
    faulty = (tmp_path / "to-correct.csv").read_text(encoding="utf-8-sig")
    assert "31.02.2018" in faulty
    assert "unbekannt" in faulty
