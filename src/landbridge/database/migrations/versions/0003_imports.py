"""Imports: original files, verbatim rows, issues, column mappings, value lineage."""

from alembic import op

revision = "0003"
down_revision = "0002"

SQL = """
set local lock_timeout = '5s';
-- Original files, content-addressed inside one account, in pieces of at most 1 MiB.
create table app.stored_files (
  client_account_id uuid not null references app.client_accounts (id),
  sha256 bytea not null check (length(sha256) = 32),
  size_bytes bigint not null check (size_bytes >= 0),
  created_at timestamptz not null default now(),
  primary key (client_account_id, sha256));
create table app.file_pieces (
  client_account_id uuid not null references app.client_accounts (id),
  sha256 bytea not null,
  ordinal int not null,
  data bytea not null,
  primary key (client_account_id, sha256, ordinal),
  foreign key (client_account_id, sha256) references app.stored_files (client_account_id, sha256)
    on delete cascade);
alter table app.file_pieces alter column data set storage external;

create table app.imports (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  engagement_id uuid not null,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  primary key (client_account_id, id),
  foreign key (client_account_id, engagement_id) references app.engagements (client_account_id, id));
create index imports_engagement on app.imports (client_account_id, engagement_id, created_at desc);

create table app.import_files (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  import_id uuid not null,
  ordinal int not null,
  name text not null,
  sha256 bytea not null,
  options jsonb not null default '{}',
  status text not null default 'received' check (status in ('received', 'read', 'failed')),
  problem jsonb,
  primary key (client_account_id, id),
  unique (client_account_id, import_id, ordinal),
  foreign key (client_account_id, import_id) references app.imports (client_account_id, id) on delete cascade,
  foreign key (client_account_id, sha256) references app.stored_files (client_account_id, sha256));
create index import_files_content on app.import_files (client_account_id, sha256);

-- One table per sheet, CSV file or JSON array.
create table app.import_tables (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  import_file_id uuid not null,
  ordinal int not null,
  name text not null,
  source text,
  role text check (role in
    ('assets', 'applications', 'disks', 'nics', 'partitions', 'software', 'details', 'relations',
     'connections', 'reference')),
  encoding text,
  delimiter text,
  header_row int not null,
  columns jsonb not null,
  rows_in bigint not null default 0,
  rows_stored bigint not null default 0,
  rows_with_issues bigint not null default 0,
  primary key (client_account_id, id),
  unique (client_account_id, import_file_id, ordinal),
  foreign key (client_account_id, import_file_id) references app.import_files (client_account_id, id)
    on delete cascade);

-- Verbatim rows: zstd-compressed chunks of JSON lines [row_number, [cell, ...]].
create table app.source_rows (
  client_account_id uuid not null references app.client_accounts (id),
  import_table_id uuid not null,
  first_row bigint not null,
  last_row bigint not null,
  row_count int not null,
  data bytea not null,
  primary key (client_account_id, import_table_id, first_row),
  foreign key (client_account_id, import_table_id) references app.import_tables (client_account_id, id)
    on delete cascade);
alter table app.source_rows alter column data set storage external;

create table app.row_issues (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  import_table_id uuid not null,
  phase text not null,
  row_number bigint not null,
  column_name text,
  value text,
  code text not null,
  severity text not null check (severity in ('info', 'warning', 'error')),
  detail text not null,
  primary key (client_account_id, id),
  foreign key (client_account_id, import_table_id) references app.import_tables (client_account_id, id)
    on delete cascade);
create index row_issues_table on app.row_issues (client_account_id, import_table_id, row_number);

create table app.column_mappings (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  import_table_id uuid not null,
  ordinal int not null,
  column_name text not null,
  target text not null check (target in ('attribute', 'custom', 'ignore')),
  attribute text,
  confidence int not null check (confidence between 0 and 1000),
  evidence jsonb not null default '[]',
  alternatives jsonb not null default '[]',
  samples jsonb not null default '[]',
  status text not null default 'suggested' check (status in ('suggested', 'approved')),
  decided_by uuid,
  decided_automatically boolean not null default false,
  decided_at timestamptz,
  primary key (client_account_id, id),
  unique (client_account_id, import_table_id, ordinal),
  check ((target = 'attribute') = (attribute is not null)),
  foreign key (client_account_id, import_table_id) references app.import_tables (client_account_id, id)
    on delete cascade);

-- What people decided, by normalised column name; used before everything else.
create table app.learned_mappings (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  column_key text not null,
  source text not null default '',
  target text not null check (target in ('attribute', 'custom', 'ignore')),
  attribute text,
  decided_by uuid not null,
  created_at timestamptz not null default now(),
  primary key (client_account_id, id),
  unique (client_account_id, column_key, source));

-- How each mapped column was read, and what became of its values.
create table app.cleansed_columns (
  client_account_id uuid not null references app.client_accounts (id),
  import_table_id uuid not null,
  ordinal int not null,
  column_name text not null,
  attribute text not null,
  hints jsonb not null,
  trust int not null,
  filled bigint not null,
  distinct_values bigint,
  changed bigint not null,
  unusable bigint not null,
  rules jsonb not null,
  primary key (client_account_id, import_table_id, ordinal),
  foreign key (client_account_id, import_table_id) references app.import_tables (client_account_id, id)
    on delete cascade);

-- Lineage, per distinct value: raw text, typed values, the rule that made them. Of a column
-- with very many distinct values only the first are listed; the rule and the hints of the
-- column give the others again.
create table app.cleansed_values (
  client_account_id uuid not null references app.client_accounts (id),
  import_table_id uuid not null,
  ordinal int not null,
  raw_hash bytea not null,
  raw text not null,
  clean jsonb not null,
  rule text not null,
  issue text,
  occurrences bigint not null,
  primary key (client_account_id, import_table_id, ordinal, raw_hash),
  foreign key (client_account_id, import_table_id, ordinal)
    references app.cleansed_columns (client_account_id, import_table_id, ordinal) on delete cascade);

select app_private.protect(t) from unnest(array[
  'app.stored_files', 'app.file_pieces', 'app.imports', 'app.import_files', 'app.import_tables',
  'app.source_rows', 'app.row_issues', 'app.column_mappings', 'app.learned_mappings',
  'app.cleansed_columns', 'app.cleansed_values']::regclass[]) t;
"""


def upgrade() -> None:
    op.execute(SQL)
