"""Workers say with their lease which flow types, phases and gates they have code for."""

from alembic import op

revision = "0019"
down_revision = "0018"

SQL = """
set local lock_timeout = '5s';
alter table app_private.executor_leases add column abilities jsonb;
"""


def upgrade() -> None:
    op.execute(SQL)
