"""Flow control: claims that fence dead workers, gates of more kinds, forks, limits, the watch."""

from alembic import op

revision = "0009"
down_revision = "0008"

SQL = """
set local lock_timeout = '5s';

-- The owner looks at rows of all accounts until the end of this migration.
alter table app.flows no force row level security;
alter table app.phase_runs no force row level security;
alter table app.approvals no force row level security;

alter table app.flows
  add column priority int not null default 2 check (priority between 1 and 3),
  add column scheduled_for timestamptz,
  add column paused_at timestamptz,
  add column parent_id uuid,
  add column forked_at text,
  add foreign key (client_account_id, parent_id) references app.flows (client_account_id, id);
create index flows_created on app.flows (client_account_id, created_at);
create index flows_parent on app.flows (client_account_id, parent_id);

alter table app.phase_runs
  add column claim int not null default 0,
  add column crashes int not null default 0,
  add column claimed_by text,
  add column not_before timestamptz,
  add column queued_at timestamptz,
  add column gate_open boolean not null default false;

alter table app.approvals
  drop constraint approvals_status_check,
  add constraint approvals_status_check check (status in
    ('pending', 'approved', 'rejected', 'withdrawn')),
  add column kind text not null default 'approval' check (kind in ('approval', 'choice', 'form')),
  add column answer jsonb,
  add column deadline_at timestamptz,
  add column assigned_to uuid;
create index approvals_pending on app.approvals (client_account_id, requested_at)
  where status = 'pending';

-- Phases that wait at a gate of the earlier interpreter: their successors stay blocked.
update app.phase_runs r set gate_open = true
  from app.approvals a
 where a.client_account_id = r.client_account_id and a.flow_id = r.flow_id
   and a.phase = r.phase and a.status = 'pending' and r.status = 'completed';

create table app.account_limits (
  client_account_id uuid not null references app.client_accounts (id),
  running_phases int check (running_phases > 0),
  open_flows int check (open_flows > 0),
  flows_per_minute int check (flows_per_minute > 0),
  primary key (client_account_id));
select app_private.protect('app.account_limits');
create trigger audit_insert after insert on app.account_limits for each row
  execute function app_private.audit_row(
    'limits', 'running_phases open_flows flows_per_minute', '-', 'set', '-');
create trigger audit_update after update on app.account_limits for each row
  execute function app_private.audit_row(
    'limits', 'running_phases open_flows flows_per_minute', '-', 'set', '-');
create trigger audit_delete after delete on app.account_limits for each row
  execute function app_private.audit_row(
    'limits', 'running_phases open_flows flows_per_minute', '-', 'set', '-');

-- The flows that have not ended, as references, so that a watchdog finds them without
-- reading any client's data: it opens each as its own job.
create table app_private.open_flows (
  client_account_id uuid not null,
  flow_id uuid primary key,
  status text not null,
  changed_at timestamptz not null default now(),
  look_at timestamptz not null default now() + interval '20 seconds',
  looks int not null default 0);
create index open_flows_look on app_private.open_flows (look_at);
create index open_flows_account on app_private.open_flows (client_account_id);
insert into app_private.open_flows (client_account_id, flow_id, status, look_at)
  select client_account_id, id, status, now() from app.flows
   where status not in ('completed', 'failed', 'cancelled');
alter table app_private.open_flows enable row level security;
create policy worker on app_private.open_flows for all to app_worker using (true) with check (true);
grant select, update (look_at, looks) on app_private.open_flows to app_worker;

alter table app.flows force row level security;
alter table app.phase_runs force row level security;
alter table app.approvals force row level security;

create function app_private.keep_open_flow() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'DELETE' then
    delete from app_private.open_flows where flow_id = old.id;
  elsif new.status in ('completed', 'failed', 'cancelled') then
    delete from app_private.open_flows where flow_id = new.id;
  else
    insert into app_private.open_flows (client_account_id, flow_id, status)
      values (new.client_account_id, new.id, new.status)
      on conflict (flow_id) do update set status = excluded.status, changed_at = now(),
        look_at = now() + interval '20 seconds', looks = 0;
  end if;
  return null;
end $$;
revoke execute on function app_private.keep_open_flow() from public;
create trigger keep_open_insert after insert on app.flows
  for each row execute function app_private.keep_open_flow();
create trigger keep_open_update after update of status on app.flows
  for each row when (old.status is distinct from new.status)
  execute function app_private.keep_open_flow();
create trigger keep_open_delete after delete on app.flows
  for each row execute function app_private.keep_open_flow();

-- What the watchdog did, counted by day: no client's data.
create table app_private.watchdog_counts (
  day date not null,
  finding text not null,
  action text not null,
  times bigint not null default 0,
  last_at timestamptz not null default now(),
  primary key (day, finding, action));
grant select on app_private.watchdog_counts to app_rw;
grant insert, update on app_private.watchdog_counts to app_worker;
"""


def upgrade() -> None:
    op.execute(SQL)
