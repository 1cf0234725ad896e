"""Sign-in: passwords, sessions, second factors, the set-up link, and limits on guessing.

The database itself decides who is signed in. The API's login can read no verifier of a password
and can start no session without a proof that it cannot compute: a hash of the password stretched
with the user's salt.
"""

from alembic import op

revision = "0006"
down_revision = "0005"

SQL = """
set local lock_timeout = '5s';
alter table app_private.users
  add is_service boolean not null default false,
  add may_create_accounts boolean not null default false;
update app_private.users set is_service = true where email like '%@api-keys.invalid';

alter table app_private.credentials drop constraint credentials_check;
alter table app_private.credentials
  add method text check (method in ('api_key', 'sign_in_link', 'password', 'oidc')),
  add constraint credentials_public_id check (kind <> 'api_key' or public_id is not null);

create table app_private.passwords (
  user_id uuid primary key references app_private.users (id),
  salt bytea not null check (length(salt) = 16),
  scheme text not null,
  proof bytea not null check (length(proof) = 32),
  changed_at timestamptz not null default now());
create table app_private.second_factors (
  user_id uuid primary key references app_private.users (id),
  secret bytea not null check (length(secret) = 20),
  confirmed_at timestamptz,
  last_counter bigint not null default 0);
-- Somebody whose password was right and who is asked for more before a session starts.
create table app_private.sign_in_steps (
  hash bytea primary key check (length(hash) = 32),
  user_id uuid not null references app_private.users (id),
  asks text not null check (asks in ('second_factor')),
  method text not null,
  expires_at timestamptz not null default now() + interval '10 minutes');
create index sign_in_steps_user on app_private.sign_in_steps (user_id);
-- Set aside for guesses, known addresses and unknown ones alike: when each bucket is empty again.
create table app_private.rate_limits (key bytea primary key, empty_at timestamptz not null);
create index rate_limits_age on app_private.rate_limits (empty_at);
create table app_private.set_up_links (
  hash bytea primary key check (length(hash) = 32),
  expires_at timestamptz not null);
alter table app_private.passwords enable row level security;
alter table app_private.second_factors enable row level security;
alter table app_private.sign_in_steps enable row level security;
alter table app_private.rate_limits enable row level security;
alter table app_private.set_up_links enable row level security;

-- Leaky buckets: `burst` attempts at once, then one `every` so often. By who is claimed from
-- where, by who is claimed, and by where it comes from.
create function app_private.limits(who text, place text)
  returns table (key bytea, every interval, burst int)
  language sql stable set search_path = pg_catalog, pg_temp as $$
  select sha256(convert_to(kind || '|' || value, 'UTF8')), every, burst
    from (values
      ('pair', lower(btrim(who)) || '|' || coalesce(place, ''), interval '60 seconds', 5),
      ('who', lower(btrim(who)), interval '30 seconds', 30),
      ('place', place, interval '5 seconds', 60)) as l (kind, value, every, burst)
   where value is not null $$;

create function app_private.wait_for(who text, place text) returns interval
  language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(max(r.empty_at - l.every * (l.burst - 1) - clock_timestamp())
                    filter (where r.empty_at - l.every * (l.burst - 1) > clock_timestamp()), '0')
    from app_private.limits(who, place) l join app_private.rate_limits r on r.key = l.key $$;

-- Counts an attempt before it is looked at, so that attempts made at once are counted, too.
create function app_private.take(who text, place text) returns interval
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare l record; t timestamptz; w interval := '0';
begin
  for l in select * from app_private.limits(who, place) order by key loop
    insert into app_private.rate_limits as r values (l.key, clock_timestamp())
      on conflict (key) do update set empty_at = greatest(r.empty_at, clock_timestamp())
      returning r.empty_at into t;
    w := greatest(w, t - l.every * (l.burst - 1) - clock_timestamp());
  end loop;
  if w > '0' then return w; end if;
  update app_private.rate_limits r set empty_at = r.empty_at + n.every
    from app_private.limits(who, place) n where n.key = r.key;
  delete from app_private.rate_limits where key in (
    select key from app_private.rate_limits where empty_at < now() - interval '1 hour'
     limit 20 for update skip locked);
  return '0';
end $$;

create function app_private.give_back(who text, place text) returns void
  language sql volatile set search_path = pg_catalog, pg_temp as $$
  update app_private.rate_limits r set empty_at = r.empty_at - n.every
    from app_private.limits(who, place) n where n.key = r.key $$;

-- Whoever has shown who they are gets a session, or is asked for the second factor first.
create function app_private.admit(
    usr uuid, session bytea, how text, lifetime interval, label text) returns text
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  delete from app_private.sign_in_steps where expires_at < now();
  if how = 'password' and exists (select from app_private.second_factors f
                                   where f.user_id = usr and f.confirmed_at is not null) then
    insert into app_private.sign_in_steps (hash, user_id, asks, method)
      values (session, usr, 'second_factor', how);
    return 'second_factor';
  end if;
  insert into app_private.credentials (hash, user_id, kind, method, label, expires_at)
    values (session, usr, 'session', how, left(label, 200),
            now() + least(lifetime, interval '7 days'));
  return 'session';
end $$;

-- Everybody has a salt, also who does not exist, and it never changes by itself.
create function app.password_salt(who text, place text)
  returns table (salt bytea, scheme text, wait interval)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(p.salt,
           substring(decode(app_private.mac('salt|' || lower(btrim(who)), 1), 'hex') for 16)),
         coalesce(p.scheme, 'argon2id:65536:3:1'), app_private.wait_for(who, place)
    from (select) one
    left join app_private.users u on lower(u.email) = lower(btrim(who))
    left join app_private.passwords p on p.user_id = u.id $$;

create function app.sign_in(
    who text, place text, shown bytea, session bytea, lifetime interval, label text)
  returns table (outcome text, wait interval)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare found_user uuid;
begin
  wait := app_private.take(who, place);
  if wait > '0' then outcome := 'wait'; return next; return; end if;
  select p.user_id into found_user
    from app_private.passwords p join app_private.users u on u.id = p.user_id
   where lower(u.email) = lower(btrim(who)) and p.proof = shown;
  if found_user is null then
    outcome := 'refused'; wait := app_private.wait_for(who, place); return next; return;
  end if;
  perform app_private.give_back(who, place);
  outcome := app_private.admit(found_user, session, 'password', lifetime, label);
  return next;
end $$;

-- The secret that a code is checked with, for who is asked for a code; each look is one guess.
create function app.second_factor(step bytea)
  returns table (secret bytea, last_counter bigint, wait interval)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare s app_private.sign_in_steps;
begin
  select * into s from app_private.sign_in_steps where hash = step and expires_at > now();
  if not found then return; end if;
  wait := app_private.take('second factor of ' || s.user_id, null);
  if wait = '0' then
    select f.secret, f.last_counter into secret, last_counter
      from app_private.second_factors f where f.user_id = s.user_id;
  end if;
  return next;
end $$;

-- A code counts once: `counter` is the half minute it belongs to.
create function app.pass_second_factor(
    step bytea, counter bigint, session bytea, lifetime interval, label text) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare s app_private.sign_in_steps;
begin
  select * into s from app_private.sign_in_steps where hash = step and expires_at > now();
  if not found then return false; end if;
  update app_private.second_factors f set last_counter = counter
   where f.user_id = s.user_id and f.last_counter < counter;
  if not found then return false; end if;
  delete from app_private.sign_in_steps where hash = step;
  perform app_private.give_back('second factor of ' || s.user_id, null);
  insert into app_private.credentials (hash, user_id, kind, method, label, expires_at)
    values (session, s.user_id, 'session', s.method, left(label, 200),
            now() + least(lifetime, interval '7 days'));
  return true;
end $$;

-- The user behind a browser's session: settings of one's own are changed with nothing else.
create function app_private.session_user_id(session bytea) returns uuid
  language sql stable set search_path = pg_catalog, pg_temp as $$
  select user_id from app_private.credentials
   where hash = session and kind = 'session' and expires_at > now() $$;

create function app.own_settings(session bytea)
  returns table (has_password boolean, password_needed boolean, has_second_factor boolean,
                 may_create_accounts boolean)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select p.user_id is not null,
         p.user_id is not null and not (c.method = 'sign_in_link'
           and c.created_at > now() - interval '30 minutes'),
         f.confirmed_at is not null, u.may_create_accounts
    from app_private.credentials c
    join app_private.users u on u.id = c.user_id
    left join app_private.passwords p on p.user_id = u.id
    left join app_private.second_factors f on f.user_id = u.id
   where c.hash = session and c.kind in ('session', 'api_key') and c.expires_at > now() $$;

-- A password is changed by who knows the old one, or came by a fresh sign-in link. Every other
-- session of the user ends.
create function app.set_password(
    session bytea, old_proof bytea, new_salt bytea, new_scheme text, new_proof bytea)
  returns table (outcome text, wait interval)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare usr uuid := app_private.session_user_id(session); needed boolean;
begin
  wait := '0';
  select o.password_needed into needed from app.own_settings(session) o;
  if usr is null then outcome := 'refused'; return next; return; end if;
  if needed then
    wait := app_private.take('password of ' || usr, null);
    if wait > '0' then outcome := 'wait'; return next; return; end if;
    if not exists (select from app_private.passwords p
                    where p.user_id = usr and p.proof = old_proof) then
      outcome := 'refused'; return next; return;
    end if;
    perform app_private.give_back('password of ' || usr, null);
  end if;
  insert into app_private.passwords (user_id, salt, scheme, proof)
    values (usr, new_salt, new_scheme, new_proof)
    on conflict (user_id) do update set salt = excluded.salt, scheme = excluded.scheme,
      proof = excluded.proof, changed_at = now();
  delete from app_private.credentials
   where user_id = usr and kind in ('session', 'sign_in_link') and hash <> session;
  outcome := 'done';
  return next;
end $$;

-- A second factor counts once its first code has been shown.
create function app.begin_second_factor(session bytea, secret bytea) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare usr uuid := app_private.session_user_id(session);
begin
  if usr is null then return false; end if;
  insert into app_private.second_factors as f (user_id, secret) values (usr, secret)
    on conflict (user_id) do update set secret = excluded.secret, last_counter = 0
    where f.confirmed_at is null;
  return found;
end $$;

create function app.begun_second_factor(session bytea) returns bytea
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select secret from app_private.second_factors
   where user_id = app_private.session_user_id(session) and confirmed_at is null $$;

create function app.confirm_second_factor(session bytea, counter bigint) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  update app_private.second_factors set confirmed_at = now(), last_counter = counter
   where user_id = app_private.session_user_id(session) and confirmed_at is null;
  return found;
end $$;

create function app.end_second_factor(session bytea, old_proof bytea) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare usr uuid := app_private.session_user_id(session);
begin
  if usr is null or app_private.take('password of ' || usr, null) > '0' then return false; end if;
  delete from app_private.second_factors f using app_private.passwords p
   where f.user_id = usr and p.user_id = usr and p.proof = old_proof;
  if found then perform app_private.give_back('password of ' || usr, null); return true; end if;
  return false;
end $$;

-- Sessions are named by a hash of their hash: a name that signs nobody in.
create function app.sessions(credential bytea)
  returns table (id text, label text, method text, created_at timestamptz,
                 expires_at timestamptz, is_this boolean)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select left(encode(sha256(s.hash), 'hex'), 16), s.label, s.method, s.created_at, s.expires_at,
         s.hash = credential
    from app_private.credentials c join app_private.credentials s on s.user_id = c.user_id
   where c.hash = credential and c.kind in ('session', 'api_key') and c.expires_at > now()
     and s.kind = 'session' and s.expires_at > now() order by s.created_at desc $$;

-- One session of one's own, or all of them.
create function app.end_sessions(credential bytea, only_id text) returns int
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare n int;
begin
  delete from app_private.credentials s using app_private.credentials c
   where c.hash = credential and c.kind in ('session', 'api_key') and c.expires_at > now()
     and s.user_id = c.user_id and s.kind = 'session'
     and (only_id is null or left(encode(sha256(s.hash), 'hex'), 16) = only_id);
  get diagnostics n = row_count;
  return n;
end $$;

drop function app.start_session(bytea, bytea, interval);
create function app.start_session(
    credential bytea, session bytea, lifetime interval, label text default '')
  returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare c app_private.credentials;
begin
  delete from app_private.credentials where kind <> 'api_key' and expires_at < now();
  select * into c from app_private.credentials
   where hash = credential and kind in ('api_key', 'sign_in_link') and expires_at > now();
  if not found then return false; end if;
  insert into app_private.credentials
      (hash, user_id, kind, method, client_account_id, label, expires_at)
    values (session, c.user_id, 'session', c.kind, c.client_account_id, left(start_session.label, 200),
            now() + least(lifetime, interval '7 days'));
  return true;
end $$;

-- A deployment is set up once somebody can sign in without its machine.
create function app.is_set_up() returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select from app_private.passwords) $$;

create function app_private.new_account(account uuid, account_name text, usr uuid) returns void
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare before text := current_setting('app.ctx', true);
begin
  perform set_config('app.ctx', app_private.mint(account, usr, 'admin'), true);
  insert into app.client_accounts (id, name) values (account, account_name);
  perform set_config('app.ctx', coalesce(before, ''), true);
  insert into app_private.memberships (user_id, client_account_id, role)
    values (usr, account, 'admin');
end $$;

-- The first person: gets a password, a client account when one is named, and those that the
-- machine's own user made.
create function app.set_up(
    link bytea, usr uuid, mail text, shown_name text, new_salt bytea, new_scheme text,
    new_proof bytea, account uuid, account_name text, session bytea, lifetime interval, label text)
  returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from app_private.set_up_links where hash = link and expires_at > now();
  if not found or app.is_set_up() then return false; end if;
  insert into app_private.users as u (id, email, display_name, may_create_accounts)
    values (usr, mail, shown_name, true)
    on conflict (lower(email)) do update
      set display_name = excluded.display_name, may_create_accounts = true
    returning u.id into usr;
  insert into app_private.passwords (user_id, salt, scheme, proof)
    values (usr, new_salt, new_scheme, new_proof);
  insert into app_private.memberships (user_id, client_account_id, role)
    select usr, m.client_account_id, 'admin'
      from app_private.memberships m join app_private.users u on u.id = m.user_id
     where u.email = 'local@localhost' and m.role = 'admin' and m.expires_at > now()
    on conflict (user_id, client_account_id) do update set role = 'admin', expires_at = 'infinity';
  if account_name is not null then
    perform app_private.new_account(account, account_name, usr);
  end if;
  delete from app_private.set_up_links;
  perform app_private.admit(usr, session, 'password', lifetime, label);
  return true;
end $$;

create function app.set_up_link_holds(link bytea) returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select not app.is_set_up() and exists (
    select from app_private.set_up_links where hash = link and expires_at > now()) $$;

-- A client account for who may make them; its maker becomes its admin.
create function app.create_account(credential bytea, account uuid, account_name text)
  returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare usr uuid;
begin
  select u.id into usr from app_private.credentials c join app_private.users u on u.id = c.user_id
   where c.hash = credential and c.kind in ('session', 'api_key') and c.client_account_id is null
     and c.expires_at > now() and u.may_create_accounts;
  if usr is null then return false; end if;
  perform app_private.new_account(account, account_name, usr);
  return true;
end $$;

grant execute on function
  app.password_salt(text, text),
  app.sign_in(text, text, bytea, bytea, interval, text),
  app.second_factor(bytea),
  app.pass_second_factor(bytea, bigint, bytea, interval, text),
  app.own_settings(bytea),
  app.set_password(bytea, bytea, bytea, text, bytea),
  app.begin_second_factor(bytea, bytea), app.begun_second_factor(bytea),
  app.confirm_second_factor(bytea, bigint), app.end_second_factor(bytea, bytea),
  app.sessions(bytea), app.end_sessions(bytea, text),
  app.start_session(bytea, bytea, interval, text),
  app.is_set_up(), app.set_up_link_holds(bytea),
  app.set_up(bytea, uuid, text, text, bytea, text, bytea, uuid, text, bytea, interval, text),
  app.create_account(bytea, uuid, text)
  to app_rw;
"""


def upgrade() -> None:
    op.execute(SQL)
