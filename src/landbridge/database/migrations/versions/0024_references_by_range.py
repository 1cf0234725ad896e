"""What refers to assets is compared with a range of them, where it means most of the range."""

from alembic import op

revision = "0024"
down_revision = "0023"

SQL = """
set local lock_timeout = '5s';

-- The engagement that an asset refers to has the same account.
alter table app.assets drop constraint assets_client_account_id_fkey;

-- As a foreign key does: what rows refer to is there, in their own account, and stays until their
-- transaction ends. The arguments are the columns that name assets. Who deletes assets waits for
-- those who refer to some, and they for him. New assets have neighbouring ids: where rows refer to
-- a quarter of a range or more, the range is read once, otherwise each asset is looked up. By
-- index both: tables are larger than what is written.
create or replace function app_private.know_assets() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  set enable_seqscan = off set enable_mergejoin = off as $$
declare missing text; fresh text := 'written'; meant record; first uuid; last uuid; dense boolean;
begin
  if tg_op = 'UPDATE' then
    fresh := '(select client_account_id, %1$I from written
               except select client_account_id, %1$I from before) w';
  end if;
  perform pg_advisory_xact_lock_shared(hashtextextended('assets/' || a.client_account_id, 0))
     from (select distinct client_account_id from written) a;
  for i in 0 .. tg_nargs - 1 loop
    for meant in execute format(
      'select client_account_id as account, array_agg(id order by id) as ids, count(*) as number
         from (select distinct client_account_id, %1$I as id from ' || fresh || '
                where %1$I is not null) x group by 1', tg_argv[i])
    loop
      first := meant.ids[1];
      last := meant.ids[meant.number];
      select count(*) <= 4 * meant.number into dense from (
        select from app.assets a
         where a.client_account_id = meant.account and a.id between first and last
         limit 4 * meant.number + 1) a;
      if dense then
        select x.id into missing from unnest(meant.ids) x (id) where x.id not in (
          select a.id from app.assets a
           where a.client_account_id = meant.account and a.id between first and last) limit 1;
      else
        select x.id into missing from unnest(meant.ids) x (id) where not exists (
          select from app.assets a
           where a.client_account_id = meant.account and a.id = x.id) limit 1;
      end if;
      if missing is not null then
        raise foreign_key_violation using
          message = format('%I of %s refers to no asset', tg_argv[i], tg_relid::regclass),
          detail = format('There is no asset %s.', missing),
          table = tg_table_name, schema = tg_table_schema, column = tg_argv[i],
          constraint = format('%s_client_account_id_%s_fkey', tg_table_name, tg_argv[i]);
      end if;
    end loop;
  end loop;
  return null;
end $$;
"""


def upgrade() -> None:
    op.execute(SQL)
