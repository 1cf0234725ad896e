"""`landbridge tenancy prove --url`: against a deployment that runs, with a few of the attacks. All
of them are carried out by `.ci/run`.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from landbridge.assembly.platform import assemble
from landbridge.cli import prove
from landbridge.database import bootstrap
from landbridge.database.engine import Databases
from landbridge.proving import routes
from landbridge.proving.credentials import without_credentials
from landbridge.proving.outside import outside
from landbridge.proving.relations import prove_relations
from landbridge.proving.schema import Table
from landbridge.worker.runtime import running_worker
from tests.support.commands import Commands
from tests.support.http import serving

PEOPLE = text("select count(*) from app_private.users")
LEFT = """
  select (select count(*) from app.audit_entries), (select count(*) from app.audit_links),
         (select count(*) from app_private.audit_heads)"""
FEW = (without_credentials, outside)


def _some(table: Table) -> bool:
    return table.name in {"app.client_accounts", "app.engagements"}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_deployment_is_proved_and_nothing_stays(
    fresh_databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "ATTACKS", [a for a in routes.ATTACKS if a[1] in FEW])
    monkeypatch.setattr(prove, "prove_relations", partial(prove_relations, wanted=_some))
    landbridge = Commands.over(fresh_databases, tmp_path)
    platform = assemble(fresh_databases)
    with (
        serving(fresh_databases, types=platform.types) as url,
        running_worker(fresh_databases.worker, platform.types),
    ):
        done = landbridge("tenancy", "prove", "--url", url, "--json")
    result = done.json
    assert result["details"] == []
    assert (done.code, result["leaks"], result["notes"]) == (0, 0, [])
    assert result["deployment"] == url
    for counted, least in (("relations", 2), ("verbs", 12), ("routes", 150), ("ids", 50)):
        assert result[counted] >= least, counted
    assert result["requests"] > 1000
    assert result["disturbed_rows"] > 50
    assert landbridge("accounts", "list", "--json").json["accounts"] == []
    assert fresh_databases.owner is not None
    with fresh_databases.owner.begin() as connection:
        assert connection.execute(PEOPLE).scalar_one() <= 1  # the local user of the list above
    assert fresh_databases.admin_url is not None
    with bootstrap.connect(fresh_databases.admin_url) as opened:
        assert opened.execute(LEFT).fetchone() == (0, 0, 0)


def test_a_deployment_that_does_not_answer_is_an_error_of_the_environment(
    fresh_databases: Databases, tmp_path: Path
) -> None:
    landbridge = Commands.over(fresh_databases, tmp_path)
    done = landbridge("tenancy", "prove", "--url", "http://127.0.0.1:9", "--json")
    assert (done.code, done.json["error"]["code"]) == (3, "DEPLOYMENT_UNREACHABLE")
