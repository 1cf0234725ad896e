"""Database products: their names, and the cycles of those that count in their own way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from landbridge.discovery.techdebt.eol import Cycle
from landbridge.discovery.techdebt.versions import by_numbers, numbers

_DATABASES: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), product)
    for pattern, product in (
        (r"sql ?server|mssql|\bms ?sql\b|msft sql", "mssqlserver"),
        (r"maria ?db", "mariadb"),
        (r"my ?sql", "mysql"),
        (r"postgre|pgsql|edb", "postgresql"),
        (r"mongo", "mongodb"),
        (r"\bdb2\b|\budb\b", "ibm-db2"),
        (r"redis", "redis"),
        (r"elastic", "elasticsearch"),
        (r"cassandra", "apache-cassandra"),
        (r"informix", "informix"),
        (r"sybase|\bsap ase\b|adaptive server", "sybase-ase"),
        (r"hana", "sap-hana"),
        (r"oracle|\bora\b", "oracle-database"),
    )
)
_PACK = re.compile(r"\b(?:sp|service pack) ?(\d)", re.IGNORECASE)
_SQL_YEARS: Final = {
    "2000": "8.0", "2005": "9.0", "2008": "10.0", "2008 R2": "10.50", "2012": "11.0",
    "2014": "12.0", "2016": "13.0", "2017": "14.0", "2019": "15.0", "2022": "16.0", "2025": "17.0",
}  # fmt: skip
_SQL_PACK_FLOORS: Final[dict[tuple[int, ...], tuple[int, ...]]] = {
    (10, 0): (2531, 4000, 5500, 6000), (10, 50): (2500, 4000, 6000),
    (11, 0): (3000, 5058, 6020, 7001), (12, 0): (4100, 5000, 6024), (13, 0): (4001, 5026, 6300),
}  # fmt: skip


def database_product(*texts: str | None) -> str | None:
    """The product key of the first text that names a database engine."""
    for text in texts:
        for pattern, product in _DATABASES:
            if text and pattern.search(text):
                return product
    return None


def sql_server(cycles: Sequence[Cycle], version: str, edition: str) -> list[Cycle]:
    """SQL Server by year and service pack, or by build."""
    pack = _PACK.search(version)
    year = re.search(r"\b(20\d\d)(?: ?(r2))?\b", version, re.IGNORECASE)
    build = re.search(r"\b(\d{1,2}\.\d{1,2})\.(\d{4})", version)
    if build:
        key = numbers(build[1])
        floors = _SQL_PACK_FLOORS.get(key[:2], ())
        level = sum(1 for floor in floors if int(build[2]) >= floor)
        known = bool(floors)
    elif year and (major := _SQL_YEARS.get(year[1] + (" R2" if year[2] else ""))):
        key, level, known = numbers(major), int(pack[1]) if pack else 0, pack is not None
    else:
        key, level, known = numbers(version)[:2], 0, False
    of_release = [c for c in cycles if numbers(c.cycle.split("-")[0]) == key]
    if not known:
        return of_release
    return [c for c in of_release if _sql_level(c.cycle) == level] or of_release


def _sql_level(cycle: str) -> int:
    """The service pack of a SQL Server cycle; -1 for special editions."""
    _, _, rest = cycle.partition("-")
    found = re.fullmatch(r"sp(\d)a?", rest)
    if found:
        return int(found[1])
    return 0 if rest in {"", "r2"} else -1


def oracle(cycles: Sequence[Cycle], version: str, edition: str) -> list[Cycle]:
    """Oracle Database: '12c Release 2' is 12.2."""
    release = re.search(r"(\d{1,2}) ?[cgi]? ?(?:r|release )(\d)", version, re.IGNORECASE)
    return by_numbers(cycles, f"{release[1]}.{release[2]}" if release else version)
