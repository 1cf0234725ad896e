"""Loading the same rows into a plain table: by the server's own COPY, and by peers.

A peer does one step of the six, the loading: it neither maps, cleanses, identifies nor keeps
rows apart by client account. The peers are in the dependency group `benchmarks`.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import URL, create_engine

from benchmarks.discovery_parts.rows import HEADER

_BLOCK = 1 << 20
_MANY = 1_000


def copy_seconds(admin: URL, path: Path) -> float:
    """How long the server takes to COPY the file, as it is, into twenty text columns."""
    with _table(admin, "copied") as connection:
        start = time.perf_counter()
        with (
            connection.cursor() as cursor,
            cursor.copy("copy copied from stdin (format csv, header)") as copy,
            path.open("rb") as file,
        ):
            while block := file.read(_BLOCK):
                copy.write(block)
        connection.commit()
        return time.perf_counter() - start


def _executemany(admin: URL, path: Path) -> None:
    with _table(admin, "copied") as connection, path.open(newline="", encoding="utf-8") as file:
        reader = csv.reader(file)
        next(reader)
        insert = f"insert into copied values ({', '.join(['%s'] * len(HEADER))})"
        with connection.cursor() as cursor:
            rows: list[list[str]] = []
            for row in reader:
                rows.append(row)
                if len(rows) == _MANY:
                    cursor.executemany(insert, rows)
                    rows = []
            cursor.executemany(insert, rows)
        connection.commit()


def _pandas(admin: URL, path: Path) -> None:
    import pandas

    engine = create_engine(admin)
    frame = pandas.read_csv(path, dtype=str, keep_default_na=False)
    frame.to_sql("by_pandas", engine, if_exists="replace", index=False, chunksize=10_000)
    engine.dispose()


def _polars(admin: URL, path: Path) -> None:
    import polars

    frame = polars.read_csv(path, infer_schema=False)
    frame.write_database("by_polars", _plain(admin), engine="adbc", if_table_exists="replace")


PEERS: dict[str, tuple[str, Callable[[URL, Path], None]]] = {
    "csv + executemany": ("csv", _executemany),
    "pandas + to_sql": ("pandas", _pandas),
    "polars + ADBC": ("adbc_driver_postgresql", _polars),
}


def peers(admin: URL, path: Path) -> dict[str, float | None]:
    """Seconds of each peer; None for one that is not installed."""
    found: dict[str, float | None] = {}
    for name, (module, load) in PEERS.items():
        if find_spec(module) is None:
            found[name] = None
            continue
        start = time.perf_counter()
        load(admin, path)
        found[name] = time.perf_counter() - start
    with psycopg.connect(_plain(admin), autocommit=True) as connection:
        connection.execute("drop table if exists by_pandas, by_polars")
    return found


@contextmanager
def _table(admin: URL, name: str) -> Iterator[psycopg.Connection[Any]]:
    table = sql.Identifier(name)
    columns = sql.SQL(", ").join(
        sql.SQL("{} text").format(sql.Identifier(column)) for column in HEADER
    )
    with psycopg.connect(_plain(admin)) as connection:
        connection.execute(sql.SQL("create table {} ({})").format(table, columns))
        connection.commit()
        yield connection
        connection.rollback()
        connection.execute(sql.SQL("drop table {}").format(table))


def _plain(admin: URL) -> str:
    return admin.set(drivername="postgresql").render_as_string(hide_password=False)
