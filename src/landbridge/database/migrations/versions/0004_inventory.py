"""Inventory: assets with identity and provenance, conflicts, dependencies, findings."""

from alembic import op

revision = "0004"
down_revision = "0003"

SQL = """
set local lock_timeout = '5s';
create table app.assets (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  engagement_id uuid not null,
  asset_type text not null check (asset_type in
    ('server', 'virtual_machine', 'hypervisor_host', 'cluster', 'database', 'network_device',
     'storage', 'workstation', 'container', 'service', 'other')),
  name text not null,
  name_key text collate "C" not null generated always as (lower(name)) stored,
  environment text not null default 'unknown' check (environment in
    ('production', 'staging', 'test', 'development', 'disaster_recovery', 'training', 'unknown')),
  criticality text check (criticality in ('low', 'medium', 'high', 'critical')),
  os_name text,
  os_version text,
  cpu_cores int,
  memory_mb bigint,
  storage_mb bigint,
  power_state text,
  status text,
  attributes jsonb not null default '{}',
  provenance jsonb not null default '{}',
  content_hash bytea not null,
  first_seen_flow_id uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (client_account_id, id),
  foreign key (client_account_id, engagement_id) references app.engagements (client_account_id, id));
-- Plain columns: under row-level security an index on an expression cannot be searched.
create index assets_name on app.assets (client_account_id, engagement_id, name_key, id);
create index assets_type on app.assets (client_account_id, engagement_id, asset_type, name_key, id);
create index assets_environment on app.assets
  (client_account_id, engagement_id, environment, name_key, id);

-- The identity keys of an asset; the same function in code writes and looks them up.
create table app.asset_keys (
  client_account_id uuid not null references app.client_accounts (id),
  engagement_id uuid not null,
  kind text not null,
  value text not null,
  asset_id uuid not null,
  primary key (client_account_id, engagement_id, kind, value, asset_id),
  foreign key (client_account_id, asset_id) references app.assets (client_account_id, id) on delete cascade);
create index asset_keys_asset on app.asset_keys (client_account_id, asset_id);

-- What each source says about an asset; the asset is a function of these and of decisions.
create table app.asset_observations (
  client_account_id uuid not null references app.client_accounts (id),
  asset_id uuid not null,
  source text not null,
  digest bytea not null check (length(digest) = 16),
  import_id uuid not null,
  import_table_id uuid not null,
  row_number bigint not null,
  body json not null,
  origins json,
  primary key (client_account_id, asset_id, source, digest),
  foreign key (client_account_id, asset_id) references app.assets (client_account_id, id) on delete cascade);

create index asset_observations_content on app.asset_observations (client_account_id, source, digest);

-- Which source rows an asset was made from.
create table app.asset_sources (
  client_account_id uuid not null references app.client_accounts (id),
  asset_id uuid not null,
  import_table_id uuid not null,
  row_number bigint not null,
  primary key (client_account_id, asset_id, import_table_id, row_number),
  foreign key (client_account_id, asset_id) references app.assets (client_account_id, id) on delete cascade,
  foreign key (client_account_id, import_table_id) references app.import_tables (client_account_id, id)
    on delete cascade);
create index asset_sources_table on app.asset_sources (client_account_id, import_table_id, row_number);

-- Disks, network adapters and partitions: all of them, never collapsed.
create table app.asset_components (
  client_account_id uuid not null references app.client_accounts (id),
  asset_id uuid not null,
  kind text not null check (kind in ('disk', 'nic', 'partition', 'software')),
  name text not null,
  attributes jsonb not null default '{}',
  primary key (client_account_id, asset_id, kind, name),
  foreign key (client_account_id, asset_id) references app.assets (client_account_id, id) on delete cascade);

-- Sources disagree about an attribute; the attribute 'identity' holds possible duplicates.
create table app.asset_conflicts (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  engagement_id uuid not null,
  asset_id uuid not null,
  attribute text not null,
  candidates jsonb not null,
  chosen jsonb,
  status text not null default 'open' check (status in ('open', 'resolved')),
  decided_by uuid,
  decided_at timestamptz,
  primary key (client_account_id, id),
  unique (client_account_id, asset_id, attribute),
  foreign key (client_account_id, asset_id) references app.assets (client_account_id, id) on delete cascade);
create index asset_conflicts_list on app.asset_conflicts (client_account_id, engagement_id, status, id);

create table app.applications (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  engagement_id uuid not null,
  name text not null,
  name_key text not null,
  attributes jsonb not null default '{}',
  primary key (client_account_id, id),
  unique (client_account_id, engagement_id, name_key),
  foreign key (client_account_id, engagement_id) references app.engagements (client_account_id, id));
create table app.application_assets (
  client_account_id uuid not null references app.client_accounts (id),
  application_id uuid not null,
  asset_id uuid not null,
  evidence jsonb not null default '[]',
  primary key (client_account_id, application_id, asset_id),
  foreign key (client_account_id, application_id) references app.applications (client_account_id, id)
    on delete cascade,
  foreign key (client_account_id, asset_id) references app.assets (client_account_id, id) on delete cascade);
create index application_assets_asset on app.application_assets (client_account_id, asset_id);

create table app.dependencies (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  engagement_id uuid not null,
  from_asset_id uuid not null,
  to_asset_id uuid not null,
  kind text not null check (kind in
    ('depends_on', 'runs_on', 'connects_to', 'member_of', 'related_to')),
  port int not null default 0 check (port between 0 and 65535),
  protocol text not null default '',
  confidence int not null check (confidence between 0 and 1000),
  observations bigint not null default 1,
  evidence jsonb not null default '[]',
  status text not null default 'suggested' check (status in ('suggested', 'confirmed', 'rejected')),
  primary key (client_account_id, id),
  unique (client_account_id, engagement_id, from_asset_id, to_asset_id, kind, port, protocol),
  check (from_asset_id <> to_asset_id),
  foreign key (client_account_id, engagement_id) references app.engagements (client_account_id, id),
  foreign key (client_account_id, from_asset_id) references app.assets (client_account_id, id) on delete cascade,
  foreign key (client_account_id, to_asset_id) references app.assets (client_account_id, id) on delete cascade);
create index dependencies_list on app.dependencies (client_account_id, engagement_id, id);
create index dependencies_from on app.dependencies (client_account_id, from_asset_id);
create index dependencies_to on app.dependencies (client_account_id, to_asset_id);

create table app.findings (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  engagement_id uuid not null,
  asset_id uuid,
  code text not null,
  severity text not null check (severity in ('info', 'low', 'medium', 'high', 'critical')),
  title text not null,
  detail text not null,
  remedy text not null,
  data jsonb not null default '{}',
  cache_key text not null,
  status text not null default 'open' check (status in ('open', 'accepted', 'resolved')),
  decided_by uuid,
  decided_at timestamptz,
  decision_reason text,
  created_at timestamptz not null default now(),
  primary key (client_account_id, id),
  unique (client_account_id, engagement_id, cache_key),
  check ((status = 'accepted') <= (decision_reason is not null)),
  foreign key (client_account_id, engagement_id) references app.engagements (client_account_id, id),
  foreign key (client_account_id, asset_id) references app.assets (client_account_id, id) on delete cascade);
create index findings_asset on app.findings (client_account_id, asset_id);
create index findings_severity on app.findings (client_account_id, engagement_id, severity, code);

select app_private.protect(t) from unnest(array[
  'app.assets', 'app.asset_keys', 'app.asset_observations', 'app.asset_sources', 'app.asset_components',
  'app.asset_conflicts', 'app.applications', 'app.application_assets', 'app.dependencies',
  'app.findings']::regclass[]) t;
"""


def upgrade() -> None:
    op.execute(SQL)
