"""Tenancy: roles' grants, the sealed context, protect(), client accounts and identity."""

from alembic import op

revision = "0001"
down_revision = None

SQL = """
set local lock_timeout = '5s';
create schema app;
grant usage on schema app to app_rw;
alter default privileges revoke execute on functions from public;

-- The seal: a key only the definer functions below can read. A context is a text
-- 'client|user|role|expiry|kid|mac'; whoever cannot mint one cannot become another tenant.
create table app_private.seal (kid int primary key, k bytea not null);
insert into app_private.seal values
  (1, sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));

create function app_private.mac(body text, kid int) returns text
  language sql stable set search_path = pg_catalog, pg_temp as $$
  select encode(sha256(k || sha256(k || convert_to(body, 'UTF8'))), 'hex')
    from app_private.seal s where s.kid = mac.kid $$;

create function app_private.mint(client uuid, usr uuid, role text) returns text
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare body text := client || '|' || usr || '|' || role || '|'
  || extract(epoch from now() + interval '5 minutes')::bigint || '|1';
begin
  return body || '|' || app_private.mac(body, 1);
end $$;

create function app.ctx() returns text[]
  language plpgsql stable parallel safe security definer set search_path = pg_catalog, pg_temp as $$
declare t text := current_setting('app.ctx'); p text[] := string_to_array(t, '|');
begin
  if cardinality(p) is distinct from 6
     or app_private.mac(left(t, length(t) - 65), p[5]::int) is distinct from p[6]
     or p[4]::bigint < extract(epoch from now()) then
    raise exception 'tenant context is not valid' using errcode = '42501';
  end if;
  return p;
end $$;

-- The only place where the tenant is read. Unset or forged raises: it fails closed and loud.
create function app.tenant() returns uuid language sql stable parallel safe
  return (app.ctx())[1]::uuid;
create function app.current_user_id() returns uuid language sql stable parallel safe
  return (app.ctx())[2]::uuid;
grant execute on function app.ctx(), app.tenant(), app.current_user_id() to app_rw;

-- One call makes a table tenant-safe; the lint proves that every table went through it.
create function app_private.protect(t regclass) returns void
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  execute format('alter table %s enable row level security, force row level security', t);
  execute format('create policy tenant on %s as permissive for all to app_rw
    using (client_account_id = (select app.tenant()))
    with check (client_account_id = (select app.tenant()))', t);
  execute format('create policy tenant_floor on %s as restrictive for all to public
    using (client_account_id = (select app.tenant()))
    with check (client_account_id = (select app.tenant()))', t);
  execute format('alter table %s alter column client_account_id set default app.tenant()', t);
  execute format('grant select, insert, update, delete on %s to app_rw', t);
end $$;

create table app.client_accounts (
  id uuid primary key,
  name text not null check (length(name) between 1 and 200),
  created_at timestamptz not null default now());
create unique index client_accounts_name on app.client_accounts (lower(name));
alter table app.client_accounts enable row level security, force row level security;
create policy tenant on app.client_accounts as permissive for all to app_rw
  using (id = (select app.tenant())) with check (id = (select app.tenant()));
create policy tenant_floor on app.client_accounts as restrictive for all to public
  using (id = (select app.tenant())) with check (id = (select app.tenant()));
grant select on app.client_accounts to app_rw;

create table app.engagements (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  name text not null check (length(name) between 1 and 200),
  settings jsonb not null default '{}',
  created_at timestamptz not null default now(),
  primary key (client_account_id, id),
  unique (client_account_id, name));
select app_private.protect('app.engagements');

-- Identity is read before any tenant is known, so it lives outside app, without any grant:
-- only the definer functions below reach it.
create table app_private.users (
  id uuid primary key,
  email text not null check (length(email) between 3 and 320),
  display_name text not null,
  created_at timestamptz not null default now());
create unique index users_email on app_private.users (lower(email));
create table app_private.memberships (
  user_id uuid not null references app_private.users (id),
  client_account_id uuid not null references app.client_accounts (id),
  role text not null check (role in ('viewer', 'analyst', 'approver', 'admin')),
  expires_at timestamptz not null default 'infinity',
  created_at timestamptz not null default now(),
  primary key (user_id, client_account_id));
create index memberships_client on app_private.memberships (client_account_id);
create table app_private.credentials (
  hash bytea primary key check (length(hash) = 32),
  user_id uuid not null references app_private.users (id),
  kind text not null check (kind in ('api_key', 'session', 'sign_in_link')),
  client_account_id uuid references app.client_accounts (id),
  public_id text unique,
  label text not null default '',
  created_at timestamptz not null default now(),
  expires_at timestamptz not null default 'infinity',
  check ((kind = 'api_key') = (public_id is not null)));
create index credentials_user on app_private.credentials (user_id);
create index credentials_client on app_private.credentials (client_account_id);
alter table app_private.seal enable row level security;
alter table app_private.users enable row level security;
alter table app_private.memberships enable row level security;
alter table app_private.credentials enable row level security;

-- A credential opens one client account it is a member of. Unknown credential, unknown
-- account and missing membership get the same answer.
create function app.open(credential bytea, client uuid) returns text
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare m record;
begin
  select m2.client_account_id, m2.user_id, m2.role into m
    from app_private.credentials c join app_private.memberships m2 using (user_id)
   where c.hash = credential and c.kind in ('api_key', 'session')
     and c.expires_at > now() and m2.expires_at > now() and m2.client_account_id = client
     and coalesce(c.client_account_id, client) = client;
  if not found then raise exception 'not found' using errcode = '42501'; end if;
  return app_private.mint(m.client_account_id, m.user_id, m.role);
end $$;

-- Who holds this credential; no row when it is unknown or has ended.
create function app.who(credential bytea)
  returns table (user_id uuid, email text, display_name text, kind text)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select u.id, u.email, u.display_name, c.kind
    from app_private.credentials c join app_private.users u on u.id = c.user_id
   where c.hash = credential and c.expires_at > now() $$;

-- The client accounts this credential may open.
create function app.accounts(credential bytea)
  returns table (client_account_id uuid, name text, role text)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare m record;
begin
  for m in
    select m2.client_account_id c, m2.user_id u, m2.role r
      from app_private.credentials k join app_private.memberships m2 using (user_id)
     where k.hash = credential and k.kind in ('api_key', 'session')
       and k.expires_at > now() and m2.expires_at > now()
       and coalesce(k.client_account_id, m2.client_account_id) = m2.client_account_id
  loop
    client_account_id := m.c; role := m.r;
    select n.name into name from app_private.account_names n where n.id = m.c;
    return next;
  end loop;
end $$;

-- Names for the account switcher; kept by trigger, so that no policy needs an exception.
create table app_private.account_names (id uuid primary key, name text not null);
alter table app_private.account_names enable row level security;
create function app_private.keep_account_name() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into app_private.account_names values (new.id, new.name)
    on conflict (id) do update set name = excluded.name;
  return null;
end $$;
create trigger keep_name after insert or update of name on app.client_accounts
  for each row execute function app_private.keep_account_name();

-- A sign-in link or API key becomes a browser session; false when it is not valid.
create function app.start_session(credential bytea, session bytea, lifetime interval)
  returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare c app_private.credentials;
begin
  select * into c from app_private.credentials
   where hash = credential and kind in ('api_key', 'sign_in_link') and expires_at > now();
  if not found then return false; end if;
  insert into app_private.credentials (hash, user_id, kind, client_account_id, expires_at)
    values (session, c.user_id, 'session', c.client_account_id,
            now() + least(lifetime, interval '7 days'));
  return true;
end $$;

create function app.end_session(session bytea) returns void
  language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  delete from app_private.credentials where hash = session and kind = 'session' $$;

-- Display names of the members of the open account, for "decided by" columns.
create function app.members() returns table (user_id uuid, email text, display_name text, role text)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select u.id, u.email, u.display_name, m.role
    from app_private.memberships m join app_private.users u on u.id = m.user_id
   where m.client_account_id = (select app.tenant()) $$;

grant execute on function app.open(bytea, uuid), app.who(bytea), app.accounts(bytea),
  app.start_session(bytea, bytea, interval), app.end_session(bytea), app.members() to app_rw;

-- The release that has made this database ready: one row.
create table app_private.release (mark text primary key);
grant select on app_private.release to app_rw;

-- Worker heartbeats: engine bookkeeping, no client's data.
create table app_private.executor_leases (
  id text primary key,
  host text not null,
  pid int not null,
  started_at timestamptz not null default now(),
  lease_until timestamptz not null);
grant usage on schema app_private to app_rw;
grant select on app_private.executor_leases to app_rw;
grant insert, update, delete on app_private.executor_leases to app_worker;
"""


def upgrade() -> None:
    op.execute(SQL)
