"""Whatever a CSV writer writes comes back equal, and formats are told apart."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landbridge.discovery.imports.formats.delimited import DelimitedReader
from landbridge.discovery.imports.formats.dialects import Dialect, detect_dialect, lines_of
from landbridge.discovery.imports.guard import guard, unguard
from landbridge.discovery.imports.headers import NO_HEADER, column_names, find_header
from landbridge.discovery.imports.reading import ReadOptions, read_file

HEADERS = Path(__file__).parents[4] / "shared" / "data" / "headers"

texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
grids = st.integers(1, 5).flatmap(
    lambda w: st.lists(st.lists(texts, min_size=w, max_size=w), min_size=1, max_size=8)
)


def read_back(text: str, dialect: Dialect) -> list[list[str]]:
    return [r.cells for r in DelimitedReader(lines_of(text), dialect)]


@settings(max_examples=400, deadline=None)
@given(
    grid=grids,
    delimiter=st.sampled_from([",", ";", "\t", "|", "^", "\x1f"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    end=st.sampled_from(["\r\n", "\n", "\r"]),
    quote=st.sampled_from(['"', "'"]),
)
def test_any_grid_comes_back_from_any_dialect(
    grid: list[list[str]], delimiter: str, quoting: int, end: str, quote: str
) -> None:
    if end != "\r\n" and quoting != csv.QUOTE_ALL:
        # The writer leaves line ends other than its own unquoted: such text means other cells.
        grid = [[c.replace("\r", "").replace("\n", "") for c in row] for row in grid]
    out = io.StringIO()
    csv.writer(
        out, delimiter=delimiter, quoting=quoting, lineterminator=end, quotechar=quote
    ).writerows(grid)
    dialect = Dialect(delimiter, width=len(grid[0]), quote=quote)
    assert read_back(out.getvalue(), dialect) == grid


@settings(max_examples=200, deadline=None)
@given(grid=grids, delimiter=st.sampled_from([",", ";", "|"]))
def test_any_grid_comes_back_with_backslash_escapes(grid: list[list[str]], delimiter: str) -> None:
    out = io.StringIO()
    csv.writer(
        out, delimiter=delimiter, doublequote=False, escapechar="\\", quoting=csv.QUOTE_ALL
    ).writerows(grid)
    dialect = Dialect(delimiter, width=len(grid[0]), backslash=True)
    assert read_back(out.getvalue(), dialect) == grid


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(
        st.tuples(*[st.text("abcXYZ09 ,;|\"'\n-=@é", max_size=10) for _ in range(4)]),
        min_size=3,
        max_size=30,
    ),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    codec=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_a_table_comes_back_from_a_file_whose_delimiter_is_given(
    rows: list[tuple[str, ...]], delimiter: str, codec: str, tmp_path: Path
) -> None:
    out = io.StringIO()
    grid = [["Name", "IP", "Owner", "OS"], *map(list, rows)]
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(grid)
    path = tmp_path / "a.csv"
    path.write_bytes(out.getvalue().encode(codec))
    options = ReadOptions(delimiter=delimiter, header_row=0)
    (table,) = read_file(path, options=options)
    assert [r.cells for r in table.records] == grid


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_stray_delimiter_in_cells_does_not_mislead(delimiter: str) -> None:
    other = ";" if delimiter == "," else ","
    lines = [
        delimiter.join(["Name", "IP", "Notes"]),
        *(delimiter.join([f"s{i}", "10.0.0.1", f"a{other} b{other * (i % 3)}"]) for i in range(9)),
    ]
    assert detect_dialect("\n".join(lines)).delimiter == delimiter


def test_an_empty_middle_column_is_no_double_delimiter() -> None:
    assert detect_dialect("Name,,IP\n" * 9).delimiter == ","
    assert detect_dialect("Name||IP\n" * 9).delimiter == "||"


def test_a_swallowed_quote_costs_one_record_however_far_the_next_one_is() -> None:
    lines = ["Name,IP\n", '"srv,1\n', *[f"srv{i},1\n" for i in range(60_000)]]
    rows = list(DelimitedReader(lines, Dialect(",", width=2)))
    assert len(rows) == len(lines)
    assert sum(1 for r in rows if r.notes) == 1


@given(texts)
def test_the_formula_guard_is_undone_exactly(text: str) -> None:
    assert unguard(guard(text)) == text


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-x", "@sum", "\tx", "\rx", "'=x"])
def test_risky_text_is_guarded(text: str) -> None:
    assert guard(text) == "'" + text


@pytest.mark.parametrize("text", ["-5", "+49", "-1.5", "+1,000", "-3e5", "x=1", "", "'x"])
def test_numbers_and_harmless_text_are_left_alone(text: str) -> None:
    assert guard(text) == text


@pytest.mark.parametrize(
    ("records", "found"),
    [
        ([["Name", "IP"], ["a", "1.1.1.1"]], 0),
        (
            [["Report"], ["Date", "2024-01-01"], [""], ["Name", "IP", "OS"], ["a", "1.1.1.1", "x"]],
            3,
        ),
        ([["Name", "2023", "2024"], ["a", "5", "6"], ["b", "7", "8"]], 0),
        ([["srv1", "10.0.0.1", "4"], ["srv2", "10.0.0.2", "8"]], NO_HEADER),
        ([["Name", "Owner"], ["Windows Server 2016", "Database Server"], ["x", "y"]], 0),
        ([["ホスト名", "メモリ"], ["a", "8"]], 0),
        ([["foo", "bar"], ["baz", "qux"], ["a", "b"]], 0),
        ([[""], ["", ""]], NO_HEADER),
        ([], NO_HEADER),
    ],
)
def test_the_header_is_found(records: list[list[str]], found: int) -> None:
    assert find_header(records) == found


@pytest.mark.skipif(not HEADERS.is_dir(), reason="the headers are not here")
def test_headers_of_real_tools_are_found_below_a_title() -> None:
    missed = []
    for path in sorted(HEADERS.glob("*.txt")):
        lines = path.read_text(encoding="utf-8").splitlines()
        header = [line for line in lines if line.strip() and not line.startswith("#")]
        if len(header) < 2:
            continue
        values = [[f"v{r}{c}" if c % 3 else str(r * c) for c in range(len(header))] for r in (1, 2)]
        records = [["Inventory of ACME"], [""], header, *values]
        if find_header(records) != 2:
            missed.append(path.stem)
    assert missed == []


def test_names_stay_unique_whatever_the_header() -> None:
    names = column_names(["a", "a", "a (2)", "", "", "Column 4"], 8)
    assert len(set(names)) == 8
    assert names[0] == "a"


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text("abc123,;|\"'\\ \t\r\n=:", min_size=1, max_size=120))
def test_no_letter_or_digit_is_ever_lost_or_moved(text: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"x" + text.encode())
    kept = [c for t in read_file(path) for r in t.records for cell in r.cells for c in cell]
    assert [c for c in kept if c.isalnum()] == [c for c in "x" + text if c.isalnum()]
