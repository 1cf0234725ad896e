"""Rows that refer to assets are checked together. A foreign key asks for each of millions of rows
by a query of its own; here one statement asks for all rows that it wrote.
"""

from alembic import op

revision = "0023"
down_revision = "0022"

SQL = """
set local lock_timeout = '5s';

-- As a foreign key does: what rows refer to is there, in their own account, and stays until their
-- transaction ends. The arguments are the columns that name assets. Who deletes assets waits for
-- those who refer to some, and they for him. Plans by index: tables are larger than what is written.
create function app_private.know_assets() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare missing text; fresh text := 'from written w';
begin
  if tg_op = 'UPDATE' then
    fresh := 'from (select client_account_id, %1$I from written
                    except select client_account_id, %1$I from before) w';
  end if;
  perform pg_advisory_xact_lock_shared(hashtextextended('assets/' || a.client_account_id, 0))
     from (select distinct client_account_id from written) a;
  for i in 0 .. tg_nargs - 1 loop
    execute format(
      'select x.%1$I::text from (select distinct client_account_id, %1$I ' || fresh || ') x
        where x.%1$I is not null and not exists (select from app.assets a
          where a.client_account_id = x.client_account_id and a.id = x.%1$I) limit 1',
      tg_argv[i]) into missing;
    if missing is not null then
      raise foreign_key_violation using
        message = format('%I of %s refers to no asset', tg_argv[i], tg_relid::regclass),
        detail = format('There is no asset %s.', missing),
        table = tg_table_name, schema = tg_table_schema, column = tg_argv[i],
        constraint = format('%s_client_account_id_%s_fkey', tg_table_name, tg_argv[i]);
    end if;
  end loop;
  return null;
end $$;

-- What refers to assets goes with them. Arguments: table and column, in turn.
create function app_private.forget_assets() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('assets/' || a.client_account_id, 0))
     from (select distinct client_account_id from gone) a;
  for i in 0 .. tg_nargs / 2 - 1 loop
    execute format(
      'delete from %s x using gone g
        where x.client_account_id = g.client_account_id and x.%I = g.id',
      tg_argv[2 * i]::regclass, tg_argv[2 * i + 1]);
  end loop;
  return null;
end $$;

create function app_private.keep_asset_id() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise foreign_key_violation using message = 'the id of an asset does not change';
end $$;
create trigger keep_id after update of client_account_id, id on app.assets for each row
  when (old.client_account_id <> new.client_account_id or old.id <> new.id)
  execute function app_private.keep_asset_id();
create trigger forget_assets after delete on app.assets
  referencing old table as gone for each statement execute function app_private.forget_assets(
    'app.asset_keys', 'asset_id', 'app.asset_observations', 'asset_id',
    'app.asset_sources', 'asset_id', 'app.application_assets', 'asset_id',
    'app.dependencies', 'from_asset_id', 'app.dependencies', 'to_asset_id',
    'app.findings', 'asset_id');
"""
TABLES = {
    "asset_keys": ("asset_id",),
    "asset_observations": ("asset_id",),
    "asset_sources": ("asset_id",),
    "application_assets": ("asset_id",),
    "dependencies": ("from_asset_id", "to_asset_id"),
    "findings": ("asset_id",),
}


def upgrade() -> None:
    op.execute(SQL)
    for table, columns in TABLES.items():
        for column in columns:
            op.execute(
                f"alter table app.{table} drop constraint {table}_client_account_id_{column}_fkey"
            )
        arguments = ", ".join(f"'{column}'" for column in columns)
        for event, before in (("insert", ""), ("update", "old table as before ")):
            op.execute(
                f"create trigger know_assets_{event} after {event} on app.{table}"
                f" referencing {before}new table as written for each statement"
                f" execute function app_private.know_assets({arguments})"
            )
