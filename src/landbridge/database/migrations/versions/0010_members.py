"""Administration of a client account by its admins, four eyes, and the operator's break-glass."""

from alembic import op

revision = "0010"
down_revision = "0009"

SQL = """
set local lock_timeout = '5s';
create table app_private.invitations (
  id uuid primary key,
  client_account_id uuid not null references app.client_accounts (id),
  email text not null check (length(email) between 3 and 320),
  role text not null check (role in ('viewer', 'analyst', 'approver', 'admin')),
  hash bytea not null unique check (length(hash) = 32),
  invited_by uuid not null references app_private.users (id),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null);
create unique index invitations_one on app_private.invitations (client_account_id, lower(email));
create index invitations_by on app_private.invitations (invited_by);
alter table app_private.invitations enable row level security;

-- Who administers an account is who its sealed context says is its admin.
create function app_private.require_admin() returns uuid
  language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare c text[] := app.ctx();
begin
  if c[3] <> 'admin' then raise exception 'not an admin' using errcode = '42501'; end if;
  return c[1]::uuid;
end $$;

create function app.member_list()
  returns table (user_id uuid, email text, display_name text, role text, since timestamptz,
                 until timestamptz, has_second_factor boolean)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare here uuid := app_private.require_admin();
begin
  return query
    select u.id, u.email, u.display_name, m.role, m.created_at, nullif(m.expires_at, 'infinity'),
           f.confirmed_at is not null
      from app_private.memberships m join app_private.users u on u.id = m.user_id
      left join app_private.second_factors f on f.user_id = u.id
     where m.client_account_id = here and m.expires_at > now() and not u.is_service
     order by lower(u.display_name), u.id;
end $$;

-- An account always keeps an admin who can stay. Changes of one account wait for each other.
create function app_private.keeps_admin(here uuid, without uuid) returns boolean
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  perform 1 from app_private.memberships where client_account_id = here order by user_id for update;
  return exists (
    select from app_private.memberships m join app_private.users u on u.id = m.user_id
     where m.client_account_id = here and m.role = 'admin' and m.expires_at = 'infinity'
       and not u.is_service and m.user_id <> without);
end $$;

create function app.set_member_role(usr uuid, new_role text) returns text
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare here uuid := app_private.require_admin();
begin
  if new_role <> 'admin' and not app_private.keeps_admin(here, usr) then return 'last_admin'; end if;
  update app_private.memberships m set role = new_role from app_private.users u
   where m.client_account_id = here and m.user_id = usr and u.id = usr and not u.is_service
     and m.expires_at > now();
  return case when found then 'done' else 'unknown' end;
end $$;

create function app.remove_member(usr uuid) returns text
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare here uuid := app_private.require_admin();
begin
  if not app_private.keeps_admin(here, usr) then return 'last_admin'; end if;
  delete from app_private.memberships m using app_private.users u
   where m.client_account_id = here and m.user_id = usr and u.id = usr and not u.is_service;
  if not found then return 'unknown'; end if;
  delete from app_private.credentials where user_id = usr and client_account_id = here;
  return 'done';
end $$;

-- Inviting the same address again replaces the link.
create function app.invite(
    new_id uuid, link bytea, mail text, new_role text, lifetime interval) returns text
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare here uuid := app_private.require_admin();
begin
  if exists (select from app_private.memberships m join app_private.users u on u.id = m.user_id
              where m.client_account_id = here and lower(u.email) = lower(mail)
                and m.expires_at = 'infinity') then
    return 'member';
  end if;
  delete from app_private.invitations
   where client_account_id = here and (lower(email) = lower(mail) or expires_at < now());
  insert into app_private.invitations
      (id, client_account_id, email, role, hash, invited_by, expires_at)
    values (new_id, here, mail, new_role, link, app.current_user_id(),
            now() + least(lifetime, interval '30 days'));
  return 'done';
end $$;

create function app.invitation_list()
  returns table (id uuid, email text, role text, invited_by text, created_at timestamptz,
                 expires_at timestamptz)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare here uuid := app_private.require_admin();
begin
  return query
    select i.id, i.email, i.role, u.display_name, i.created_at, i.expires_at
      from app_private.invitations i join app_private.users u on u.id = i.invited_by
     where i.client_account_id = here and i.expires_at > now() order by i.created_at desc;
end $$;

create function app.withdraw_invitation(which uuid) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare here uuid := app_private.require_admin();
begin
  delete from app_private.invitations i where i.client_account_id = here and i.id = which;
  return found;
end $$;

-- What an invitation says to who holds its link. `known`: the address can sign in already.
create function app.invitation(link bytea)
  returns table (client_account_id uuid, account_name text, email text, role text,
                 invited_by text, expires_at timestamptz, known boolean)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select i.client_account_id, n.name, i.email, i.role, b.display_name, i.expires_at,
         exists (select from app_private.users u join app_private.passwords p on p.user_id = u.id
                  where lower(u.email) = lower(i.email))
    from app_private.invitations i
    join app_private.account_names n on n.id = i.client_account_id
    join app_private.users b on b.id = i.invited_by
   where i.hash = link and i.expires_at > now()
     and exists (select from app_private.memberships m
                  where m.user_id = i.invited_by and m.client_account_id = i.client_account_id
                    and m.role = 'admin' and m.expires_at > now()) $$;

-- An invitation becomes a membership, once.
create function app_private.accept(link bytea, usr uuid) returns uuid
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare i app_private.invitations;
begin
  if not exists (select from app.invitation(link)) then return null; end if;
  delete from app_private.invitations where hash = link returning * into i;
  if not found then return null; end if;
  perform set_config('app.ctx', app_private.mint(i.client_account_id, usr, i.role), true);
  insert into app_private.memberships (user_id, client_account_id, role)
    values (usr, i.client_account_id, i.role)
    on conflict (user_id, client_account_id) do update
      set role = excluded.role, expires_at = 'infinity', created_at = now();
  perform set_config('app.ctx', '', true);
  return i.client_account_id;
end $$;

-- The maker acts as the first admin while both rows are written.
create or replace function app_private.new_account(account uuid, account_name text, usr uuid)
  returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare before text := current_setting('app.ctx', true);
begin
  perform set_config('app.ctx', app_private.mint(account, usr, 'admin'), true);
  insert into app.client_accounts (id, name) values (account, account_name);
  insert into app_private.memberships (user_id, client_account_id, role)
    values (usr, account, 'admin');
  perform set_config('app.ctx', coalesce(before, ''), true);
end $$;

-- For who is new: makes the user with a password, and signs them in.
create function app.accept_as_new(
    link bytea, usr uuid, shown_name text, new_salt bytea, new_scheme text, new_proof bytea,
    session bytea, lifetime interval, label text) returns uuid
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare i record; account uuid;
begin
  perform 1 from app_private.invitations where hash = link for update;
  select * into i from app.invitation(link);
  if not found or i.known then return null; end if;
  insert into app_private.users as u (id, email, display_name) values (usr, i.email, shown_name)
    on conflict (lower(email)) do update set display_name = excluded.display_name
    returning u.id into usr;
  insert into app_private.passwords (user_id, salt, scheme, proof)
    values (usr, new_salt, new_scheme, new_proof);
  account := app_private.accept(link, usr);
  perform app_private.admit(usr, session, 'password', lifetime, label);
  return account;
end $$;

-- For who is signed in under the address that was invited.
create function app.accept_as_self(link bytea, session bytea) returns uuid
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare usr uuid := app_private.session_user_id(session);
begin
  if not exists (select from app.invitation(link) i join app_private.users u
                   on lower(u.email) = lower(i.email) where u.id = usr) then
    return null;
  end if;
  return app_private.accept(link, usr);
end $$;

-- A key of a program, which gets a user of its own in this account alone.
create function app.create_key(
    usr uuid, key_hash bytea, key_id text, key_label text, key_role text, ends timestamptz)
  returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare here uuid := app_private.require_admin();
begin
  insert into app_private.users (id, email, display_name, is_service)
    values (usr, key_id || '@api-keys.invalid', key_label, true);
  insert into app_private.memberships (user_id, client_account_id, role)
    values (usr, here, key_role);
  insert into app_private.credentials
      (hash, user_id, kind, client_account_id, public_id, label, expires_at)
    values (key_hash, usr, 'api_key', here, key_id, key_label, coalesce(ends, 'infinity'));
end $$;

create function app.key_list()
  returns table (id text, label text, email text, role text, created_at timestamptz,
                 expires_at timestamptz)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare here uuid := app_private.require_admin();
begin
  return query
    select c.public_id, c.label, u.email, m.role, c.created_at, nullif(c.expires_at, 'infinity')
      from app_private.credentials c
      join app_private.users u on u.id = c.user_id
      join app_private.memberships m
        on m.user_id = c.user_id and m.client_account_id = here and m.expires_at > now()
     where c.kind = 'api_key' and coalesce(c.client_account_id, here) = here
       and c.expires_at > now()
     order by c.created_at, c.public_id;
end $$;

create function app.revoke_key(key_id text) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare here uuid := app_private.require_admin();
begin
  delete from app_private.credentials
   where kind = 'api_key' and public_id = key_id and client_account_id = here;
  return found;
end $$;

-- Four eyes: where an account wants them, nobody approves a flow that they started.
alter table app.client_accounts add four_eyes boolean not null default false;
create function app.set_four_eyes(wanted boolean) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare here uuid := app_private.require_admin();
begin
  update app.client_accounts set four_eyes = wanted where id = here;
end $$;

create function app.require_four_eyes() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if new.status = 'approved' and (tg_op = 'INSERT' or old.status <> 'approved')
     and exists (select from app.client_accounts a
                  where a.id = new.client_account_id and a.four_eyes)
     and (new.decided_by is distinct from app.current_user_id()
          or exists (select from app.flows f
                      where f.client_account_id = new.client_account_id and f.id = new.flow_id
                        and f.created_by = new.decided_by)) then
    raise exception 'the approver started the flow' using errcode = 'LB001';
  end if;
  return new;
end $$;
create trigger four_eyes before insert or update on app.approvals
  for each row execute function app.require_four_eyes();

create function app.keep_requester() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if new.created_by <> old.created_by then
    raise exception 'who started a flow does not change' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger keep_requester before update of created_by on app.flows
  for each row execute function app.keep_requester();

-- Break-glass: an operator's membership with a reason and an end, in sight of the client.
create table app.break_glass (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  user_id uuid not null,
  email text not null,
  role text not null check (role in ('viewer', 'analyst', 'approver', 'admin')),
  reason text not null check (length(btrim(reason)) between 10 and 2000),
  started_at timestamptz not null default now(),
  ends_at timestamptz not null,
  check (ends_at > started_at and ends_at <= started_at + interval '8 hours'),
  primary key (client_account_id, id));
create index break_glass_time on app.break_glass (client_account_id, started_at);
select app_private.protect('app.break_glass');
revoke insert, update, delete on app.break_glass from app_rw;

create trigger audit_insert after insert on app_private.invitations for each row
  execute function app_private.audit_row('invitation', 'email role expires_at', 'email', 'created', '-');
create trigger audit_delete after delete on app_private.invitations for each row
  execute function app_private.audit_row('invitation', 'email role', 'email', 'created', '-');
drop trigger audit_update on app.client_accounts;
create trigger audit_update after update on app.client_accounts for each row
  execute function app_private.audit_row(
    'client_account', 'name four_eyes', 'name', 'created', '-');

grant execute on function
  app.member_list(), app.set_member_role(uuid, text), app.remove_member(uuid),
  app.invite(uuid, bytea, text, text, interval), app.invitation_list(),
  app.withdraw_invitation(uuid), app.invitation(bytea),
  app.accept_as_new(bytea, uuid, text, bytea, text, bytea, bytea, interval, text),
  app.accept_as_self(bytea, bytea),
  app.create_key(uuid, bytea, text, text, text, timestamptz), app.key_list(),
  app.revoke_key(text), app.set_four_eyes(boolean)
  to app_rw;
"""


def upgrade() -> None:
    op.execute(SQL)
