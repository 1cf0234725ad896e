"""Classes and types of records, as source systems name them."""

from __future__ import annotations

import re
from typing import Final

from landbridge.discovery.cleansing.catalogue import rule
from landbridge.discovery.cleansing.hints import ColumnHints
from landbridge.discovery.cleansing.rules.base import AS_IS, Cleansed, single

DATABASE_CLASS: Final = rule(
    "class.database_engine",
    "Database engine from the class",
    "A class such as 'MSFT SQL Instance' or 'cmdb_ci_db_oracle_instance' names the engine of the "
    "database; it is used where the row names no other. The class itself is kept as found.",
)

_DATABASE = re.compile(
    r"instance|database|datenbank|base de do|banca dati|(?:^|_)db_", re.IGNORECASE
)
_ENGINES: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), name)
    for pattern, name in (
        (r"ms ?sql|msft sql|sql server", "Microsoft SQL Server"),
        (r"maria ?db", "MariaDB"),
        (r"mysql", "MySQL"),
        (r"postgre", "PostgreSQL"),
        (r"mongo", "MongoDB"),
        (r"db2", "IBM Db2"),
        (r"hana", "SAP HANA"),
        (r"sybase", "SAP ASE"),
        (r"informix", "IBM Informix"),
        (r"oracle", "Oracle Database"),
    )
)


def asset_type(attribute: str, text: str, hints: ColumnHints) -> Cleansed:
    """The class as found; of a database also its engine."""
    if _DATABASE.search(text):
        for pattern, name in _ENGINES:
            if pattern.search(text):
                return Cleansed({attribute: text, "db_engine": name}, DATABASE_CLASS)
    return single(attribute, text, AS_IS)
