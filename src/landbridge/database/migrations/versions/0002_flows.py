"""Flows: one row of truth, its phase runs, its gap-free events, its approvals."""

from alembic import op

revision = "0002"
down_revision = "0001"

SQL = """
set local lock_timeout = '5s';
create table app.flows (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  engagement_id uuid not null,
  flow_type text not null,
  definition jsonb not null,
  inputs jsonb not null,
  status text not null default 'initialized' check (status in
    ('initialized', 'running', 'waiting', 'paused', 'completed', 'failed', 'cancelled')),
  current_phase text,
  error jsonb,
  last_event_seq bigint not null default 0,
  trace_id text not null,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  primary key (client_account_id, id),
  foreign key (client_account_id, engagement_id) references app.engagements (client_account_id, id));
create index flows_engagement on app.flows (client_account_id, engagement_id, created_at desc);
create index flows_open on app.flows (client_account_id, status)
  where status in ('initialized', 'running', 'waiting', 'paused');

create table app.phase_runs (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  flow_id uuid not null,
  phase text not null,
  position int not null,
  attempt int not null default 1,
  status text not null default 'pending' check (status in
    ('pending', 'running', 'waiting', 'completed', 'failed', 'cancelled', 'skipped')),
  weight int not null check (weight > 0),
  done bigint not null default 0 check (done >= 0),
  total bigint check (total >= 0),
  unit text not null,
  output jsonb,
  error jsonb,
  started_at timestamptz,
  heartbeat_at timestamptz,
  finished_at timestamptz,
  primary key (client_account_id, id),
  unique (client_account_id, flow_id, phase, attempt),
  foreign key (client_account_id, flow_id) references app.flows (client_account_id, id) on delete cascade);

create table app.flow_events (
  client_account_id uuid not null references app.client_accounts (id),
  flow_id uuid not null,
  seq bigint not null,
  kind text not null,
  phase text,
  data jsonb not null default '{}',
  at timestamptz not null default clock_timestamp(),
  primary key (client_account_id, flow_id, seq),
  foreign key (client_account_id, flow_id) references app.flows (client_account_id, id) on delete cascade);

create table app.approvals (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  flow_id uuid not null,
  phase text not null,
  gate text not null,
  summary jsonb not null default '{}',
  status text not null default 'pending' check (status in ('pending', 'approved', 'rejected')),
  requested_at timestamptz not null default now(),
  decided_by uuid,
  decided_automatically boolean not null default false,
  decided_at timestamptz,
  reason text,
  primary key (client_account_id, id),
  unique (client_account_id, flow_id, gate),
  check ((status = 'pending') = (decided_at is null)),
  foreign key (client_account_id, flow_id) references app.flows (client_account_id, id) on delete cascade);

select app_private.protect(t) from unnest(array[
  'app.flows', 'app.phase_runs', 'app.flow_events', 'app.approvals']::regclass[]) t;

-- A job opens exactly the account of the flow it carries; only workers may call it. The
-- existence check itself runs under row-level security, in the context it just minted.
create function app.open_job(client uuid, flow uuid) returns text
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare c text := app_private.mint(client, '00000000-0000-0000-0000-000000000000', 'worker');
begin
  perform set_config('app.ctx', c, true);
  perform 1 from app.flows where client_account_id = client and id = flow;
  if not found then
    perform set_config('app.ctx', '', true);
    raise exception 'not found' using errcode = '42501';
  end if;
  return c;
end $$;
grant execute on function app.open_job(uuid, uuid) to app_worker;
"""


def upgrade() -> None:
    op.execute(SQL)
