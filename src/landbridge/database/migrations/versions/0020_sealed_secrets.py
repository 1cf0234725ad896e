"""Secrets that must be given back are stored sealed; recovery codes for second factors; the audit
log names a webhook without what its address keeps secret.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0020"
down_revision = "0019"

SQL = """
set local lock_timeout = '5s';
alter table app_private.second_factors drop constraint second_factors_secret_check;

-- Ten at a time, each counts once; they go with the second factor they stand in for.
create table app_private.recovery_codes (
  user_id uuid not null references app_private.second_factors (user_id) on delete cascade,
  hash bytea not null check (length(hash) = 32),
  used_at timestamptz,
  primary key (user_id, hash));
alter table app_private.recovery_codes enable row level security;

-- Scheme, host and a short fingerprint of the whole address: its path may be a secret.
alter table app.webhooks add column shown_as text not null generated always as (
  regexp_replace(url, '^(https?://[^/?#]*).*$', '\\1/…') || ' (' || left(md5(url), 8) || ')') stored;
drop trigger audit_insert on app.webhooks;
drop trigger audit_update on app.webhooks;
drop trigger audit_delete on app.webhooks;
create trigger audit_insert after insert on app.webhooks for each row
  execute function app_private.audit_row(
    'webhook', 'shown_as description kinds', 'shown_as', 'created', '-');
create trigger audit_update after update on app.webhooks for each row
  when ((old.url, old.description, old.kinds, old.enabled)
        is distinct from (new.url, new.description, new.kinds, new.enabled))
  execute function app_private.audit_row(
    'webhook', 'shown_as description kinds enabled disabled_reason', 'shown_as', 'created', '-');
create trigger audit_delete after delete on app.webhooks for each row
  execute function app_private.audit_row(
    'webhook', 'shown_as description kinds', 'shown_as', 'created', '-');

-- The first codes come right after the second factor began; later ones need the password.
create function app.renew_recovery_codes(session bytea, old_proof bytea, hashes bytea[])
  returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare usr uuid := app_private.session_user_id(session); first_time boolean;
begin
  select f.confirmed_at > now() - interval '10 minutes'
         and not exists (select from app_private.recovery_codes r where r.user_id = usr)
    into first_time
    from app_private.second_factors f where f.user_id = usr and f.confirmed_at is not null
     for update;
  if not found or cardinality(hashes) not between 1 and 20 then return false; end if;
  if not first_time then
    if app_private.take('password of ' || usr, null) > '0' then return false; end if;
    if not exists (select from app_private.passwords p
                    where p.user_id = usr and p.proof = old_proof) then
      return false;
    end if;
    perform app_private.give_back('password of ' || usr, null);
  end if;
  delete from app_private.recovery_codes r where r.user_id = usr;
  insert into app_private.recovery_codes (user_id, hash) select usr, h from unnest(hashes) h;
  return true;
end $$;

create function app.recovery_codes_left(session bytea) returns int
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select count(*)::int from app_private.recovery_codes r
    join app_private.credentials c on c.user_id = r.user_id
   where c.hash = session and c.kind in ('session', 'api_key') and c.expires_at > now()
     and r.used_at is null $$;

-- Counts as a guess at the second factor. Every account of the user learns that one was used.
create function app.pass_recovery_code(
    step bytea, shown bytea, session bytea, lifetime interval, label text)
  returns table (outcome text, wait interval)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare s app_private.sign_in_steps; remaining int; client uuid;
begin
  wait := '0'; outcome := 'refused';
  select * into s from app_private.sign_in_steps where hash = step and expires_at > now();
  if not found then return next; return; end if;
  wait := app_private.take('second factor of ' || s.user_id, null);
  if wait > '0' then outcome := 'wait'; return next; return; end if;
  update app_private.recovery_codes r set used_at = now()
   where r.user_id = s.user_id and r.hash = shown and r.used_at is null;
  if not found then return next; return; end if;
  delete from app_private.sign_in_steps where hash = step;
  perform app_private.give_back('second factor of ' || s.user_id, null);
  insert into app_private.credentials (hash, user_id, kind, method, label, expires_at)
    values (session, s.user_id, 'session', s.method, left(label, 200),
            now() + least(lifetime, interval '7 days'));
  select count(*) into remaining from app_private.recovery_codes r
   where r.user_id = s.user_id and r.used_at is null;
  for client in select m.client_account_id from app_private.memberships m
                 where m.user_id = s.user_id and m.expires_at > now() order by 1 loop
    perform app_private.audit_append(client, 'recovery_code.used',
      jsonb_build_object('type', 'membership', 'id', s.user_id, 'name',
        (select u.email from app_private.users u where u.id = s.user_id)), null,
      jsonb_build_object('detail', jsonb_build_object('left', remaining)));
  end loop;
  outcome := 'session';
  return next;
end $$;

grant execute on function
  app.renew_recovery_codes(bytea, bytea, bytea[]), app.recovery_codes_left(bytea),
  app.pass_recovery_code(bytea, bytea, bytea, interval, text)
  to app_rw;
"""

SEALED = """
alter table app_private.second_factors
  add constraint second_factors_sealed check (substring(secret for 5) = 'gAAAA'::bytea);
alter table app_private.webhook_secrets
  add constraint webhook_secrets_sealed check (left(secret, 5) = 'gAAAA');
"""


def upgrade() -> None:
    op.execute(SQL)
    _seal_what_is_there()
    op.execute(SEALED)


def _seal_what_is_there() -> None:
    """The key is only asked for where there is something to seal."""
    from landbridge.kit.settings import settings
    from landbridge.kit.vault import Vault

    connection, vault = op.get_bind(), Vault(settings())
    factors = connection.execute(text("select user_id, secret from app_private.second_factors"))
    for user, secret in factors.all():
        connection.execute(
            text("update app_private.second_factors set secret = :sealed where user_id = :user"),
            {"user": user, "sealed": vault.seal("a second factor", bytes(secret))},
        )
    kept = connection.execute(text("select webhook_id, secret from app_private.webhook_secrets"))
    for webhook, secret in kept.all():
        connection.execute(
            text(
                "update app_private.webhook_secrets set secret = :sealed"
                " where webhook_id = :webhook and secret = :secret"
            ),
            {
                "webhook": webhook,
                "secret": secret,
                "sealed": vault.seal(f"webhook {webhook}", secret.encode()).decode(),
            },
        )
