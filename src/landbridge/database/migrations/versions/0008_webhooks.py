"""Webhooks: subscriptions, deliveries with their attempts, and the queue of what is due."""

from alembic import op

revision = "0008"
down_revision = "0007"

SQL = """
set local lock_timeout = '5s';
create table app.webhooks (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  url text not null check (length(url) between 8 and 2000),
  description text not null default '' check (length(description) <= 200),
  kinds text[] not null check (cardinality(kinds) > 0),
  enabled boolean not null default true,
  disabled_reason text check (disabled_reason in ('switched_off', 'gone', 'failing')),
  disabled_at timestamptz,
  failing_since timestamptz,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  primary key (client_account_id, id),
  check (enabled = (disabled_reason is null) and enabled = (disabled_at is null)));

create table app.webhook_deliveries (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  webhook_id uuid not null,
  kind text not null,
  flow_id uuid,
  seq bigint,
  flow_status text,
  data jsonb not null default '{}',
  status text not null default 'pending' check (status in
    ('pending', 'delivered', 'failed', 'dropped')),
  attempts int not null default 0,
  tries int not null default 0,
  next_attempt_at timestamptz default now(),
  created_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  primary key (client_account_id, id),
  unique (client_account_id, flow_id, seq, webhook_id),
  check ((status = 'pending') = (next_attempt_at is not null)),
  foreign key (client_account_id, webhook_id) references app.webhooks (client_account_id, id)
    on delete cascade,
  foreign key (client_account_id, flow_id, seq)
    references app.flow_events (client_account_id, flow_id, seq) on delete cascade);
create index webhook_deliveries_list on app.webhook_deliveries
  (client_account_id, webhook_id, created_at, id);

create table app.webhook_attempts (
  client_account_id uuid not null references app.client_accounts (id),
  delivery_id uuid not null,
  number int not null,
  started_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  status_code int,
  response text,
  error jsonb,
  primary key (client_account_id, delivery_id, number),
  foreign key (client_account_id, delivery_id)
    references app.webhook_deliveries (client_account_id, id) on delete cascade);

select app_private.protect(t) from unnest(array[
  'app.webhooks', 'app.webhook_deliveries', 'app.webhook_attempts']::regclass[]) t;

-- What a delivery is signed with. No login reads this table: the API can only add a secret,
-- and a worker asks for those of the account it has opened.
create table app_private.webhook_secrets (
  client_account_id uuid not null,
  webhook_id uuid not null,
  secret text not null,
  created_at timestamptz not null default clock_timestamp(),
  ends_at timestamptz not null default 'infinity',
  primary key (client_account_id, webhook_id, secret),
  foreign key (client_account_id, webhook_id) references app.webhooks (client_account_id, id)
    on delete cascade);

-- Which subscriptions are on, so that an event of an account without any costs one look here.
create table app_private.webhook_routes (
  client_account_id uuid not null,
  webhook_id uuid not null,
  kinds text[] not null,
  primary key (client_account_id, webhook_id),
  foreign key (client_account_id, webhook_id) references app.webhooks (client_account_id, id)
    on delete cascade);

-- What is to be sent, as references, so that workers find it without reading any client's data.
create table app_private.webhook_queue (
  client_account_id uuid not null,
  webhook_id uuid not null,
  delivery_id uuid not null,
  due_at timestamptz not null,
  leased_until timestamptz,
  primary key (client_account_id, delivery_id),
  foreign key (client_account_id, delivery_id)
    references app.webhook_deliveries (client_account_id, id) on delete cascade);
create index webhook_queue_due on app_private.webhook_queue
  (client_account_id, webhook_id, due_at);
create index webhook_queue_leased on app_private.webhook_queue
  (client_account_id, webhook_id, leased_until) where leased_until is not null;
alter table app_private.webhook_secrets enable row level security;
alter table app_private.webhook_routes enable row level security;
alter table app_private.webhook_queue enable row level security;

create function app_private.keep_webhook_route() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if new.enabled then
    insert into app_private.webhook_routes values (new.client_account_id, new.id, new.kinds)
      on conflict (client_account_id, webhook_id) do update set kinds = excluded.kinds;
  else
    delete from app_private.webhook_routes
     where client_account_id = new.client_account_id and webhook_id = new.id;
  end if;
  return null;
end $$;
create trigger keep_route after insert or update of enabled, kinds on app.webhooks
  for each row execute function app_private.keep_webhook_route();

create function app_private.keep_webhook_due() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if new.next_attempt_at is null then
    delete from app_private.webhook_queue
     where client_account_id = new.client_account_id and delivery_id = new.id;
  else
    insert into app_private.webhook_queue
      values (new.client_account_id, new.webhook_id, new.id, new.next_attempt_at)
      on conflict (client_account_id, delivery_id)
      do update set due_at = excluded.due_at, leased_until = null;
    if new.next_attempt_at <= clock_timestamp() then
      perform pg_notify('landbridge_webhooks', '');
    end if;
  end if;
  return null;
end $$;
create trigger keep_due after insert or update of next_attempt_at on app.webhook_deliveries
  for each row execute function app_private.keep_webhook_due();

create trigger audit_insert after insert on app.webhooks for each row
  execute function app_private.audit_row(
    'webhook', 'url description kinds', 'url', 'created', '-');
create trigger audit_update after update on app.webhooks for each row
  when ((old.url, old.description, old.kinds, old.enabled)
        is distinct from (new.url, new.description, new.kinds, new.enabled))
  execute function app_private.audit_row(
    'webhook', 'url description kinds enabled disabled_reason', 'url', 'created', '-');
create trigger audit_delete after delete on app.webhooks for each row
  execute function app_private.audit_row(
    'webhook', 'url description kinds', 'url', 'created', '-');

-- A UUID of version 7: the time in milliseconds, then random bits.
create function app_private.new_id() returns uuid
  language sql volatile set search_path = pg_catalog, pg_temp as $$
  select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing
    substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
    from 1 for 6), 52, 1), 53, 1), 'hex')::uuid $$;

-- Deliveries are born in the transaction of the event they tell of.
create function app_private.tell_webhooks() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from app_private.webhook_routes
              where client_account_id = new.client_account_id) then
    insert into app.webhook_deliveries
        (client_account_id, id, webhook_id, kind, flow_id, seq, flow_status)
      select new.client_account_id, app_private.new_id(), r.webhook_id, new.kind, new.flow_id,
             new.seq, (select f.status from app.flows f
                        where f.client_account_id = new.client_account_id and f.id = new.flow_id)
        from app_private.webhook_routes r
       where r.client_account_id = new.client_account_id and r.kinds && array['*', new.kind];
  end if;
  return null;
end $$;
create trigger tell_webhooks after insert on app.flow_events
  for each row when (new.kind <> 'note') execute function app_private.tell_webhooks();

-- Up to `wanted` deliveries that are due, the longest due first, each leased to the caller. A
-- subscription has about four under way at a time, so that a slow one leaves room for others;
-- walking from subscription to subscription costs one look for each that has something to send.
create function app.claim_webhook_deliveries(wanted int, lease interval)
  returns table (client_account_id uuid, delivery_id uuid)
  language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  with recursive subscriptions as (
    (select q.client_account_id as c, q.webhook_id as w from app_private.webhook_queue q
      order by q.client_account_id, q.webhook_id limit 1)
    union all
    select n.* from subscriptions s cross join lateral (
      select q.client_account_id, q.webhook_id from app_private.webhook_queue q
       where (q.client_account_id, q.webhook_id) > (s.c, s.w)
       order by q.client_account_id, q.webhook_id limit 1) n),
  chosen as (
    select s.c, d.delivery_id as d from subscriptions s
     cross join lateral (
       select count(*) as under_way from app_private.webhook_queue q
        where q.client_account_id = s.c and q.webhook_id = s.w and q.leased_until > now()) b
     cross join lateral (
       select q.delivery_id, q.due_at from app_private.webhook_queue q
        where q.client_account_id = s.c and q.webhook_id = s.w and q.due_at <= now()
          and (q.leased_until is null or q.leased_until <= now())
        order by q.due_at limit greatest(0, 4 - b.under_way) for update skip locked) d
     order by d.due_at limit wanted)
  update app_private.webhook_queue q set leased_until = now() + lease
    from chosen where q.client_account_id = chosen.c and q.delivery_id = chosen.d
  returning q.client_account_id, q.delivery_id $$;

-- A sender opens exactly the account of the delivery it carries; only workers may call it. The
-- existence check itself runs under row-level security, in the context it just minted.
create function app.open_delivery(client uuid, delivery uuid) returns text
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare c text := app_private.mint(client, '00000000-0000-0000-0000-000000000000', 'worker');
begin
  perform set_config('app.ctx', c, true);
  perform 1 from app.webhook_deliveries where client_account_id = client and id = delivery;
  if not found then
    perform set_config('app.ctx', '', true);
    raise exception 'not found' using errcode = '42501';
  end if;
  return c;
end $$;

-- A new secret for a subscription of the open account; those before it end after `overlap`.
create function app.add_webhook_secret(webhook uuid, new_secret text, overlap interval)
  returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare tenant uuid := app.tenant();
begin
  update app_private.webhook_secrets set ends_at = least(ends_at, now() + overlap)
   where client_account_id = tenant and webhook_id = webhook;
  delete from app_private.webhook_secrets
   where client_account_id = tenant and webhook_id = webhook and ends_at <= now();
  insert into app_private.webhook_secrets (client_account_id, webhook_id, secret)
    values (tenant, webhook, new_secret);
end $$;

-- The secrets a delivery of the open account is signed with now, the newest first.
create function app.webhook_secrets(webhook uuid) returns table (secret text)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.secret from app_private.webhook_secrets s
   where s.client_account_id = (select app.tenant()) and s.webhook_id = webhook
     and s.ends_at > now()
   order by s.created_at desc $$;

grant execute on function app.add_webhook_secret(uuid, text, interval) to app_rw;
grant execute on function app.claim_webhook_deliveries(int, interval),
  app.open_delivery(uuid, uuid), app.webhook_secrets(uuid) to app_worker;
"""


def upgrade() -> None:
    op.execute(SQL)
