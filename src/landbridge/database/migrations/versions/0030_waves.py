"""Waves: the plan of an engagement, its waves, and what moves in each."""

from __future__ import annotations

from alembic import op

revision = "0030"
down_revision = "0029"

SQL = """
set local lock_timeout = '5s';
-- The plan of an engagement; the newest replaces the one before.
create table app.wave_plans (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  engagement_id uuid not null,
  flow_id uuid not null,
  settings jsonb not null default '{}',
  hash text not null,
  waves int not null check (waves >= 0),
  items int not null check (items >= 0),
  assets int not null check (assets >= 0),
  staying int not null check (staying >= 0),
  edges int not null check (edges >= 0),
  violations jsonb not null default '[]',
  violations_total int not null check (violations_total >= 0),
  made_at timestamptz not null default now(),
  primary key (client_account_id, id),
  unique (client_account_id, engagement_id),
  foreign key (client_account_id, engagement_id)
    references app.engagements (client_account_id, id) on delete cascade);

-- Number 0 holds what does not move.
create table app.waves (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  engagement_id uuid not null,
  plan_id uuid not null,
  number int not null check (number >= 0),
  items int not null check (items >= 0),
  assets int not null check (assets >= 0),
  first_day date,
  last_day date,
  primary key (client_account_id, id),
  unique (client_account_id, plan_id, number),
  check (num_nulls(first_day, last_day) in (0, 2)),
  foreign key (client_account_id, engagement_id)
    references app.engagements (client_account_id, id) on delete cascade,
  foreign key (client_account_id, plan_id)
    references app.wave_plans (client_account_id, id) on delete cascade);

-- One environment of an application, or an asset without application, in its wave.
create table app.wave_items (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  engagement_id uuid not null,
  wave_id uuid not null,
  application_id uuid,
  asset_id uuid,
  environment text not null,
  name text not null,
  name_key text not null,
  assets int not null check (assets >= 0),
  criticality text check (criticality in ('low', 'medium', 'high', 'critical')),
  strategy text check (strategy in
    ('retain', 'retire', 'rehost', 'relocate', 'replatform', 'refactor', 'repurchase')),
  unit text not null,
  reasons jsonb not null default '[]',
  primary key (client_account_id, id),
  check (num_nonnulls(application_id, asset_id) = 1),
  foreign key (client_account_id, engagement_id)
    references app.engagements (client_account_id, id) on delete cascade,
  foreign key (client_account_id, wave_id)
    references app.waves (client_account_id, id) on delete cascade,
  foreign key (client_account_id, application_id)
    references app.applications (client_account_id, id) on delete cascade,
  foreign key (client_account_id, asset_id)
    references app.assets (client_account_id, id) on delete cascade);
create index on app.wave_items (client_account_id, wave_id);
create index on app.wave_items (client_account_id, engagement_id);
create index on app.wave_items (client_account_id, application_id);
create index on app.wave_items (client_account_id, asset_id);
create index on app.waves (client_account_id, engagement_id);

create table app.wave_assets (
  client_account_id uuid not null references app.client_accounts (id),
  item_id uuid not null,
  asset_id uuid not null,
  primary key (client_account_id, item_id, asset_id),
  foreign key (client_account_id, item_id)
    references app.wave_items (client_account_id, id) on delete cascade,
  foreign key (client_account_id, asset_id)
    references app.assets (client_account_id, id) on delete cascade);
create index on app.wave_assets (client_account_id, asset_id);

select app_private.protect(t) from unnest(array[
  'app.wave_plans', 'app.waves', 'app.wave_items', 'app.wave_assets']::regclass[]) t;
"""


def upgrade() -> None:
    """Go forward."""
    op.execute(SQL)
