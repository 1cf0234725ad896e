"""Rows that belong to an asset or an engagement belong to an account through it: a second foreign
key to the account checked each of millions of rows once more for the same answer.
"""

from alembic import op

revision = "0022"
down_revision = "0021"

SQL = """
set local lock_timeout = '5s';
alter table app.asset_keys drop constraint asset_keys_client_account_id_fkey;
alter table app.asset_observations drop constraint asset_observations_client_account_id_fkey;
alter table app.asset_sources drop constraint asset_sources_client_account_id_fkey;
alter table app.asset_components drop constraint asset_components_client_account_id_fkey;
alter table app.asset_conflicts drop constraint asset_conflicts_client_account_id_fkey;
alter table app.application_assets drop constraint application_assets_client_account_id_fkey;
alter table app.dependencies drop constraint dependencies_client_account_id_fkey;
alter table app.findings drop constraint findings_client_account_id_fkey;
"""


def upgrade() -> None:
    op.execute(SQL)
