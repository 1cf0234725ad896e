"""Quotas: how much a client account may have, enforced where it is stored."""

from alembic import op

revision = "0012"
down_revision = "0011"

SQL = """
set local lock_timeout = '5s';
-- No row, no limit. Only operators write here: by app.set_quota, or as the owner.
create table app.account_quotas (
  client_account_id uuid not null references app.client_accounts (id),
  quota text not null check (quota in ('storage_bytes', 'assets', 'imports_per_day', 'members')),
  most bigint not null check (most >= 0),
  primary key (client_account_id, quota));
select app_private.protect('app.account_quotas');
revoke insert, update, delete on app.account_quotas from app_rw;
create trigger audit_insert after insert on app.account_quotas for each row
  execute function app_private.audit_row('quota', 'quota most', 'quota', 'set', '-');
create trigger audit_update after update on app.account_quotas for each row
  execute function app_private.audit_row('quota', 'quota most', 'quota', 'set', '-');
create trigger audit_delete after delete on app.account_quotas for each row
  execute function app_private.audit_row('quota', 'quota most', 'quota', 'set', '-');

create function app_private.quota_use(client uuid, name text) returns bigint
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  return case name
    when 'storage_bytes' then (select coalesce(sum(s.size_bytes), 0)::bigint
      from app.stored_files s where s.client_account_id = client)
    when 'assets' then (select count(*) from app.assets a where a.client_account_id = client)
    when 'imports_per_day' then (select count(*) from app.imports i
      where i.client_account_id = client and i.created_at > now() - interval '24 hours')
    when 'members' then (select count(*)
      from app_private.memberships m join app_private.users u on u.id = m.user_id
     where m.client_account_id = client and m.expires_at = 'infinity' and not u.is_service)
    end;
end $$;

-- After the rows are there, and before anybody else can see them. Those who add to the same quota
-- of the same account queue for it, so that two of them cannot both find room for one.
create function app_private.enforce_quota() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  before text := coalesce(current_setting('app.ctx', true), '');
  name text := tg_argv[0];
  client uuid; allowed bigint; used bigint;
begin
  if tg_level = 'ROW' then client := new.client_account_id;
  else select a.client_account_id into client from added a limit 1;
  end if;
  if client is null then return null; end if;
  if split_part(before, '|', 1) <> client::text then
    perform set_config('app.ctx', app_private.mint(
      client, '00000000-0000-0000-0000-000000000000', 'quota'), true);
  end if;
  select q.most into allowed from app.account_quotas q
   where q.client_account_id = client and q.quota = name;
  if found then
    perform pg_advisory_xact_lock(hashtextextended('quota/' || client || '/' || name, 0));
    used := app_private.quota_use(client, name);
    if used > allowed then
      raise exception 'the quota % is exceeded', name using errcode = 'LB002',
        detail = jsonb_build_object('quota', name, 'limit', allowed, 'wanted', used)::text;
    end if;
  end if;
  perform set_config('app.ctx', before, true);
  return null;
end $$;
create trigger quota after insert on app.stored_files for each row
  execute function app_private.enforce_quota('storage_bytes');
create trigger quota after insert on app.assets referencing new table as added
  for each statement execute function app_private.enforce_quota('assets');
create trigger quota after insert on app.imports for each row
  execute function app_private.enforce_quota('imports_per_day');
create trigger quota after insert on app_private.memberships for each row
  when (new.expires_at = 'infinity')
  execute function app_private.enforce_quota('members');

-- The quotas of the open account, with what is used.
create function app.quotas() returns table (quota text, most bigint, used bigint)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare client uuid := app.tenant();
begin
  return query select n.name, q.most, app_private.quota_use(client, n.name)
    from unnest(array['storage_bytes', 'assets', 'imports_per_day', 'members']) with ordinality
         n (name, place)
    left join app.account_quotas q on q.client_account_id = client and q.quota = n.name
   order by n.place;
end $$;

-- Set a quota, or take it away with null. For holders of a credential who may create accounts;
-- everybody else, and an account that is not there, gets false.
create function app.set_quota(credential bytea, client uuid, name text, value bigint)
  returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare usr uuid;
begin
  select u.id into usr from app_private.credentials c join app_private.users u on u.id = c.user_id
   where c.hash = credential and c.kind in ('session', 'api_key') and c.client_account_id is null
     and c.expires_at > now() and u.may_create_accounts;
  if usr is null or not exists (select from app_private.account_names n where n.id = client) then
    return false;
  end if;
  perform set_config('app.ctx', app_private.mint(client, usr, 'operator'), true);
  if value is null then
    delete from app.account_quotas q where q.client_account_id = client and q.quota = name;
  else
    insert into app.account_quotas as q (client_account_id, quota, most)
      values (client, name, value)
      on conflict (client_account_id, quota) do update set most = excluded.most;
  end if;
  perform set_config('app.ctx', '', true);
  return true;
end $$;
grant execute on function app.quotas(), app.set_quota(bytea, uuid, text, bigint) to app_rw;
"""


def upgrade() -> None:
    op.execute(SQL)
