"""Secrets that were stored in the clear are sealed by the migration; none is stored so again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import alembic.command
import psycopg
import pytest
from sqlalchemy import URL, Engine, create_engine, text

from landbridge.database import bootstrap, migrate, urls
from landbridge.identity import second_factor
from landbridge.kit.settings import Settings, settings
from landbridge.kit.vault import Vault
from landbridge.webhooks import secrets
from tests.support import server

BEFORE = "0019"
FACTOR = bytes(range(20))
SECRET = "whsec_" + "A" * 43 + "="
ROWS = """
insert into app_private.users (id, email, display_name)
  values ('00000000-0000-7000-8000-000000000001', 'ada@example.com', 'Ada');
insert into app_private.second_factors (user_id, secret, confirmed_at)
  values ('00000000-0000-7000-8000-000000000001', decode('{factor}', 'hex'), now());
alter table app_private.webhook_secrets disable trigger all;
insert into app_private.webhook_secrets (client_account_id, webhook_id, secret)
  values ('00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000003',
          '{secret}');
alter table app_private.webhook_secrets enable trigger all;
"""


@pytest.fixture
def before(worker_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[URL]:
    """A database as the release before left it, with secrets in the clear."""
    admin = server.template().set(database=f"landbridge_{worker_id}_before")
    with monkeypatch.context() as patch:
        upgrade = alembic.command.upgrade
        patch.setattr(alembic.command, "upgrade", lambda config, _: upgrade(config, BEFORE))
        bootstrap.bootstrap(admin)
    with psycopg.connect(urls.text(admin.set(drivername="postgresql")), autocommit=True) as c:
        c.execute(ROWS.format(factor=FACTOR.hex(), secret=SECRET).encode())
    monkeypatch.setenv("LANDBRIDGE_DATA_DIR", str(tmp_path))
    settings.cache_clear()
    yield admin
    settings.cache_clear()
    with bootstrap.connect(admin.set(database="postgres")) as connection:
        connection.execute(f"drop database {admin.database} with (force)".encode())


def stored(owner: Engine) -> tuple[bytes, str]:
    with owner.connect() as connection:
        factor = connection.execute(text("select secret from app_private.second_factors"))
        secret = connection.execute(text("select secret from app_private.webhook_secrets"))
        return bytes(factor.scalar_one()), str(secret.scalar_one())


def test_what_was_in_the_clear_is_sealed_and_can_be_sealed_anew(
    before: URL, tmp_path: Path
) -> None:
    migrate.upgrade(urls.owner_url(before))
    vault = Vault(Settings(data_dir=tmp_path))
    owner = create_engine(urls.owner_url(before))
    factor, secret = stored(owner)
    assert FACTOR not in factor
    assert "whsec_" not in secret
    assert vault.open(second_factor.FACTOR, factor) == FACTOR
    assert vault.open("webhook 00000000-0000-7000-8000-000000000003", secret.encode())
    vault.add_key()
    assert (second_factor.renew_seals(owner, vault), secrets.renew_seals(owner, vault)) == (1, 1)
    newest = Vault(Settings(data_dir=tmp_path, secrets_key=_first(tmp_path)))
    assert stored(owner) != (factor, secret)
    assert newest.open(second_factor.FACTOR, stored(owner)[0]) == FACTOR
    kept = second_factor.seals(owner) + secrets.seals(owner)
    stranger = Vault(Settings(data_dir=tmp_path / "another"))
    assert [(newest.opens(*it), stranger.opens(*it)) for it in kept] == [(True, False)] * 2
    for statement in (
        "update app_private.second_factors set secret = decode('00', 'hex')",
        "update app_private.webhook_secrets set secret = 'whsec_AAAA'",
    ):
        with pytest.raises(Exception, match="_sealed"), owner.begin() as connection:
            connection.execute(text(statement))
    owner.dispose()


def _first(directory: Path) -> str:
    return (directory / "secrets-key").read_text().split()[0]
