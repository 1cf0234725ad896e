"""What the mapped classes say is what the database has."""

from __future__ import annotations

import importlib
import pkgutil

from sqlalchemy import text

import landbridge
from landbridge.database.base import Base


def load_models() -> None:
    for module in pkgutil.walk_packages(landbridge.__path__, "landbridge."):
        if module.name.endswith(".models"):
            importlib.import_module(module.name)


def test_mapped_columns_and_their_nullability_are_those_of_the_database(databases) -> None:
    load_models()
    with databases.owner.connect() as connection:
        rows = connection.execute(
            text(
                "select c.oid::regclass::text as name, a.attname, not a.attnotnull as nullable "
                "from pg_class c join pg_attribute a on a.attrelid = c.oid "
                "where c.relnamespace in ('app'::regnamespace, 'app_private'::regnamespace) "
                "and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped"
            )
        ).all()
    there: dict[str, dict[str, bool]] = {}
    for row in rows:
        there.setdefault(row.name, {})[row.attname] = row.nullable
    assert Base.metadata.tables
    for table in Base.metadata.sorted_tables:
        mapped = {column.name: bool(column.nullable) for column in table.columns}
        assert mapped == there[table.fullname], table.fullname
