"""Idempotency keys: the answers of creating requests, kept for 24 hours."""

from alembic import op

revision = "0005"
down_revision = "0004"

SQL = """
set local lock_timeout = '5s';
create table app.idempotency_keys (
  client_account_id uuid not null references app.client_accounts (id),
  user_id uuid not null,
  key text not null check (length(key) between 1 and 200),
  operation text not null,
  request_hash bytea not null check (length(request_hash) = 32),
  status int not null,
  body jsonb not null,
  created_at timestamptz not null default now(),
  primary key (client_account_id, user_id, key, operation));
create index idempotency_keys_age on app.idempotency_keys (client_account_id, created_at);
select app_private.protect('app.idempotency_keys');
"""


def upgrade() -> None:
    op.execute(SQL)
