"""Migration strategies: the rules of an account, and what is recommended and decided."""

from __future__ import annotations

from alembic import op

revision = "0026"
down_revision = "0025"

SQL = """
set local lock_timeout = '5s';
-- Versions of an account's rules; the newest counts. No text: the rules that are shipped.
create table app.strategy_rules (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  version int not null check (version > 0),
  content text,
  note text not null default '',
  created_by uuid not null,
  created_at timestamptz not null default now(),
  primary key (client_account_id, id),
  unique (client_account_id, version));

-- What is recommended for an application, or for an asset without one. A run writes what it
-- recommends; `decided_*` belong to people, and no run touches them.
create table app.recommendations (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  engagement_id uuid not null,
  application_id uuid,
  asset_id uuid,
  subject uuid not null generated always as (coalesce(application_id, asset_id)) stored,
  strategy text check (strategy in
    ('retain', 'retire', 'rehost', 'relocate', 'replatform', 'refactor', 'repurchase')),
  confidence int not null check (confidence between 0 and 1000),
  rule text,
  arithmetic text not null,
  rules_version int not null check (rules_version >= 0),
  facts jsonb not null default '{}',
  alternatives jsonb not null default '[]',
  missing jsonb not null default '[]',
  flow_id uuid not null,
  assessed_at timestamptz not null default now(),
  decided_strategy text check (decided_strategy in
    ('retain', 'retire', 'rehost', 'relocate', 'replatform', 'refactor', 'repurchase')),
  decided_by uuid,
  decided_at timestamptz,
  decision_reason text,
  primary key (client_account_id, id),
  unique (client_account_id, engagement_id, subject),
  check (num_nonnulls(application_id, asset_id) = 1),
  check ((strategy is null) = (rule is null)),
  check (num_nulls(decided_strategy, decided_at, decision_reason) in (0, 3)),
  foreign key (client_account_id, engagement_id) references app.engagements (client_account_id, id),
  foreign key (client_account_id, application_id) references app.applications (client_account_id, id)
    on delete cascade,
  foreign key (client_account_id, asset_id) references app.assets (client_account_id, id)
    on delete cascade);
create index recommendations_application on app.recommendations (client_account_id, application_id);
create index recommendations_asset on app.recommendations (client_account_id, asset_id);

select app_private.protect(t) from unnest(array[
  'app.strategy_rules', 'app.recommendations']::regclass[]) t;

create trigger audit_insert after insert on app.strategy_rules for each row
  execute function app_private.audit_row('strategy_rules', 'version note', 'version', 'set', '-');
create trigger audit_update after update on app.recommendations for each row
  when ((old.decided_strategy, old.decided_by, old.decision_reason)
        is distinct from (new.decided_strategy, new.decided_by, new.decision_reason))
  execute function app_private.audit_row(
    'strategy', 'decided_strategy application_id asset_id', '-', 'created', '-');
"""


def upgrade() -> None:
    """Go forward."""
    op.execute(SQL)
