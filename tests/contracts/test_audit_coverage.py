"""Every table is audited, or says why not; and the triggers are those that the list says."""

from __future__ import annotations

from sqlalchemy import text

from landbridge.audit.watched import UNWATCHED, WATCHED
from landbridge.database.engine import Databases

TABLES = text("""
select c.oid::regclass::text from pg_class c
 where c.relnamespace in ('app'::regnamespace, 'app_private'::regnamespace)
   and c.relkind = 'r'""")
TRIGGERS = text("""
select g.tgrelid::regclass::text || '.' || g.tgname from pg_trigger g
 where not g.tgisinternal and g.tgname like 'audit\\_%'""")


def test_every_table_is_audited_or_says_why_not(databases: Databases) -> None:
    assert databases.owner is not None
    with databases.owner.connect() as connection:
        tables = set(connection.execute(TABLES).scalars())
    watched = {entry.table for entry in WATCHED}
    assert not watched & set(UNWATCHED)
    assert tables == watched | set(UNWATCHED)


def test_the_triggers_are_those_of_the_list(databases: Databases) -> None:
    assert databases.owner is not None
    with databases.owner.connect() as connection:
        there = set(connection.execute(TRIGGERS).scalars())
    assert there == {name for entry in WATCHED for name in entry.triggers}
