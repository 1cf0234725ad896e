"""data_import on a real database: every row stored, counted and given back."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import text

from landbridge.database.session import JobAccess, SessionDoor, TenantSession
from landbridge.discovery.imports import repository, service
from landbridge.discovery.imports.errors import (
    FileTooLarge,
    ImportWithoutFiles,
    NothingReadable,
)
from landbridge.discovery.imports.phase import DataImport, DataImportOutput
from landbridge.errors.common import NotFound
from landbridge.flows.phases import PhaseContext
from landbridge.kit.ids import new_id
from tests.support.accounts import Account

CSV = b"Name,IP,Owner\r\nsrv1,10.0.0.1,Ann\r\nsrv2,10.0.0.2\r\n\r\nsrv3,10.0.0.3,=cmd\r\n"


class Bench:
    """An import of one account, and a flow that reads it."""

    def __init__(self, door: SessionDoor, worker: SessionDoor, account: Account, job: JobAccess):
        self.door, self.worker, self.account, self.job = door, worker, account, job
        self.reports: list[tuple[int, int | None]] = []
        with door.open(account.access) as session:
            self.import_id = service.create_import(session, account.engagement_id).id

    def give(self, name: str, content: bytes, **options: Any) -> service.ReceivedFile:
        with self.door.open(self.account.access) as session:
            return service.receive_file(
                session, self.import_id, name, io.BytesIO(content), **options
            )

    def run(self) -> DataImportOutput:
        with self.worker.open(self.job) as session:
            return DataImport().run(self.context(session))

    def context(self, session: TenantSession) -> PhaseContext:
        return PhaseContext(
            session=session,
            client_account_id=self.account.client_account_id,
            engagement_id=self.account.engagement_id,
            flow_id=self.job.flow_id,
            inputs={"import_id": str(self.import_id)},
            outputs={},
            progress=lambda done, total: self.reports.append((done, total)),
        )

    def result(self) -> service.ImportResult:
        with self.door.open(self.account.access) as session:
            return service.import_result(session, self.import_id)

    def failed_rows(self) -> str:
        with self.door.open(self.account.access) as session:
            return "".join(service.failed_rows_csv(session, self.import_id))


@pytest.fixture
def bench(
    door: SessionDoor,
    worker_door: SessionDoor,
    account: Account,
    make_flow: Callable[..., JobAccess],
) -> Bench:
    return Bench(door, worker_door, account, make_flow(account))


def test_every_row_is_stored_verbatim_and_counted(bench: Bench) -> None:
    bench.give("servers.csv", CSV)
    output = bench.run()
    assert output == DataImportOutput(
        tables=1, rows_in=3, rows_stored=3, rows_with_issues=1, files=1, files_failed=0
    )
    with bench.worker.open(bench.job) as session:
        (table,) = repository.tables_of(session, {"import_id": str(bench.import_id)})
        assert list(repository.iter_rows(session, table.id)) == [
            (2, ["srv1", "10.0.0.1", "Ann"]),
            (3, ["srv2", "10.0.0.2"]),
            (5, ["srv3", "10.0.0.3", "=cmd"]),
        ]
        assert table.columns == ["Name", "IP", "Owner"]
        assert repository.header_of(session, table) == ["Name", "IP", "Owner"]
    assert bench.reports[-1] == (3, 3)


def test_the_result_adds_up_and_names_each_kind_of_issue(bench: Bench) -> None:
    bench.give("servers.csv", b"Report\r\n" + CSV + b"Total: 3\r\n")
    output = bench.run()
    result = bench.result()
    assert result.rows_in == result.rows_stored == output.rows_in == 5
    assert sum(t.rows_in for f in result.files for t in f.tables) == result.rows_in
    assert {i.code: i.rows for i in result.issues} == {
        "ROW_SHORT": 1,
        "PREAMBLE_LINE": 1,
        "FOOTER_LINE": 1,
    }
    assert all(i.remedy and i.explanation for i in result.issues)
    assert result.rows_with_issues == output.rows_with_issues == 3
    with bench.worker.open(bench.job) as session:
        (table,) = repository.tables_of_import(session, bench.import_id)
        assert [n for n, _ in repository.iter_rows(session, table.id)] == [3, 4, 6]
        kinds = [(n, k.value) for n, _, k in repository.iter_records(session, table.id)]
        assert kinds[:2] == [(1, "preamble"), (2, "header")]
        assert kinds[-1] == (7, "footer")


def test_a_file_that_cannot_be_read_does_not_lose_the_others(bench: Bench) -> None:
    bench.give("broken.xlsx", b"PK\x03\x04 not a workbook")
    bench.give("servers.csv", CSV)
    output = bench.run()
    assert (output.files, output.files_failed, output.rows_in) == (2, 1, 3)
    broken, good = bench.result().files
    assert (broken.status, good.status) == ("failed", "read")
    assert broken.problem is not None
    assert broken.problem["code"] == "FILE_DAMAGED"
    assert broken.problem["remedy"]


def test_a_part_of_an_archive_that_cannot_be_read_is_named_and_the_rest_kept(
    bench: Bench,
) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("good.csv", CSV)
        archive.writestr("bad.json", b'[{"a": 1}, {"a": 2')
        archive.writestr("more.csv", CSV)
    bench.give("export.zip", made.getvalue())
    output = bench.run()
    assert (output.tables, output.rows_in, output.files_failed) == (2, 6, 1)
    (file,) = bench.result().files
    assert file.status == "read"
    assert file.problem is not None
    assert file.problem["code"] == "ARCHIVE_PARTS_UNREADABLE"
    assert [p["code"] for p in file.problem["fields"]["parts"]] == ["JSON_MALFORMED"]
    assert [t.name for t in file.tables] == ["good", "more"]


def test_when_no_file_can_be_read_the_phase_says_what_is_wrong_with_each(bench: Bench) -> None:
    bench.give("a.pdf", b"%PDF-1.7")
    bench.give("b.csv", b"")
    with pytest.raises(NothingReadable) as caught:
        bench.run()
    problems = caught.value.problem()["fields"]["problems"]
    assert [(p["file"], p["code"]) for p in problems] == [
        ("a.pdf", "FILE_UNSUPPORTED"),
        ("b.csv", "FILE_EMPTY"),
    ]


def test_an_import_without_files_is_refused(bench: Bench) -> None:
    with pytest.raises(ImportWithoutFiles):
        bench.run()


def test_running_twice_reads_nothing_twice(bench: Bench) -> None:
    bench.give("servers.csv", CSV)
    first = bench.run()
    with bench.door.open(bench.account.access) as session:
        before = [t.id for t in repository.tables_of_import(session, bench.import_id)]
    assert bench.run() == first
    with bench.door.open(bench.account.access) as session:
        assert [t.id for t in repository.tables_of_import(session, bench.import_id)] == before


def test_the_same_content_is_stored_once_per_account(bench: Bench) -> None:
    first = bench.give("a.csv", CSV)
    second = bench.give("b.csv", CSV)
    assert not first.already_stored
    assert second.already_stored
    with bench.door.open(bench.account.access) as session:
        assert session.execute(text("select count(*) from app.stored_files")).scalar_one() == 1
        name, size, content = service.original(session, second.id)
        assert (name, size, b"".join(content)) == ("b.csv", len(CSV), CSV)


def test_two_people_may_send_the_same_content_at_once(bench: Bench) -> None:
    with ThreadPoolExecutor(2) as pool:
        received = list(pool.map(lambda name: bench.give(name, CSV), ("a.csv", "b.csv")))
    assert {r.name for r in received} == {f.name for f in bench.result().files}
    with bench.door.open(bench.account.access) as session:
        assert session.execute(text("select count(*) from app.file_pieces")).scalar_one() == 1


def test_a_large_file_is_kept_in_pieces_and_comes_back_whole(bench: Bench) -> None:
    content = b"Name\r\n" + b"x" * (3 << 20) + b"\r\n"
    received = bench.give("big.csv", content)
    with bench.door.open(bench.account.access) as session:
        sizes = session.execute(text("select length(data) from app.file_pieces order by ordinal"))
        assert all(n <= 1 << 20 for (n,) in sizes)
        _, _, pieces = service.original(session, received.id)
        assert b"".join(pieces) == content


def test_the_upload_limit_counts_all_files_of_an_import(bench: Bench) -> None:
    bench.give("a.csv", CSV, limit_bytes=100)
    with pytest.raises(FileTooLarge):
        bench.give("b.csv", CSV, limit_bytes=100)
    assert [f.name for f in bench.result().files] == ["a.csv"]


def test_a_path_given_as_name_keeps_only_its_last_part(bench: Bench) -> None:
    assert bench.give("../../etc/pass\x00wd.csv", CSV).name == "passwd.csv"


def test_failed_rows_have_their_original_columns_and_survive_the_round_trip(
    bench: Bench,
) -> None:
    bench.give("s.csv", b"Name,=Odd,Owner,Owner\r\na,1,@x,y\r\nb,'=2\r\nc,-5\r\n")
    bench.run()
    exported = bench.failed_rows()
    rows = list(csv.reader(io.StringIO(exported.removeprefix("\ufeff"))))
    assert rows[0][:4] == ["Name", "'=Odd", "Owner", "Owner"]
    assert rows[0][4:] == ["landbridge_row", "landbridge_problem", "landbridge_remedy"]
    assert [r[:5] for r in rows[1:]] == [["b", "''=2", "", "", "3"], ["c", "-5", "", "", "4"]]
    assert "ROW_SHORT" in rows[1][5]
    assert rows[1][6]
    bench.give("again.csv", exported.encode())
    bench.run()
    with bench.door.open(bench.account.access) as session:
        again = repository.tables_of_import(session, bench.import_id)[-1]
        cells = [c[:2] for _, c in repository.iter_rows(session, again.id)]
        assert cells == [["b", "'=2"], ["c", "-5"]]
        assert repository.header_of(session, again)[:2] == ["Name", "'=Odd"]
        assert again.columns[:4] == ["Name", "=Odd", "Owner", "Owner (2)"]


def test_failed_rows_of_several_tables_share_a_file(bench: Bench) -> None:
    bench.give("a.csv", b"Name,IP\r\na\r\n")
    bench.give("b.csv", b"Host,IP\r\nb,1,2\r\nok,1\r\n")
    bench.run()
    rows = list(csv.DictReader(io.StringIO(bench.failed_rows().removeprefix("\ufeff"))))
    assert [(r["Name"], r["Host"], r["landbridge_table"], r["landbridge_row"]) for r in rows] == [
        ("a", "", "a", "2"),
        ("", "b", "b", "2"),
    ]
    assert rows[1][None] == ["2"]


def test_issues_come_in_pages_that_lose_and_repeat_nothing(bench: Bench) -> None:
    lines = b"".join(b"srv%d\r\n" % i for i in range(25))
    bench.give("s.csv", b"Name,IP\r\n" + b"ok,1\r\n" * 200 + lines)
    bench.run()
    seen: list[int] = []
    cursor: str | None = None
    with bench.door.open(bench.account.access) as session:
        while True:
            page = service.issues_page(session, bench.import_id, limit=10, cursor=cursor)
            seen += [i.row for i in page.items]
            cursor = page.next
            if cursor is None:
                break
        assert seen == list(range(202, 227))
        only = service.issues_page(session, bench.import_id, code="ROW_LONG")
        assert only.items == []
        issue = service.issues_page(session, bench.import_id, limit=1).items[0]
        assert (issue.table, issue.file, issue.code) == ("s", "s.csv", "ROW_SHORT")
        assert issue.remedy


def test_rows_come_in_pages(bench: Bench) -> None:
    bench.give("s.csv", b"Name\r\n" + b"".join(b"srv%d\r\n" % i for i in range(9_000)))
    bench.run()
    with bench.door.open(bench.account.access) as session:
        (table,) = repository.tables_of_import(session, bench.import_id)
        page = service.rows_page(session, table.id, limit=8_990)
        rest = service.rows_page(session, table.id, limit=100, cursor=page.next)
        assert page.items[0].kind == "header"
        assert rest.items[0].cells == ["srv8989"]
        assert rest.items[-1].cells == ["srv8999"]
        assert rest.next is None
        assert len(list(repository.iter_rows(session, table.id))) == 9_000


def test_imports_of_an_engagement_are_listed_newest_first(bench: Bench) -> None:
    bench.give("s.csv", CSV)
    bench.run()
    with bench.door.open(bench.account.access) as session:
        newer = service.create_import(session, bench.account.engagement_id)
        page = service.list_imports(session, bench.account.engagement_id, limit=1)
        assert [i.id for i in page.items] == [newer.id]
        rest = service.list_imports(session, bench.account.engagement_id, cursor=page.next)
        assert [(i.files, i.rows_in, i.rows_with_issues) for i in rest.items] == [(["s.csv"], 3, 1)]


def test_another_account_finds_nothing(bench: Bench, other_account: Account) -> None:
    file = bench.give("s.csv", CSV)
    bench.run()
    with bench.door.open(bench.account.access) as session:
        (table,) = repository.tables_of_import(session, bench.import_id)
    with bench.door.open(other_account.access) as session:
        for call in (
            lambda: service.import_result(session, bench.import_id),
            lambda: service.issues_page(session, bench.import_id),
            lambda: service.rows_page(session, table.id),
            lambda: service.original(session, file.id),
            lambda: service.failed_rows_csv(session, bench.import_id),
            lambda: service.create_import(session, bench.account.engagement_id),
            lambda: service.import_result(session, new_id()),
        ):
            with pytest.raises(NotFound):
                call()
        assert list(repository.iter_rows(session, table.id)) == []


def test_text_that_postgresql_cannot_hold_is_kept_and_shown(bench: Bench) -> None:
    bench.give("s.csv", b"Name,I\0P,Owner\r\na\0b,1,x\r\nc\0d,2\r\n")
    output = bench.run()
    assert output.rows_with_issues == 2
    with bench.door.open(bench.account.access) as session:
        (table,) = repository.tables_of_import(session, bench.import_id)
        assert [c[0] for _, c in repository.iter_rows(session, table.id)] == ["a\0b", "c\0d"]
        values = {i.value for i in service.issues_page(session, bench.import_id).items}
        assert "a␀b" in values
