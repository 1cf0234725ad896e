"""Errors that occurred: counted by hour, with traces of some, and what operators said of them."""

from alembic import op

revision = "0017"
down_revision = "0016"

SQL = """
set local lock_timeout = '5s';

-- One thing that went wrong in a client account. References and names of code only, never a
-- value. Written by app.record_errors alone; kept for a limited time.
create table app.error_occurrences (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  at timestamptz not null,
  code text not null check (code ~ '^[A-Z][A-Z0-9_]{2,62}$'),
  category text not null check (category in ('USER', 'CONFLICT', 'DEPENDENCY', 'CAPACITY', 'BUG')),
  status int,
  place text not null check (length(place) between 1 and 200),
  trace_id text not null check (length(trace_id) between 1 and 64),
  user_id uuid,
  credential text,
  flow_id uuid,
  delivery_id uuid,
  phase text check (length(phase) <= 200),
  attempt int,
  action text check (length(action) <= 100),
  error_type text check (length(error_type) <= 200),
  frames text[] not null default '{}' check (cardinality(frames) <= 60),
  primary key (client_account_id, id));
create index error_occurrences_trace on app.error_occurrences (client_account_id, trace_id);
create index error_occurrences_code on app.error_occurrences (client_account_id, code, at);
create index error_occurrences_at on app.error_occurrences (client_account_id, at);
select app_private.protect('app.error_occurrences');
revoke insert, update, delete on app.error_occurrences from app_rw;

-- The same for what belongs to no client account: a sign-in, an address that is not there, a
-- worker that cannot begin. No login reads it; operators do, through a function.
create table app_private.loose_errors (
  id uuid primary key,
  at timestamptz not null,
  code text not null,
  category text not null,
  status int,
  place text not null,
  trace_id text not null,
  user_id uuid references app_private.users (id),
  credential text,
  phase text,
  attempt int,
  action text,
  error_type text,
  frames text[] not null default '{}');
create index loose_errors_trace on app_private.loose_errors (trace_id);
create index loose_errors_code on app_private.loose_errors (code, at);
create index loose_errors_at on app_private.loose_errors (at);
create index loose_errors_user on app_private.loose_errors (user_id);
alter table app_private.loose_errors enable row level security;

-- How often, by hour. Every occurrence is in here; `kept` of them have a row with their trace.
create table app_private.error_counts (
  hour timestamptz not null,
  code text not null,
  category text not null,
  place text not null,
  client_account_id uuid,
  times bigint not null,
  kept bigint not null default 0,
  first_at timestamptz not null,
  last_at timestamptz not null,
  unique nulls not distinct (code, client_account_id, place, hour));
create index error_counts_account on app_private.error_counts (client_account_id);
create index error_counts_hour on app_private.error_counts (hour);
alter table app_private.error_counts enable row level security;

-- What operators said about a code; the newest row holds.
create table app_private.error_decisions (
  code text not null,
  at timestamptz not null default clock_timestamp(),
  state text not null check (state in ('open', 'acknowledged', 'muted', 'resolved')),
  decided_by text not null,
  note text not null default '' check (length(note) <= 1000),
  until timestamptz,
  primary key (code, at),
  check ((state = 'muted') = (until is not null)));
alter table app_private.error_decisions enable row level security;

-- The last batch that each process wrote, so that one sent twice counts once; and how many
-- traces it had no room for.
create table app_private.error_writers (
  writer uuid primary key,
  batch bigint not null,
  dropped bigint not null default 0,
  at timestamptz not null default now());
alter table app_private.error_writers enable row level security;

-- The trace id with which somebody acted on a flow, where it is not the flow's own.
alter table app.flow_events add column trace_id text;
create index flow_events_trace on app.flow_events (client_account_id, trace_id)
  where trace_id is not null;
create index flows_trace on app.flows (client_account_id, trace_id);
alter table app.audit_entries add column trace_id text
  generated always as (entry #>> '{origin,trace_id}') stored;
create index audit_entries_trace on app.audit_entries (client_account_id, trace_id)
  where trace_id is not null;

-- Worker's transactions carry the trace id of their flow, from the moment they open it.
create or replace function app.open_job(client uuid, flow uuid) returns text
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  c text := app_private.mint(client, '00000000-0000-0000-0000-000000000000', 'worker');
  trace text;
begin
  perform set_config('app.ctx', c, true);
  select f.trace_id into trace from app.flows f where f.client_account_id = client and f.id = flow;
  if not found then
    perform set_config('app.ctx', '', true);
    raise exception 'not found' using errcode = '42501';
  end if;
  perform set_config('app.trace', trace, true);
  return c;
end $$;
create or replace function app.stamp_job(ctx text, trace text) returns text
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select app_private.seal_origin(ctx, '||' || left(translate(
    coalesce(nullif(current_setting('app.trace', true), ''), trace), '|', ''), 64)
    || '|worker') $$;

-- Whose account an occurrence may be written to: that of a flow or a message it names, or one that
-- its credential opens. Anything else belongs to nobody. Leaves the context of that account open.
create function app_private.error_owner(
    client uuid, credential bytea, flow uuid, delivery uuid) returns uuid
  language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  if client is null or not exists (select from app_private.account_names n where n.id = client)
    then return null; end if;
  perform set_config('app.ctx',
    app_private.mint(client, '00000000-0000-0000-0000-000000000000', 'errors'), true);
  if exists (select from app_private.credentials c join app_private.memberships m using (user_id)
              where c.hash = credential and m.client_account_id = client
                and coalesce(c.client_account_id, client) = client)
     or exists (select from app.flows f where f.client_account_id = client and f.id = flow)
     or exists (select from app.webhook_deliveries d
                 where d.client_account_id = client and d.id = delivery) then
    return client;
  end if;
  return null;
end $$;

-- Count a batch of occurrences and keep the traces there is room for. A batch that was written
-- before is not written again. Groups come in one order, so that writers never wait in a circle.
create function app.record_errors(
    writer uuid, batch bigint, dropped bigint, groups jsonb, room int) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  before text := coalesce(current_setting('app.ctx', true), '');
  g record; owner uuid; had bigint; free int; many int;
begin
  insert into app_private.error_writers as w (writer, batch, dropped)
    values (record_errors.writer, record_errors.batch, greatest(record_errors.dropped, 0))
    on conflict on constraint error_writers_pkey do update
       set batch = excluded.batch, dropped = w.dropped + excluded.dropped, at = now()
     where w.batch < excluded.batch;
  if not found then return; end if;
  for g in
    select * from jsonb_to_recordset(groups) as x (
      hour timestamptz, code text, category text, place text, client uuid, credential text,
      flow uuid, delivery uuid, times bigint, first_at timestamptz, last_at timestamptz, examples jsonb)
     order by x.code, x.client, x.place, x.hour
  loop
    owner := app_private.error_owner(g.client, decode(g.credential, 'hex'), g.flow, g.delivery);
    insert into app_private.error_counts as c
        (hour, code, category, place, client_account_id, times, first_at, last_at)
      values (g.hour, g.code, g.category, g.place, owner, greatest(g.times, 1), g.first_at,
              g.last_at)
      on conflict (code, client_account_id, place, hour) do update
         set times = c.times + excluded.times,
             first_at = least(c.first_at, excluded.first_at),
             last_at = greatest(c.last_at, excluded.last_at)
      returning c.kept into had;
    free := greatest(0, least(room, 100000) - had);
    if owner is null then
      insert into app_private.loose_errors
        select e.id, e.at, g.code, g.category, e.status, g.place, e.trace_id, k.user_id, k.named,
               e.phase, e.attempt, e.action, e.error_type, coalesce(e.frames, '{}')
          from jsonb_to_recordset(g.examples) as e (
            id uuid, at timestamptz, status int, trace_id text, credential text, flow uuid,
            delivery uuid, phase text, attempt int, action text, error_type text, frames text[])
          left join lateral (
            select c.user_id, case c.kind when 'api_key' then 'key ' || c.public_id
                   else 'session ' || left(encode(sha256(c.hash), 'hex'), 16) end as named
              from app_private.credentials c where c.hash = decode(e.credential, 'hex')) k on true
         order by e.at limit free;
    else
      insert into app.error_occurrences
        select owner, e.id, e.at, g.code, g.category, e.status, g.place, e.trace_id, k.user_id,
               k.named, (select f.id from app.flows f
                          where f.client_account_id = owner and f.id = e.flow),
               (select d.id from app.webhook_deliveries d
                 where d.client_account_id = owner and d.id = e.delivery),
               e.phase, e.attempt, e.action, e.error_type, coalesce(e.frames, '{}')
          from jsonb_to_recordset(g.examples) as e (
            id uuid, at timestamptz, status int, trace_id text, credential text, flow uuid,
            delivery uuid, phase text, attempt int, action text, error_type text, frames text[])
          left join lateral (
            select c.user_id, case c.kind when 'api_key' then 'key ' || c.public_id
                   else 'session ' || left(encode(sha256(c.hash), 'hex'), 16) end as named
              from app_private.credentials c where c.hash = decode(e.credential, 'hex')) k on true
         order by e.at limit free;
    end if;
    get diagnostics many = row_count;
    update app_private.error_counts c set kept = c.kept + many
     where many > 0 and c.code = g.code and c.client_account_id is not distinct from owner
       and c.place = g.place and c.hour = g.hour;
    perform set_config('app.ctx', before, true);
  end loop;
end $$;

-- Forget old traces, and later the counts. Not what is younger than a day, and a month.
create function app.forget_errors(traces interval, counts interval) returns bigint
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  before text := coalesce(current_setting('app.ctx', true), '');
  old timestamptz := now() - greatest(traces, interval '1 day');
  a uuid; gone bigint; many bigint;
begin
  delete from app_private.loose_errors l where l.at < old;
  get diagnostics gone = row_count;
  for a in select n.id from app_private.account_names n order by 1 loop
    perform set_config('app.ctx',
      app_private.mint(a, '00000000-0000-0000-0000-000000000000', 'errors'), true);
    delete from app.error_occurrences o where o.client_account_id = a and o.at < old;
    get diagnostics many = row_count;
    gone := gone + many;
  end loop;
  perform set_config('app.ctx', before, true);
  delete from app_private.error_counts c
   where c.hour < now() - greatest(counts, interval '30 days');
  delete from app_private.error_writers w where w.at < now() - interval '1 day';
  return gone;
end $$;

-- How often what occurred in the open account.
create function app.error_counts()
  returns table (code text, category text, place text, times bigint, first_at timestamptz,
                 last_at timestamptz, recent bigint)
  language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.code, c.category, c.place, sum(c.times)::bigint, min(c.first_at), max(c.last_at),
         coalesce(sum(c.times) filter (where c.hour > now() - interval '24 hours'), 0)::bigint
    from app_private.error_counts c where c.client_account_id = (select app.tenant())
   group by c.code, c.category, c.place $$;

grant execute on function app.record_errors(uuid, bigint, bigint, jsonb, int), app.error_counts()
  to app_rw;
grant execute on function app.forget_errors(interval, interval) to app_worker;
"""


def upgrade() -> None:
    op.execute(SQL)
