"""Four eyes are refused with a code of their own."""

from alembic import op

revision = "0015"
down_revision = "0014"

SQL = """
set local lock_timeout = '5s';
create or replace function app.require_four_eyes() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if new.status = 'approved' and (tg_op = 'INSERT' or old.status <> 'approved')
     and exists (select from app.client_accounts a
                  where a.id = new.client_account_id and a.four_eyes)
     and (new.decided_by is distinct from app.current_user_id()
          or exists (select from app.flows f
                      where f.client_account_id = new.client_account_id and f.id = new.flow_id
                        and f.created_by = new.decided_by)) then
    raise exception 'the approver started the flow' using errcode = 'LB003';
  end if;
  return new;
end $$;
"""


def upgrade() -> None:
    op.execute(SQL)
