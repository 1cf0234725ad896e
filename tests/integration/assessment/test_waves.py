"""The waves of an engagement are planned, told why, compared, and seen by its account alone."""

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
from landbridge.assessment.sixr import queries as strategies
from landbridge.assessment.sixr import service
from landbridge.assessment.sixr.phase import StrategyRecommendation
from landbridge.assessment.sixr.strategies import Strategy
from landbridge.assessment.waves import queries
from landbridge.assessment.waves.comparing import what_if
from landbridge.assessment.waves.errors import NothingToPlan
from landbridge.assessment.waves.flow import WavePlanner
from landbridge.assessment.waves.queries import WaveItemRow
from landbridge.assessment.waves.settings import WaveSettings
from landbridge.database.engine import Databases
from landbridge.database.listing import Wanted
from landbridge.errors.common import NotFound
from landbridge.identity.local import KEY_FILE
from landbridge.kit.ids import new_id
from tests.support.accounts import Account, make_account
from tests.support.commands import Commands
from tests.support.discovering import discover, finish
from tests.support.http_fixtures import browser_of, client_of, server
from tests.support.phases import run_phase

__all__ = ["browser_of", "client_of", "server"]

SERVERS = """Name,Operating System,Environment,Application,Criticality
web01,Windows Server 2022,Production,Shop,High
web02,Windows Server 2022,Test,Shop,Low
db01,Windows Server 2022,Production,Ledger,Low
pay01,Windows Server 2022,Production,Payroll,Low
pay02,Windows Server 2022,Production,Payroll,Low
old01,Windows Server 2022,Production,Archive,Low
lone01,Windows Server 2022,Production,,Low
"""
RELATIONS = """Parent,Type,Child
web01,Depends on::Used by,db01
pay01,Depends on::Used by,old01
"""


@dataclass(frozen=True, slots=True)
class Planned:
    """An account whose waves were planned."""

    databases: Databases
    account: Account

    def call(self, function: Any, *arguments: Any) -> Any:
        with self.databases.app.open(self.account.access) as session:
            return function(session, self.account.engagement_id, *arguments)

    def why(self, asked: UUID) -> Any:
        with self.databases.app.open(self.account.access) as session:
            return explain(session, asked)

    def plan(self, **settings: Any) -> Any:
        return run_phase(self.databases, self.account, WavePlanner(), settings)

    def waves(self) -> dict[int, UUID]:
        page = self.call(queries.waves, Wanted(limit=100))
        return {w.number: w.id for w in page.items}

    def items(self) -> dict[str, tuple[int, WaveItemRow]]:
        return {
            item.name: (number, item)
            for number, wave_id in self.waves().items()
            for item in self.call(queries.items, wave_id, Wanted(limit=100)).items
        }


@pytest.fixture(scope="module")
def planned(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Planned:
    account = make_account(databases)
    folder = tmp_path_factory.mktemp("files")
    (folder / "servers.csv").write_text(SERVERS)
    (folder / "relations.csv").write_text(RELATIONS)
    discover(databases, account, sorted(folder.iterdir()))
    run_phase(databases, account, StrategyRecommendation())
    found = Planned(databases, account)
    rows = found.call(strategies.recommendations, Wanted(limit=100)).items
    archive = next(r.id for r in rows if r.name == "Archive")
    found.call(service.decide, archive, Strategy.RETIRE, "Nobody uses it")
    with databases.app.open(account.access) as session:
        flow_id = assemble(databases).orchestrator.create(
            session, account.engagement_id, "wave_plan", {"max_size": 3}
        )
    flow = finish(databases, account, flow_id)
    assert flow.phases[0].output is not None
    assert flow.phases[0].output["items"] == 6
    return found


def test_the_constraints_hold_and_every_item_says_why(planned: Planned) -> None:
    planned.plan(max_size=3)
    found = planned.items()
    wave = {name: number for name, (number, _) in found.items()}
    assert wave["Archive, production"] == 0
    assert 1 <= wave["Shop, test"] < wave["Shop, production"]
    assert wave["Ledger, production"] <= wave["Shop, production"]
    assert all(item.reasons for _, item in found.values())
    sizes: dict[int, int] = {}
    for number, item in found.values():
        sizes[number] = sizes.get(number, 0) + item.assets
    assert max(n for w, n in sizes.items() if w) <= 3
    plan = planned.call(queries.plan_of)
    assert plan.staying == 1
    assert [v.code for v in plan.violations] == ["split_stays"]
    assert "Archive" in plan.violations[0].text
    shop = found["Shop, production"][1]
    wave_id = planned.waves()[wave["Shop, production"]]
    assets = planned.call(queries.assets, wave_id, Wanted(limit=100)).items
    assert [a.name for a in assets if a.item_id == shop.id] == ["web01"]


def test_the_same_input_gives_the_same_plan(planned: Planned) -> None:
    once, again = planned.plan(max_size=3), planned.plan(max_size=3)
    assert once.hash == again.hash
    assert planned.plan(max_size=2).hash != once.hash
    assert planned.plan(max_size=3).hash == once.hash


def test_an_item_is_explained_by_what_it_needs(planned: Planned) -> None:
    planned.plan(max_size=3, pilot_waves=0, test_first=False)
    shop = planned.items()["Shop, production"][1]
    why = planned.why(shop.id)
    assert (why.kind, why.rule.id) == ("wave", f"wave.{shop.reasons[0].code}")
    assert any(g.name == "strategy" and g.id for g in why.inputs)
    planned.plan(max_size=1, pilot_waves=0, test_first=False)
    number, shop = planned.items()["Shop, production"]
    ledger = planned.items()["Ledger, production"]
    assert number > ledger[0]
    why = planned.why(shop.id)
    if any(r.code == "dependency" for r in shop.reasons):
        edge = next(g for g in why.inputs if g.name == "needs")
        assert planned.why(edge.id).kind == "dependency"


def test_what_if_stores_nothing(planned: Planned) -> None:
    planned.plan(max_size=3)
    before = planned.call(queries.plan_of)
    same = planned.call(what_if, WaveSettings(max_size=3))
    assert (same.hash, same.moved) == (before.hash, [])
    other = planned.call(what_if, WaveSettings(max_size=1))
    assert other.later > 0
    assert other.hash != before.hash
    assert any(v.code == "over_capacity" for v in other.violations)
    assert planned.call(queries.plan_of) == before


def test_nothing_moves_in_a_freeze(planned: Planned) -> None:
    freeze = {"first": "2027-01-10", "last": "2027-01-12"}
    planned.plan(start="2027-01-04", days_per_wave=7, freezes=[freeze])
    days = [w.first_day for w in planned.call(queries.waves, Wanted(limit=100)).items if w.number]
    assert days
    assert {str(d) for d in days}.isdisjoint({"2027-01-04", "2027-01-11"})


def test_another_account_finds_nothing(planned: Planned, account: Account) -> None:
    wave_id = next(iter(planned.waves().values()))
    item = next(iter(planned.items().values()))[1]
    stranger = Planned(planned.databases, account)
    with pytest.raises(NotFound):
        stranger.call(queries.wave, wave_id)
    with pytest.raises(NotFound):
        stranger.why(item.id)
    assert stranger.call(queries.plan_of) is None
    with planned.databases.app.open(account.access) as session, pytest.raises(NothingToPlan):
        assemble(planned.databases).orchestrator.create(
            session, account.engagement_id, "wave_plan", {}
        )
    for table in ("wave_plans", "waves", "wave_items", "wave_assets"):
        with planned.databases.app.open(account.access) as session:
            assert session.execute(text(f"select count(*) from app.{table}")).scalar_one() == 0


def test_api_page_and_command_do_the_same(
    planned: Planned, client_of: Any, browser_of: Any, tmp_path: Path
) -> None:
    planned.plan(max_size=3)
    api: httpx.Client = client_of(planned.account)
    plan = api.get("/waves/plan").json()
    waves = {w["number"]: w["id"] for w in api.get("/waves").json()["items"]}
    assert set(waves) == set(range(plan["waves"] + 1))
    names = [i["name"] for i in api.get(f"/waves/{waves[0]}/items").json()["items"]]
    assert names == ["Archive, production"]
    assets = api.get(f"/waves/{waves[0]}/assets").json()["items"]
    assert [a["name"] for a in assets] == ["old01"]
    assert api.get(f"/waves/{new_id()}/items").json()["code"] == "NOT_FOUND"
    tried = api.post("/waves/plan/what-if", json={"max_size": 1}).json()
    assert tried["waves_total"] > plan["waves"]
    assert api.post("/waves", json={"max_size": 0}).status_code == 422
    a, e = planned.account.client_account_id, planned.account.engagement_id
    root = f"/accounts/{a}/engagements/{e}/waves"
    browser: httpx.Client = browser_of(planned.account)
    page = browser.get(root).text
    assert f"{root}/{waves[1]}" in page
    assert "Archive" in page
    assert "Archive, production" in browser.get(f"{root}/{waves[0]}").text
    compared = browser.get(f"{root}/what-if", params={"max_size": "1", "start": ""}).text
    assert f"instead of {plan['waves']}" in compared
    assert browser.get(f"{root}/what-if", params={"start": "soon"}).status_code == 422
    (tmp_path / KEY_FILE).write_text(planned.account.api_key)
    landbridge = Commands.over(planned.databases, tmp_path)
    named = ("--client-account", planned.account.name, "--engagement", "Data centre exit")
    said = landbridge("waves", "what-if", "--max-size", "1", *named, "--json").json
    assert said["hash"] == api.post("/waves/plan/what-if", json=said["settings"]).json()["hash"]
    told = landbridge("waves", "list", *named, "--json").json
    assert told["plan"]["hash"] == plan["hash"]
    assert "cannot be kept" in landbridge("waves", "list", *named).out
    rows = landbridge("waves", "members", waves[0], *named, "--json").json["items"]
    assert "does not move" in rows[0]["why"]
    assert "wave.does_not_move" in landbridge("explain", rows[0]["id"]).out
    wrong = landbridge("waves", "what-if", "--start", "soon", *named)
    assert (wrong.code, "WAVE_SETTINGS_INVALID" in wrong.err) == (1, True)
    begun = browser.post(root, data={"max_size": "2", "test_first": "yes"})
    assert (begun.status_code, "/flows/" in begun.headers["location"]) == (303, True)
    assert api.post("/waves", json={"max_size": 2}).status_code == 201
