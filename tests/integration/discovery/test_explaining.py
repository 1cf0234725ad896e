"""Everything that discovery says can be explained: rule, inputs, rows, facts, date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from landbridge.assembly.explaining import explain, explainers
from landbridge.database.engine import Databases
from landbridge.discovery.grounds import Grounds
from landbridge.discovery.techdebt import service as debts
from landbridge.discovery.techdebt.explaining import LOOKS_AT
from landbridge.discovery.techdebt.findings import FINDING_KINDS
from landbridge.errors.common import NotFound
from landbridge.identity.local import KEY_FILE
from landbridge.kit.ids import new_id
from tests.support.accounts import Account, make_account
from tests.support.commands import Commands
from tests.support.discovering import discover
from tests.support.http_fixtures import browser_of, client_of, server

__all__ = ["browser_of", "client_of", "server"]

SERVERS = """Name,Operating System,vCPUs,Memory (GB),IP Address,Environment,Application,Owner
web01,Windows Server 2008 R2,4,8,10.0.0.1,Production,Shop,Ada
db01,Red Hat Enterprise Linux 9.4,8,32,10.0.0.2,Production,Shop,Ada
"""
CMDB = """Name,Operating System,vCPUs,IP Address
web01,Windows Server 2008 R2,16,10.0.0.1
"""
RELATIONS = """Parent,Type,Child
web01,Depends on::Used by,db01
"""


@dataclass(frozen=True, slots=True)
class Known:
    """An account with a discovered estate."""

    databases: Databases
    account: Account

    def one(self, statement: str, **named: Any) -> Any:
        with self.databases.app.open(self.account.access) as session:
            return session.execute(text(statement), named).scalar_one()

    def why(self, asked: UUID, of: str | None = None, **named: Any) -> Grounds:
        with self.databases.app.open(self.account.access) as session:
            return explain(session, asked, of, **named)

    @property
    def web01(self) -> UUID:
        return UUID(str(self.one("select id from app.assets where name = 'web01'")))


@pytest.fixture(scope="module")
def known(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Known:
    account = make_account(databases)
    folder = tmp_path_factory.mktemp("files")
    for name, content in (("servers", SERVERS), ("cmdb", CMDB), ("relations", RELATIONS)):
        (folder / f"{name}.csv").write_text(content)
    discover(databases, account, sorted(folder.iterdir()))
    return Known(databases, account)


def test_a_finding_names_its_rule_the_cells_it_rests_on_and_the_dated_fact(known: Known) -> None:
    finding = known.one("select id from app.findings where code = 'OS_END_OF_LIFE'")
    why = known.why(finding)
    assert (why.kind, why.rule.id) == ("finding", "OS_END_OF_LIFE")
    assert why.arithmetic == "critical = 40 points of the asset's score while it is open"
    os_name = next(g for g in why.inputs if g.name == "os_name")
    assert os_name.value == "Windows Server"
    assert {(r.file, r.row) for r in os_name.rows} == {("cmdb.csv", 2), ("servers.csv", 2)}
    cell = os_name.rows[0].cells[0]
    assert (cell.column, cell.text) == ("Operating System", "Windows Server 2008 R2")
    (fact,) = why.facts
    assert fact.says.startswith("end of support 2020-01-14")
    assert fact.url
    assert fact.url.startswith("https://")
    assert fact.as_of
    assert why.dated == "First found"


def test_an_accepted_risk_says_who_accepted_it_and_why(known: Known) -> None:
    finding = known.one("select id from app.findings where code = 'OS_END_OF_LIFE'")
    with known.databases.app.open(known.account.access) as session:
        debts.accept(session, known.account.engagement_id, finding, "Replaced in May")
    why = known.why(finding)
    assert why.decision
    assert (why.decision.by, why.decision.reason) == (known.account.user_id, "Replaced in May")
    assert why.decision.name
    with known.databases.app.open(known.account.access) as session:
        debts.reopen(session, known.account.engagement_id, finding)


def test_the_score_of_an_asset_can_be_added_up_from_its_findings(known: Known) -> None:
    why = known.why(known.web01)
    assert (why.kind, why.rule.id) == ("score", "score.technical_debt")
    assert sum(g.value for g in why.inputs) == int(why.says.split()[0]) > 0
    assert all(known.why(g.id).kind == "finding" for g in why.inputs if g.id)


def test_an_attribute_names_the_rule_that_chose_it_and_every_row_that_states_it(
    known: Known,
) -> None:
    why = known.why(known.web01, "memory_gb")
    assert (why.kind, why.rule.id) == ("attribute", "authority.list")
    (row,) = why.inputs[0].rows
    assert (row.file, row.row, row.columns) == ("servers.csv", 2, ["Memory (GB)"])
    assert row.received_at
    assert known.why(known.web01, "asset_type").rule.id.startswith("type.")
    with pytest.raises(NotFound):
        known.why(known.web01, "no_such_attribute")


def test_a_conflict_lists_its_candidates_with_their_rows(known: Known) -> None:
    conflict = known.one("select id from app.asset_conflicts where attribute = 'cpu_cores'")
    why = known.why(conflict)
    assert (why.kind, why.rule.id) == ("conflict", "conflict.values")
    assert {(g.value, g.rows[0].file) for g in why.inputs} == {(4, "servers.csv"), (16, "cmdb.csv")}


def test_a_dependency_shows_its_evidence_and_recomputes_its_confidence(known: Known) -> None:
    why = known.why(known.one("select id from app.dependencies where kind = 'depends_on'"))
    assert why.kind == "dependency"
    evidence = why.inputs[0]
    assert (evidence.name, evidence.rows[0].file) == ("relation.depends_on", "relations.csv")
    assert why.arithmetic
    doubts = [float(share) for share in re.findall(r"\(1 - ([\d.]+)\)", why.arithmetic)]
    left = 1.0
    for share in doubts:
        left *= 1 - share
    assert why.confidence == pytest.approx(1 - left, abs=0.0006)


def test_a_mapping_and_an_application_are_explained(known: Known) -> None:
    mapping = known.one(
        "select m.id from app.column_mappings m where m.column_name = 'vCPUs' limit 1"
    )
    why = known.why(mapping)
    assert why.kind == "mapping"
    assert why.says.startswith("The column is cpu_cores")
    assert any(g.name == "evidence" and g.words for g in why.inputs)
    why = known.why(known.one("select id from app.applications where name = 'Shop'"))
    assert why.kind == "application"
    assert {g.value for g in why.inputs} == {"web01", "db01"}
    assert why.inputs[0].rows[0].file == "servers.csv"


def test_what_is_not_there_is_not_found(known: Known) -> None:
    with pytest.raises(NotFound):
        known.why(new_id())
    with pytest.raises(NotFound):
        known.why(known.web01, engagement_id=new_id())


def test_another_account_finds_nothing(known: Known, make_account: Any) -> None:
    stranger = Known(known.databases, make_account())
    for asked in (known.web01, known.one("select id from app.findings limit 1")):
        with pytest.raises(NotFound):
            stranger.why(asked)


def test_every_finding_kind_says_what_it_looks_at() -> None:
    assert set(LOOKS_AT) == set(FINDING_KINDS)
    kinds = [e.kind for e in explainers()]
    assert len(kinds) == len(set(kinds))


def test_api_page_and_command_tell_the_same(
    known: Known, client_of: Any, browser_of: Any, tmp_path: Path
) -> None:
    finding = known.one("select id from app.findings where code = 'OS_END_OF_LIFE'")
    api: httpx.Client = client_of(known.account)
    told = api.get(f"/explanations/{finding}").json()
    assert told["rule"]["id"] == "OS_END_OF_LIFE"
    answer = api.get(f"/explanations/{new_id()}")
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
    a, e = known.account.client_account_id, known.account.engagement_id
    root = f"/accounts/{a}/engagements/{e}"
    browser: httpx.Client = browser_of(known.account)
    page = browser.get(f"{root}/why/{finding}").text
    assert told["rule"]["words"] in page
    assert "Windows Server 2008 R2" in page
    assert f"/why/{finding}" in browser.get(f"{root}/findings").text
    assert browser.get(f"{root}/why/{known.web01}?of=memory_gb").status_code == 200
    (tmp_path / KEY_FILE).write_text(known.account.api_key)
    landbridge = Commands.over(known.databases, tmp_path)
    assert landbridge("explain", finding, "--json").json == told
    assert "servers.csv" in landbridge("explain", known.web01, "--of", "memory_gb").out
    done = landbridge("explain", new_id(), "--json")
    assert (done.code, done.json["error"]["code"]) == (1, "NOT_FOUND")
