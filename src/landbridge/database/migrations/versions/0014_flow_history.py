"""Flow history: what an account's own past says about the time a flow takes."""

from alembic import op

revision = "0014"
down_revision = "0013"

SQL = """
set local lock_timeout = '5s';
create index flows_completed on app.flows (client_account_id, flow_type, finished_at desc)
  where status = 'completed' and parent_id is null;
"""


def upgrade() -> None:
    op.execute(SQL)
