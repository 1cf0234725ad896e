"""Offboarding: erasures that are scheduled, and what remains of erased accounts."""

from alembic import op

revision = "0011"
down_revision = "0010"

SQL = """
set local lock_timeout = '5s';
create table app.offboardings (
  client_account_id uuid not null references app.client_accounts (id),
  requested_by uuid not null,
  requested_at timestamptz not null default now(),
  erase_at timestamptz not null,
  reason text not null check (length(reason) between 1 and 1000),
  primary key (client_account_id));
select app_private.protect('app.offboardings');
create trigger audit_insert after insert on app.offboardings for each row
  execute function app_private.audit_row('erasure', 'erase_at', '-', 'scheduled', '-');
create trigger audit_update after update on app.offboardings for each row
  execute function app_private.audit_row('erasure', 'erase_at', '-', 'scheduled', '-');
create trigger audit_delete after delete on app.offboardings for each row
  execute function app_private.audit_row('erasure', 'erase_at', '-', 'scheduled', '-');

-- Nothing new begins in an account that is about to be erased.
create function app_private.refuse_when_leaving() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp as $$
declare moment timestamptz;
begin
  select o.erase_at into moment from app.offboardings o
   where o.client_account_id = new.client_account_id;
  if found then
    raise exception 'the client account is about to be erased' using errcode = 'LB001',
      detail = jsonb_build_object('erase_at', to_char(moment at time zone 'UTC', 'YYYY-MM-DD'))::text;
  end if;
  return new;
end $$;
create trigger not_when_leaving before insert on app.flows for each row
  execute function app_private.refuse_when_leaving();
create trigger not_when_leaving before insert on app.imports for each row
  execute function app_private.refuse_when_leaving();

-- What is left of an account: its id, when it was erased, and how many rows each table had. The
-- reason waits here until the audit log has it.
create table app_private.erased_accounts (
  id uuid primary key,
  erased_at timestamptz not null default now(),
  rows jsonb not null,
  reason text,
  told boolean not null default false);
alter table app_private.erased_accounts enable row level security;
"""


def upgrade() -> None:
    op.execute(SQL)
