"""Edits of assets by hand: what was set on which, and taking it back."""

from __future__ import annotations

from alembic import op

revision = "0029"
down_revision = "0028"

SQL = """
set local lock_timeout = '5s';
create table app.inventory_edits (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  engagement_id uuid not null,
  changes jsonb not null,
  selection jsonb not null,
  reason text,
  assets int not null check (assets >= 0),
  status text not null default 'made' check (status in ('made', 'undone')),
  created_by uuid not null,
  created_at timestamptz not null default now(),
  undone_by uuid,
  undone_at timestamptz,
  restored int check (restored >= 0),
  kept int check (kept >= 0),
  primary key (client_account_id, id),
  check ((status = 'undone') = (undone_at is not null)),
  foreign key (client_account_id, engagement_id)
    references app.engagements (client_account_id, id) on delete cascade);
create index on app.inventory_edits (client_account_id, engagement_id, id);
select app_private.protect('app.inventory_edits');

-- A value is in force while its state is current: the newest edit's that is not undone.
create table app.inventory_edit_values (
  client_account_id uuid not null references app.client_accounts (id),
  edit_id uuid not null,
  asset_id uuid not null,
  attribute text not null,
  before jsonb,
  value jsonb,
  state text not null default 'current' check (state in ('current', 'overtaken', 'undone')),
  primary key (client_account_id, edit_id, asset_id, attribute),
  foreign key (client_account_id, edit_id)
    references app.inventory_edits (client_account_id, id) on delete cascade,
  foreign key (client_account_id, asset_id)
    references app.assets (client_account_id, id) on delete cascade);
create index on app.inventory_edit_values (client_account_id, asset_id, attribute);
create unique index inventory_edit_values_current
  on app.inventory_edit_values (client_account_id, asset_id, attribute) where state = 'current';
select app_private.protect('app.inventory_edit_values');

create trigger audit_insert after insert on app.inventory_edits for each row
  execute function app_private.audit_row(
    'inventory_edit', 'changes selection assets', '-', 'made', '-');
create trigger audit_update after update on app.inventory_edits for each row
  when (old.status is distinct from new.status)
  execute function app_private.audit_row(
    'inventory_edit', 'status restored kept', '-', 'made', 'status');
"""


def upgrade() -> None:
    """Go forward."""
    op.execute(SQL)
