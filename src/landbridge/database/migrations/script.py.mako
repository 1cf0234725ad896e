"""${message}."""

from alembic import op

revision = "${up_revision}"
down_revision = ${repr(down_revision)}

SQL = """
set local lock_timeout = '5s';
"""


def upgrade() -> None:
    op.execute(SQL)
