"""Single sign-on: who somebody is at an OpenID provider, believed only under the server's seal.

PostgreSQL cannot verify a provider's signature. The server does, and seals what it verified with
a key made from the provider's client secret, which no SQL can read.
"""

from alembic import op

revision = "0013"
down_revision = "0012"

SQL = """
set local lock_timeout = '5s';
create table app_private.identities (
  issuer text not null,
  subject text not null,
  user_id uuid not null references app_private.users (id),
  created_at timestamptz not null default now(),
  primary key (issuer, subject));
create index identities_user on app_private.identities (user_id);
create table app_private.oidc_keys (
  issuer text primary key,
  key bytea not null check (length(key) = 32));
alter table app_private.identities enable row level security;
alter table app_private.oidc_keys enable row level security;

create function app_private.vouched(
    issuer text, subject text, mail text, verified boolean, until bigint, session bytea,
    seal text) returns boolean
  language sql stable set search_path = pg_catalog, pg_temp as $$
  select exists (
    select from app_private.oidc_keys k
     where k.issuer = vouched.issuer and until > extract(epoch from clock_timestamp())
       and strpos(vouched.issuer || subject || mail, chr(10)) = 0
       and encode(sha256(k.key || sha256(k.key || convert_to(concat_ws(chr(10), vouched.issuer,
             subject, mail, verified::text, until::text, encode(session, 'hex')), 'UTF8'))),
             'hex') = seal) $$;

create or replace function app.is_set_up() returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select from app_private.passwords)
      or exists (select from app_private.identities) $$;

create or replace function app.invitation(link bytea)
  returns table (client_account_id uuid, account_name text, email text, role text,
                 invited_by text, expires_at timestamptz, known boolean)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select i.client_account_id, n.name, i.email, i.role, b.display_name, i.expires_at,
         exists (select from app_private.users u
                  where lower(u.email) = lower(i.email)
                    and (exists (select from app_private.passwords p where p.user_id = u.id)
                      or exists (select from app_private.identities d where d.user_id = u.id)))
    from app_private.invitations i
    join app_private.account_names n on n.id = i.client_account_id
    join app_private.users b on b.id = i.invited_by
   where i.hash = link and i.expires_at > now()
     and exists (select from app_private.memberships m
                  where m.user_id = i.invited_by and m.client_account_id = i.client_account_id
                    and m.role = 'admin' and m.expires_at > now()) $$;

-- A known identity signs its user in. A new one becomes the user of an invitation, or of an
-- address that the operator registered and nobody can sign in with yet; never of a user who
-- already has a way in, because addresses are not proof of who that is.
create function app.sign_in_federated(
    issuer text, subject text, mail text, verified boolean, until bigint, seal text,
    shown_name text, link bytea, usr uuid, session bytea, lifetime interval, label text)
  returns text
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare found_user uuid; i record; invited boolean := false;
begin
  if not app_private.vouched(issuer, subject, mail, verified, until, session, seal) then
    return 'refused';
  end if;
  if link is not null then
    perform 1 from app_private.invitations where hash = link for update;
    select * into i from app.invitation(link);
    invited := found and verified and lower(i.email) = lower(mail);
  end if;
  select d.user_id into found_user from app_private.identities d
   where d.issuer = sign_in_federated.issuer and d.subject = sign_in_federated.subject;
  if found_user is null then
    if invited then
      if i.known then return 'known'; end if;
      insert into app_private.users as u (id, email, display_name) values (usr, mail, shown_name)
        on conflict (lower(email)) do update set display_name = excluded.display_name
        returning u.id into found_user;
    elsif verified then
      select u.id into found_user from app_private.users u
       where lower(u.email) = lower(mail) and not u.is_service
         and not exists (select from app_private.passwords p where p.user_id = u.id)
         and not exists (select from app_private.identities d where d.user_id = u.id);
    end if;
    if found_user is null then return 'unknown'; end if;
    insert into app_private.identities (issuer, subject, user_id)
      values (issuer, subject, found_user);
  end if;
  if invited and exists (select from app_private.users u
                          where u.id = found_user and lower(u.email) = lower(mail)) then
    perform app_private.accept(link, found_user);
  end if;
  return app_private.admit(found_user, session, 'oidc', lifetime, label);
end $$;

-- Somebody who is signed in shows who they are at the provider, too.
create function app.connect_identity(
    issuer text, subject text, mail text, verified boolean, until bigint, seal text,
    session bytea) returns text
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare usr uuid := app_private.session_user_id(session);
begin
  if usr is null
     or not app_private.vouched(issuer, subject, mail, verified, until, session, seal) then
    return 'refused';
  end if;
  insert into app_private.identities (issuer, subject, user_id) values (issuer, subject, usr)
    on conflict do nothing;
  return case when exists (
    select from app_private.identities d where d.issuer = connect_identity.issuer
       and d.subject = connect_identity.subject and d.user_id = usr)
    then 'done' else 'taken' end;
end $$;

create function app.has_identity(session bytea) returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select from app_private.identities
                  where user_id = app_private.session_user_id(session)) $$;

create function app.trusts_issuer(issuer text, seal text) returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select from app_private.oidc_keys k where k.issuer = trusts_issuer.issuer
                    and encode(sha256(k.key), 'hex') = seal) $$;

grant execute on function
  app.sign_in_federated(text, text, text, boolean, bigint, text, text, bytea, uuid, bytea,
                        interval, text),
  app.connect_identity(text, text, text, boolean, bigint, text, bytea),
  app.has_identity(bytea), app.trusts_issuer(text, text)
  to app_rw;
"""


def upgrade() -> None:
    op.execute(SQL)
