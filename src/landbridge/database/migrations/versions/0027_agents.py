"""What client accounts allow agents, what they may spend, and every question that was asked."""

from alembic import op

revision = "0027"
down_revision = "0026"

SQL = """
set local lock_timeout = '5s';

-- What an account allows; its admins set it. No row: agents are off.
create table app.agent_policies (
  client_account_id uuid not null references app.client_accounts (id),
  enabled boolean not null default false,
  share text not null default 'masked' check (share in ('names', 'masked', 'samples')),
  cache_days integer not null default 30 check (cache_days between 0 and 365),
  primary key (client_account_id));
select app_private.protect('app.agent_policies');
create trigger audit_insert after insert on app.agent_policies for each row
  execute function app_private.audit_row(
    'agent_policy', 'enabled share cache_days', '-', 'set', '-');
create trigger audit_update after update on app.agent_policies for each row
  execute function app_private.audit_row(
    'agent_policy', 'enabled share cache_days', '-', 'set', '-');
create trigger audit_delete after delete on app.agent_policies for each row
  execute function app_private.audit_row(
    'agent_policy', 'enabled share cache_days', '-', 'set', '-');

-- What an account may spend; only the owner writes here. Null: the deployment's setting.
create table app.agent_limits (
  client_account_id uuid not null references app.client_accounts (id),
  monthly_micros bigint check (monthly_micros >= 0),
  calls_per_minute integer check (calls_per_minute >= 0),
  primary key (client_account_id));
select app_private.protect('app.agent_limits');
revoke insert, update, delete on app.agent_limits from app_rw;
create trigger audit_insert after insert on app.agent_limits for each row
  execute function app_private.audit_row(
    'agent_limits', 'monthly_micros calls_per_minute', '-', 'set', '-');
create trigger audit_update after update on app.agent_limits for each row
  execute function app_private.audit_row(
    'agent_limits', 'monthly_micros calls_per_minute', '-', 'set', '-');
create trigger audit_delete after delete on app.agent_limits for each row
  execute function app_private.audit_row(
    'agent_limits', 'monthly_micros calls_per_minute', '-', 'set', '-');

-- One row for each question, also those that were not passed on. `cost_micros` is in millionths of
-- a US dollar: what is reserved while the question is out, then what it cost.
create table app.agent_calls (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  engagement_id uuid,
  flow_id uuid,
  phase text,
  task text not null,
  model text not null,
  content_hash bytea not null,
  outcome text not null check (outcome in ('asked', 'answered', 'cached', 'refused', 'denied')),
  code text,
  requests integer not null default 0,
  input_tokens bigint not null default 0,
  cached_tokens bigint not null default 0,
  output_tokens bigint not null default 0,
  cost_micros bigint not null default 0 check (cost_micros >= 0),
  milliseconds integer not null default 0,
  withheld integer not null default 0,
  answer jsonb,
  asked_at timestamptz not null default clock_timestamp(),
  primary key (client_account_id, id),
  foreign key (client_account_id, engagement_id)
    references app.engagements (client_account_id, id) on delete cascade);
create index on app.agent_calls (client_account_id, engagement_id);
create index on app.agent_calls (client_account_id, asked_at, id);
create index on app.agent_calls (client_account_id, content_hash) where outcome = 'answered';
select app_private.protect('app.agent_calls');
"""


def upgrade() -> None:
    op.execute(SQL)
