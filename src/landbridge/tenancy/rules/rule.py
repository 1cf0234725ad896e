"""What a rule is, and the parts its queries share."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One promise about the database.

    Attributes:
        code: names it in reports and in the allow-list.
        promise: what holds when no row comes back.
        remedy: what to do about a violation.
        sql: selects the offending object and a detail, both text; `oid` columns are cast
            under an empty search path, so that every name is qualified.
    """

    code: str
    promise: str
    remedy: str
    sql: str


OUR_SCHEMAS = "('app', 'app_private', 'dbos')"

TENANT_TABLES = """
  with t as (
    select c.oid, c.relname, c.relrowsecurity, c.relforcerowsecurity, a.attnum as tenant,
           a.atttypid, a.attnotnull
      from pg_class c
      join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'app'
      left join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
           and a.attname = case c.relname when 'client_accounts' then 'id'
                                          else 'client_account_id' end
     where c.relkind in ('r', 'p'))
"""
"""`t`: every table of the schema app, with its tenant column."""

ALL_FUNCTIONS = f"""
  with f as (
    select p.*, n.nspname, p.oid::regprocedure::text as signature, l.lanname
      from pg_proc p
      join pg_namespace n on n.oid = p.pronamespace
      join pg_language l on l.oid = p.prolang
     where n.nspname in {OUR_SCHEMAS} or n.nspname = 'public')
"""
"""`f`: every function of our schemas and of public."""
