"""Each file that attacks its reader is refused with a code and a remedy, and leaves nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from landbridge.discovery.imports.reading import read_file
from landbridge.errors.catalogue import LandbridgeError
from tests.support.attacks import Attack, attacks


def read(path: Path) -> set[str]:
    """The codes of the parts that could not be read."""
    problems = []
    for table in read_file(path):
        for _ in table.records:
            pass
        problems.append(table.problem)
    return {problem.code for problem in problems if problem}


@pytest.mark.parametrize("attack", attacks(), ids=lambda a: a.name)
def test_an_attack_is_refused_with_a_remedy_and_leaves_nothing(
    attack: Attack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    path = tmp_path / "files" / attack.name
    path.parent.mkdir()
    path.write_bytes(attack.content)
    if attack.part or attack.code is None:
        assert read(path) == ({attack.part} if attack.part else set())
    else:
        with pytest.raises(LandbridgeError) as caught:
            read(path)
        assert caught.value.code == attack.code
        assert caught.value.advice
        assert "root:" not in caught.value.detail
    assert list(temporary.iterdir()) == []
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == [attack.name]


def test_a_claim_about_the_size_of_a_sheet_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "dimension.xlsx"
    path.write_bytes(next(a.content for a in attacks() if a.name == path.name))
    table = next(iter(read_file(path)))
    assert [row.cells for row in table.rows] == [["srv1"]]
