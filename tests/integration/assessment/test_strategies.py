"""The assessment flow recommends a strategy for everything, and keeps what people decided."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from landbridge.assembly.explaining import explain
from landbridge.assembly.platform import assemble
from landbridge.assessment.sixr import queries, rulebooks, service
from landbridge.assessment.sixr.errors import NothingToAssess, StrategyRulesInvalid
from landbridge.assessment.sixr.phase import StrategyRecommendation
from landbridge.assessment.sixr.queries import RecommendationRow
from landbridge.assessment.sixr.rules import shipped_text
from landbridge.assessment.sixr.strategies import Strategy
from landbridge.database.engine import Databases
from landbridge.database.listing import Wanted
from landbridge.discovery.grounds import Grounds
from landbridge.errors.common import NotFound
from landbridge.identity.local import KEY_FILE
from landbridge.kit.ids import new_id
from tests.support.accounts import Account, make_account
from tests.support.commands import Commands
from tests.support.discovering import discover, finish
from tests.support.http_fixtures import browser_of, client_of, server
from tests.support.phases import run_phase

__all__ = ["browser_of", "client_of", "server"]

SERVERS = """Name,Operating System,vCPUs,Environment,Application,Power State,Migration Strategy
web01,Windows Server 2008 R2,4,Production,Shop,on,
db01,Red Hat Enterprise Linux 9.4,8,Production,Shop,on,
app01,Red Hat Enterprise Linux 9.4,8,Production,Payroll,on,
mail01,Windows Server 2022,8,Production,Microsoft Exchange,on,
crm01,Windows Server 2022,8,Production,Ledger,on,Retain
off01,Windows Server 2022,2,Test,,off,
dark01,,2,Test,,on,
unix01,IBM AIX 7.2,2,Test,Billing,on,
"""
RELATIONS = """Parent,Type,Child
web01,Depends on::Used by,db01
app01,Depends on::Used by,web01
"""


@dataclass(frozen=True, slots=True)
class Assessed:
    """An account whose estate was discovered and assessed."""

    databases: Databases
    account: Account

    def call(self, function: Any, *arguments: Any) -> Any:
        with self.databases.app.open(self.account.access) as session:
            return function(session, self.account.engagement_id, *arguments)

    def rules(self, function: Any, *arguments: Any) -> Any:
        with self.databases.app.open(self.account.access) as session:
            return function(session, *arguments)

    def listed(self) -> dict[str, RecommendationRow]:
        page = self.call(queries.recommendations, Wanted(limit=100))
        return {row.name: row for row in page.items}

    def why(self, asked: UUID) -> Grounds:
        return self.rules(explain, asked)

    def assess(self) -> Any:
        return run_phase(self.databases, self.account, StrategyRecommendation())


@pytest.fixture(scope="module")
def assessed(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Assessed:
    account = make_account(databases)
    folder = tmp_path_factory.mktemp("files")
    (folder / "servers.csv").write_text(SERVERS)
    (folder / "relations.csv").write_text(RELATIONS)
    discover(databases, account, sorted(folder.iterdir()))
    with databases.app.open(account.access) as session:
        flow_id = assemble(databases).orchestrator.create(
            session, account.engagement_id, "assessment", {}
        )
    flow = finish(databases, account, flow_id)
    assert flow.phases[0].output is not None
    assert flow.phases[0].output["subjects"] == 7
    assert flow.phases[0].output["applications"] == 5
    return Assessed(databases, account)


def test_every_application_and_every_asset_without_one_has_a_strategy_and_its_rule(
    assessed: Assessed,
) -> None:
    found = {name: (r.strategy, r.rule) for name, r in assessed.listed().items()}
    assert found == {
        "Shop": ("replatform", "os_out_of_support"),
        "Payroll": ("rehost", "supported"),
        "Microsoft Exchange": ("repurchase", "common_service"),
        "Ledger": ("retain", "stated_retain"),
        "Billing": ("refactor", "unix_of_a_maker"),
        "off01": ("retire", "switched_off"),
        "dark01": (None, None),
    }


def test_what_is_unknown_is_neither_the_worst_nor_the_best(assessed: Assessed) -> None:
    dark = assessed.listed()["dark01"]
    assert (dark.in_force, dark.confidence) == ("undecided", 0.0)
    assert "os_ended" in dark.missing
    why = assessed.why(dark.id)
    assert why.rule.id == "strategy.undecided"
    assert any(g.name == "os_ended" and "Not known" in g.words for g in why.inputs)


def test_a_recommendation_leads_to_its_findings_and_cells(assessed: Assessed) -> None:
    shop = assessed.listed()["Shop"]
    why = assessed.why(shop.id)
    assert (why.kind, why.rule.id) == ("strategy", "strategy.os_out_of_support")
    finding = next(g for g in why.inputs if g.name == "finding")
    assert finding.id
    assert assessed.why(finding.id).rule.id == "OS_END_OF_LIFE"
    cells = [c.text for g in why.inputs for r in g.rows for c in r.cells]
    assert "Windows Server 2008 R2" in cells
    assert why.arithmetic
    assert why.arithmetic.endswith(f"= {shop.confidence:.2f}")


def test_a_decision_of_a_person_outlives_every_run_and_can_be_taken_back(
    assessed: Assessed,
) -> None:
    payroll = assessed.listed()["Payroll"]
    done = assessed.call(service.decide, payroll.id, Strategy.RETAIN, "Contract until 2028")
    assert (done.in_force, done.strategy) == ("retain", "rehost")
    output = assessed.assess()
    assert output.decided == 1
    again = assessed.listed()["Payroll"]
    assert (again.id, again.in_force, again.strategy) == (payroll.id, "retain", "rehost")
    assert again.decision_reason == "Contract until 2028"
    decision = assessed.why(payroll.id).decision
    assert decision
    assert (decision.by, decision.value) == (assessed.account.user_id, "retain")
    assert assessed.call(service.reopen, payroll.id).in_force == "rehost"


def test_a_second_run_changes_nothing(assessed: Assessed) -> None:
    before = {n: r.model_dump(exclude={"assessed_at"}) for n, r in assessed.listed().items()}
    assessed.assess()
    after = {n: r.model_dump(exclude={"assessed_at"}) for n, r in assessed.listed().items()}
    assert after == before


def test_an_account_may_use_rules_of_its_own_and_go_back(assessed: Assessed) -> None:
    with pytest.raises(StrategyRulesInvalid):
        assessed.rules(rulebooks.change, "nonsense")
    assert assessed.rules(rulebooks.in_use).text == shipped_text()
    own = shipped_text().replace('"exchange", ', "")
    first = assessed.rules(rulebooks.change, own, "We keep our mail")
    assessed.assess()
    mail = assessed.listed()["Microsoft Exchange"]
    assert (mail.strategy, mail.rules_version) == ("rehost", first)
    back = assessed.rules(rulebooks.back_to_shipped)
    assert back == first + 1
    assert f"version {first} of" in assessed.why(mail.id).rule.words
    assessed.assess()
    assert assessed.listed()["Microsoft Exchange"].strategy == "repurchase"
    of_first = next(v.id for v in assessed.rules(rulebooks.versions) if v.version == first)
    assert assessed.rules(rulebooks.restore, of_first) == back + 1
    newest = assessed.rules(rulebooks.versions)[:3]
    assert [(v.version - first, v.shipped, v.note) for v in newest] == [
        (2, False, f"Version {first} again"),
        (1, True, ""),
        (0, False, "We keep our mail"),
    ]
    with pytest.raises(NotFound):
        assessed.rules(rulebooks.restore, new_id())
    assessed.rules(rulebooks.back_to_shipped)
    assessed.assess()


def test_changes_are_audited(assessed: Assessed) -> None:
    shop = assessed.listed()["Shop"]
    assessed.call(service.decide, shop.id, Strategy.RETAIN, "Not now")
    assessed.call(service.reopen, shop.id)
    assessed.rules(rulebooks.back_to_shipped)
    with assessed.databases.app.open(assessed.account.access) as session:
        actions = set(
            session.execute(
                text("select action from app.audit_entries where action like 'strategy%'")
            ).scalars()
        )
    assert actions == {"strategy.changed", "strategy_rules.set"}


def test_an_empty_engagement_is_refused(databases: Databases, account: Account) -> None:
    with databases.app.open(account.access) as session, pytest.raises(NothingToAssess):
        assemble(databases).orchestrator.create(session, account.engagement_id, "assessment", {})


def test_another_account_finds_nothing(assessed: Assessed, account: Account) -> None:
    shop = assessed.listed()["Shop"]
    stranger = Assessed(assessed.databases, account)
    with pytest.raises(NotFound):
        stranger.why(shop.id)
    with pytest.raises(NotFound):
        stranger.call(service.decide, shop.id, Strategy.RETIRE, "x")
    assert stranger.listed() == {}


def test_api_page_and_command_do_the_same(
    assessed: Assessed, client_of: Any, browser_of: Any, tmp_path: Path
) -> None:
    billing = assessed.listed()["Billing"].id
    api: httpx.Client = client_of(assessed.account)
    told = api.get("/recommendations", params={"strategy": "refactor"}).json()["items"]
    assert [r["id"] for r in told] == [str(billing)]
    answer = api.post(
        f"/recommendations/{billing}/decide", json={"strategy": "retain", "reason": "Later"}
    )
    assert answer.json()["in_force"] == "retain"
    assert api.post(f"/recommendations/{new_id()}/reopen").json()["code"] == "NOT_FOUND"
    a, e = assessed.account.client_account_id, assessed.account.engagement_id
    root = f"/accounts/{a}/engagements/{e}/strategies"
    browser: httpx.Client = browser_of(assessed.account)
    assert "Later" in browser.get(root).text
    assert browser.post(f"{root}/{billing}", data={"reopen": "true"}).status_code == 303
    assert browser.post(f"{root}/{billing}", data={"strategy": "x"}).status_code == 422
    (tmp_path / KEY_FILE).write_text(assessed.account.api_key)
    landbridge = Commands.over(assessed.databases, tmp_path)
    named = ("--client-account", assessed.account.name, "--engagement", "Data centre exit")
    done = landbridge(
        "strategies", "decide", billing, "retire", "--reason", "Gone", *named, "--json"
    )
    assert done.json["in_force"] == "retire", done
    assert landbridge("strategies", "reopen", billing, *named, "--json").json["in_force"] == (
        "refactor"
    )
    rows = landbridge("strategies", "list", *named, "--json").json["strategies"]
    assert len(rows) == 7
    assert "strategy.unix_of_a_maker" in landbridge("explain", billing).out
    account = httpx.Client(
        base_url=str(api.base_url).split("/engagements")[0], headers=assessed.account.headers
    )
    with account:
        rules = account.get("/strategy-rules").json()
        assert (rules["shipped"], rules["content"]) == (True, shipped_text())
        refused = account.put("/strategy-rules", json={"content": "x = 1"})
        assert (refused.status_code, refused.json()["code"]) == (422, "STRATEGY_RULES_INVALID")
        changed = account.put("/strategy-rules", json={"content": shipped_text(), "note": "n"})
        assert changed.json()["shipped"] is False
        assert account.post("/strategy-rules/reset").json()["shipped"] is True
        versions = account.get("/strategy-rules").json()["versions"]
        again = account.post(f"/strategy-rules/{versions[-1]['id']}/restore").json()
        assert again["versions"][0]["version"] == versions[0]["version"] + 1
    pages = f"/accounts/{a}/strategy-rules"
    assert "out_of_service" in browser.get(pages).text
    kept = browser.post(pages, data={"content": "nonsense", "note": ""})
    assert kept.status_code == 422
    assert "nonsense" in kept.text
    file = tmp_path / "rules.toml"
    file.write_text(shipped_text())
    name = ("--client-account", assessed.account.name)
    assert landbridge("strategy-rules", "set", file, *name, "--json").json["shipped"] is False
    assert landbridge("strategy-rules", "reset", *name, "--json").json["shipped"] is True
    unknown = landbridge("strategy-rules", "reset", "--version", "99", *name)
    assert (unknown.code, "NOT_FOUND" in unknown.err) == (1, True)
    assert landbridge("strategy-rules", "show", *name).out.strip() == shipped_text().strip()
    assert landbridge("strategy-rules", "versions", *name, "--json").json["versions"][0]["shipped"]
