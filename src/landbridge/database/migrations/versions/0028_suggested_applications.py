"""Applications suggested for assets without one, and what people decided about them."""

from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0027"

SQL = """
set local lock_timeout = '5s';
-- A run replaces what nobody decided; what was decided stays.
create table app.suggested_applications (
  client_account_id uuid not null references app.client_accounts (id),
  id uuid not null,
  engagement_id uuid not null,
  asset_id uuid not null,
  application_id uuid not null,
  confidence int not null check (confidence between 0 and 1000),
  next_best int not null check (next_best between 0 and 1000),
  reasons jsonb not null default '[]',
  flow_id uuid not null,
  suggested_at timestamptz not null default now(),
  status text not null default 'suggested' check (status in ('suggested', 'confirmed', 'rejected')),
  decided_by uuid,
  decided_at timestamptz,
  primary key (client_account_id, id),
  unique (client_account_id, engagement_id, asset_id, application_id),
  check ((status = 'suggested') = (decided_at is null)),
  foreign key (client_account_id, engagement_id)
    references app.engagements (client_account_id, id) on delete cascade,
  foreign key (client_account_id, application_id)
    references app.applications (client_account_id, id) on delete cascade,
  foreign key (client_account_id, asset_id)
    references app.assets (client_account_id, id) on delete cascade);
create index on app.suggested_applications (client_account_id, application_id);
create index on app.suggested_applications (client_account_id, asset_id);
select app_private.protect('app.suggested_applications');

create trigger audit_update after update on app.suggested_applications for each row
  when (old.status is distinct from new.status)
  execute function app_private.audit_row(
    'application_suggestion', 'status application_id asset_id', '-', 'created', 'status');
"""


def upgrade() -> None:
    """Go forward."""
    op.execute(SQL)
