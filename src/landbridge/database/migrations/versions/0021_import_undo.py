"""Imports can be undone: what an import is about to change is kept until then."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"

SQL = """
set local lock_timeout = '5s';
-- When the import last changed the inventory, and when that was taken back.
alter table app.imports add column applied_at timestamptz;
alter table app.imports add column withdrawn_at timestamptz;
alter table app.imports add column withdrawn_by uuid;

-- How things stood before an import changed them; `state` is null where there was nothing. What an
-- import only adds is found by its own marks: assets by their flow, observations by their import,
-- edges and links by the tables in their evidence.
create table app.import_before (
  client_account_id uuid not null references app.client_accounts (id),
  import_id uuid not null,
  kind text not null check (kind in ('observation', 'conflict', 'application', 'dependency')),
  subject uuid not null,
  detail text not null default '',
  state json,
  primary key (client_account_id, import_id, kind, subject, detail),
  foreign key (client_account_id, import_id) references app.imports (client_account_id, id)
    on delete cascade);
select app_private.protect('app.import_before');
"""


def upgrade() -> None:
    """Go forward."""
    op.execute(SQL)
