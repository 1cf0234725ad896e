"""How long reading takes, as a ratio to the standard library's csv reader in the same run.

Usage: python -m benchmarks.reading [ROWS]
"""

from __future__ import annotations

import csv
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import xlsxwriter

from landbridge.discovery.imports.reading import read_file

COLUMNS = 20


def rows(count: int) -> list[list[str]]:
    """Rows of a plausible inventory; one in fifty has a quoted cell."""
    return [
        [
            f"srv{i:07}",
            f"10.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}",
            f"SN{i * 7919 % 10**9}",
            "Windows Server 2019" if i % 3 else "RHEL 7.9",
            'Doe, "J"' if i % 50 == 0 else "Jane Doe",
            *(f"value {i * j % 997}" for j in range(COLUMNS - 5)),
        ]
        for i in range(count)
    ]


def write_csv(path: Path, count: int) -> None:
    """Write a CSV with a header."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([f"Column {i}" for i in range(COLUMNS)])
        for start in range(0, count, 10_000):
            writer.writerows(rows(min(10_000, count - start)))


def write_xlsx(path: Path, count: int) -> None:
    """Write a workbook with one sheet."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Servers")
    for number, row in enumerate([[f"Column {i}" for i in range(COLUMNS)], *rows(count)]):
        sheet.write_row(number, 0, row)
    book.close()


def with_csv(path: Path) -> int:
    """Count rows with the standard library."""
    with path.open(newline="", encoding="utf-8") as file:
        return sum(1 for _ in csv.reader(file))


def with_reader(path: Path) -> int:
    """Count records with ours."""
    return sum(1 for table in read_file(path) for _ in table.records)


def _peak_mib() -> int:
    """Peak memory of this process alone; what it was forked from does not count."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(s.split()[1]) // 1024 for s in status.splitlines() if s.startswith("VmHWM"))


def _measured(
    work: Callable[[Path], int], path: Path, out: multiprocessing.SimpleQueue[object]
) -> None:
    before = time.perf_counter()
    count = work(path)
    seconds = time.perf_counter() - before
    own = _peak_mib()
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    out.put((seconds, own, children, count))


def measure(work: Callable[[Path], int], path: Path) -> tuple[float, int, int, int]:
    """Seconds, MiB of this process and of its children, and rows, in a process of its own."""
    context = multiprocessing.get_context("spawn")
    out = context.SimpleQueue()
    process = context.Process(target=_measured, args=(work, path, out))
    process.start()
    result: tuple[float, int, int, int] = out.get()
    process.join()
    return result


def main(count: int) -> None:
    """Measure and print JSON."""
    with tempfile.TemporaryDirectory() as folder:
        text, book = Path(folder) / "servers.csv", Path(folder) / "servers.xlsx"
        write_csv(text, count)
        write_xlsx(book, count // 10)
        base = measure(with_csv, text)
        ours = measure(with_reader, text)
        sheet = measure(with_reader, book)
    report = {
        "rows": count,
        "columns": COLUMNS,
        "stdlib_csv": {"seconds": round(base[0], 2), "mib": base[1]},
        "read_csv": {
            "seconds": round(ours[0], 2),
            "mib": ours[1],
            "ratio": round(ours[0] / base[0], 2),
        },
        "read_xlsx": {
            "rows": count // 10,
            "seconds": round(sheet[0], 2),
            "mib": sheet[1],
            "child_mib": sheet[2],
            "ratio_per_row": round(sheet[0] * 10 / base[0], 2),
        },
    }
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
