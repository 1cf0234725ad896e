"""What operators watch: numbers about all accounts together, and the circuits of outside services."""

from alembic import op

revision = "0016"
down_revision = "0015"

SQL = """
set local lock_timeout = '5s';

-- Whether an outside service is asked at all, the same for every process. No client's data.
create table app_private.circuits (
  provider text primary key check (provider ~ '^[a-z0-9][a-z0-9._:-]{0,79}$'),
  state text not null default 'closed' check (state in ('closed', 'open', 'half_open')),
  failures int not null default 0,
  window_ends timestamptz not null default clock_timestamp(),
  openings int not null default 0,
  open_until timestamptz not null default '-infinity',
  probe_until timestamptz not null default '-infinity',
  last_code text,
  changed_at timestamptz not null default clock_timestamp());
grant select, insert, update on app_private.circuits to app_rw, app_worker;

-- Counts over all accounts, without a name or id of any.
create function app.gauges() returns table (name text, labels text[], value double precision)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query select 'flows', array[s.status], count(f.status)::float8
    from unnest(array['initialized', 'running', 'waiting', 'paused']) s(status)
    left join app_private.open_flows f on f.status = s.status group by s.status;
  return query select 'workers', '{}'::text[],
      count(*) filter (where l.lease_until >= clock_timestamp())::float8
    from app_private.executor_leases l;
  return query select 'worker_heartbeat_age_seconds', '{}'::text[],
      greatest(0, max(extract(epoch from clock_timestamp() - l.lease_until)) + 6)::float8
    from app_private.executor_leases l having count(*) > 0;
  return query select 'webhook_queue', '{}'::text[], count(*)::float8
    from app_private.webhook_queue q;
  return query select 'webhook_oldest_due_seconds', '{}'::text[], coalesce(greatest(0,
      extract(epoch from clock_timestamp() - min(q.due_at))), 0)::float8
    from app_private.webhook_queue q where q.due_at <= clock_timestamp()
     and coalesce(q.leased_until, '-infinity') < clock_timestamp();
  return query select 'audit_chains_unsigned', '{}'::text[], count(*)::float8
    from app_private.audit_heads h where h.seq > h.checkpointed;
  return query select 'circuit_open', array[c.provider], (c.state <> 'closed')::int::float8
    from app_private.circuits c;
end $$;
revoke execute on function app.gauges() from public;
grant execute on function app.gauges() to app_rw;
"""


def upgrade() -> None:
    op.execute(SQL)
