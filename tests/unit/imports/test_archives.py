"""Archives: judged before they are opened, and one bad member does not lose the others."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from landbridge.discovery.imports.formats import archives, bounds
from landbridge.discovery.imports.reading import SourceTable, read_file
from landbridge.errors.catalogue import LandbridgeError
from tests.support.workbookfiles import rows, xlsx

CSV = b"Name,IP\r\nsrv1,10.0.0.1\r\nsrv2,10.0.0.2\r\n"


def packed(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made.getvalue()


def read(folder: Path, content: bytes) -> list[tuple[str, int, str | None]]:
    path = folder / "export.zip"
    path.write_bytes(content)
    return [
        (t.name, len(list(t.rows)), t.problem.code if t.problem else None) for t in read_file(path)
    ]


def test_all_tables_of_all_members_are_read_under_their_paths(tmp_path: Path) -> None:
    workbook = xlsx({"vInfo": rows(["VM"], ["a"]), "vCPU": rows(["VM"], ["a"], ["b"])})
    content = packed({"a/servers.csv": CSV, "book.xlsx": workbook, "x.json": b'[{"a":1}]'})
    assert read(tmp_path, content) == [
        ("a/servers", 2, None),
        ("book.xlsx/vInfo", 1, None),
        ("book.xlsx/vCPU", 2, None),
        ("x", 1, None),
    ]


def test_each_bad_member_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    content = packed(
        {
            "a.pdf": b"%PDF-1",
            "inner.zip": packed({"x.csv": CSV}),
            "empty.csv": b"",
            "late.json": b'[{"a":1},{"a":',
            "good.csv": CSV,
        }
    )
    assert read(tmp_path, content) == [
        ("a.pdf", 0, "FILE_UNSUPPORTED"),
        ("inner.zip", 0, "ARCHIVE_NESTED"),
        ("empty.csv", 0, "FILE_EMPTY"),
        ("late.json", 0, "JSON_MALFORMED"),
        ("good", 2, None),
    ]


def test_a_member_that_breaks_off_while_being_read_is_a_problem_of_its_table(
    tmp_path: Path,
) -> None:
    broken = "<sheetData>" + "<row><c><v>1</v></c></row>" * 3_000 + "<row>"
    content = packed({"book.xlsx": xlsx({"S": broken}), "good.csv": CSV})
    path = tmp_path / "export.zip"
    path.write_bytes(content)
    seen: list[tuple[SourceTable, int]] = [(t, len(list(t.records))) for t in read_file(path)]
    assert [t.problem.code if t.problem else None for t, _ in seen] == ["FILE_DAMAGED", None]


def test_names_of_members_are_never_paths(tmp_path: Path) -> None:
    content = packed({"../../evil.csv": CSV, "/etc/abs.csv": CSV, "c:\\win\\x\x01.csv": CSV})
    assert [name for name, _, _ in read(tmp_path, content)] == ["evil", "etc/abs", "c:/win/x"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["export.zip"]


def test_what_file_managers_leave_behind_is_no_member(tmp_path: Path) -> None:
    clutter = {"__MACOSX/._a.csv": b"x", ".DS_Store": b"x", "folder/": b"", "a.csv": CSV}
    assert read(tmp_path, packed(clutter)) == [("a", 2, None)]


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({}, "ARCHIVE_EMPTY"),
        ({f"{i}.csv": b"a" for i in range(archives.MAX_MEMBERS + 1)}, "ARCHIVE_TOO_MANY_FILES"),
        ({"bomb.csv": bytes(bounds.SMALL + 1)}, "CONTENT_TOO_LARGE"),
    ],
)
def test_an_archive_can_be_refused_as_a_whole(
    tmp_path: Path, members: dict[str, bytes], code: str
) -> None:
    with pytest.raises(LandbridgeError) as caught:
        read(tmp_path, packed(members))
    assert caught.value.code == code


def test_a_member_that_needs_a_password_is_named(tmp_path: Path) -> None:
    content = bytearray(packed({"a.csv": CSV}))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(magic) + offset] |= 1
    assert read(tmp_path, bytes(content)) == [("a.csv", 0, "FILE_ENCRYPTED")]


def test_a_member_that_lies_about_its_size_is_damaged(tmp_path: Path) -> None:
    content = bytearray(packed({"a.csv": CSV * 500}))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (100).to_bytes(4, "little")
    assert read(tmp_path, bytes(content)) == [("a.csv", 0, "FILE_DAMAGED")]
