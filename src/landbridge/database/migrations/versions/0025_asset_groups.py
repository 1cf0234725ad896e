"""Groups of assets that move together, as they were last worked out for an engagement."""

from __future__ import annotations

from alembic import op

revision = "0025"
down_revision = "0024"

SQL = """
set local lock_timeout = '5s';

-- What the groups of an engagement were made with; one row per engagement.
create table app.asset_groupings (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  engagement_id uuid not null,
  flow_id uuid not null,
  wanted integer not null check (wanted between 2 and 10000),
  resolution double precision not null,
  modularity double precision not null,
  assets integer not null,
  edges integer not null,
  groups integer not null,
  circles integer not null,
  made_at timestamptz not null default clock_timestamp(),
  primary key (client_account_id, id),
  unique (client_account_id, engagement_id),
  foreign key (client_account_id, engagement_id)
    references app.engagements (client_account_id, id) on delete cascade);
select app_private.protect('app.asset_groupings');

-- `number` is 1 for the largest group, and 0 for the shared services.
create table app.asset_groups (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  engagement_id uuid not null,
  grouping_id uuid not null,
  number integer not null check (number >= 0),
  kind text not null check (kind in ('group', 'shared')),
  name text not null,
  name_key text not null,
  size integer not null,
  circle integer not null,
  inside integer not null,
  outside integer not null,
  reasons jsonb not null default '[]',
  primary key (client_account_id, id),
  unique (client_account_id, engagement_id, number),
  foreign key (client_account_id, engagement_id)
    references app.engagements (client_account_id, id) on delete cascade,
  foreign key (client_account_id, grouping_id)
    references app.asset_groupings (client_account_id, id) on delete cascade);
create index on app.asset_groups (client_account_id, grouping_id);
select app_private.protect('app.asset_groups');

-- `circle` is the smallest asset of those that need each other; null where there are no others.
create table app.asset_group_members (
  client_account_id uuid not null references app.client_accounts (id),
  group_id uuid not null,
  asset_id uuid not null,
  circle uuid,
  confidence integer not null check (confidence between 0 and 1000),
  why text not null default '',
  primary key (client_account_id, group_id, asset_id),
  foreign key (client_account_id, group_id)
    references app.asset_groups (client_account_id, id) on delete cascade);
create index on app.asset_group_members (client_account_id, asset_id);
select app_private.protect('app.asset_group_members');

-- Edges from the assets of one group to those of another.
create table app.asset_group_edges (
  client_account_id uuid not null references app.client_accounts (id),
  from_group_id uuid not null,
  to_group_id uuid not null,
  edges integer not null,
  primary key (client_account_id, from_group_id, to_group_id),
  foreign key (client_account_id, from_group_id)
    references app.asset_groups (client_account_id, id) on delete cascade,
  foreign key (client_account_id, to_group_id)
    references app.asset_groups (client_account_id, id) on delete cascade);
create index on app.asset_group_edges (client_account_id, to_group_id);
select app_private.protect('app.asset_group_edges');

create trigger know_assets_insert after insert on app.asset_group_members
  referencing new table as written for each statement
  execute function app_private.know_assets('asset_id');
create trigger know_assets_update after update on app.asset_group_members
  referencing old table as before new table as written for each statement
  execute function app_private.know_assets('asset_id');
drop trigger forget_assets on app.assets;
create trigger forget_assets after delete on app.assets
  referencing old table as gone for each statement execute function app_private.forget_assets(
    'app.asset_keys', 'asset_id', 'app.asset_observations', 'asset_id',
    'app.asset_sources', 'asset_id', 'app.application_assets', 'asset_id',
    'app.dependencies', 'from_asset_id', 'app.dependencies', 'to_asset_id',
    'app.findings', 'asset_id', 'app.asset_group_members', 'asset_id');
"""


def upgrade() -> None:
    """Go forward."""
    op.execute(SQL)
