"""The whole Discovery flow on the sample estate, scored against its truth."""

from __future__ import annotations

import dataclasses
import random
from collections import defaultdict
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from landbridge.database.engine import Databases
from landbridge.discovery.membership.reading import read
from landbridge.discovery.membership.suggesting import suggestions
from landbridge.discovery.summary import summarise
from landbridge.discovery.techdebt.eol import shipped
from landbridge.flows.status import FlowView
from landbridge.samples.truth import Truth
from landbridge.samples.writing import SampleEstate, write
from tests.support import scoring
from tests.support.accounts import Account, make_account
from tests.support.discovering import discover
from tests.support.observed import Observed, observe

ENDED = {"OS_END_OF_LIFE", "DATABASE_END_OF_LIFE", "HYPERVISOR_END_OF_LIFE"}


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """The estate, the account that discovered it, and what was left in the database."""

    estate: SampleEstate
    account: Account
    flow: FlowView
    seen: Observed
    things: dict[str, str]

    @property
    def truth(self) -> Truth:
        return self.estate.truth


@pytest.fixture(scope="module")
def outcome(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    estate = write(tmp_path_factory.mktemp("estate"))
    account = make_account(databases)
    import_id, flow = discover(databases, account, estate.files)
    with databases.app.open(account.access) as session:
        seen = observe(session, account.engagement_id, import_id)
    rows = scoring.true_rows(estate.truth)
    things = scoring.things_of_assets(estate.truth, rows, seen.assets, seen.names)
    return Outcome(estate, account, flow, seen, things)


def test_every_record_of_every_file_is_counted_and_kept(outcome: Outcome) -> None:
    seen = outcome.seen
    assert seen.rows_in == seen.rows_stored
    assert set(seen.rows_in) == {(t.file, t.table) for t in outcome.truth.tables}
    for table in outcome.truth.tables:
        assert seen.rows_in[table.file, table.table] >= len(table.entities) - table.footer


def test_a_first_import_created_every_asset(outcome: Outcome, databases: Databases) -> None:
    with databases.app.open(outcome.account.access) as session:
        summary = summarise(session, outcome.flow)
    assert summary.changes.model_dump() == {
        "created": summary.assets.total,
        "updated": 0,
        "unchanged": 0,
    }


def test_every_column_gets_its_meaning(outcome: Outcome) -> None:
    score = scoring.score_mapping(outcome.truth, outcome.seen.columns)
    assert score.given == score.true
    assert score.precision >= 0.97, str(score)


def test_rows_of_one_thing_become_one_asset_and_no_two_things_are_merged(outcome: Outcome) -> None:
    score = scoring.score_identity(scoring.true_rows(outcome.truth), outcome.seen.assets)
    assert score.precision >= 0.98, str(score)
    assert score.recall >= 0.98, str(score)


def test_rows_about_a_vm_are_attached_to_its_asset(outcome: Outcome) -> None:
    roles = ("details", "disks", "partitions", "nics")
    rows = scoring.true_rows(outcome.truth, roles)
    right = [row for row, key in rows.items()
             if outcome.things.get(outcome.seen.assets.get(row, "")) == key]  # fmt: skip
    assert len(right) >= 0.98 * len(rows)


def test_every_true_thing_is_one_asset(outcome: Outcome) -> None:
    assets = defaultdict(list)
    for asset, key in outcome.things.items():
        assets[key].append(asset)
    described = set(scoring.true_rows(outcome.truth).values())
    assert len(described - set(assets)) <= 0.01 * len(described)
    unknown = [outcome.seen.names[a] for a in outcome.seen.names if a not in outcome.things]
    assert len(unknown) <= 0.02 * len(described), unknown


def test_dependencies_are_found_and_invented_ones_are_not(outcome: Outcome) -> None:
    score = scoring.score_edges(outcome.truth, outcome.seen.edges, outcome.things)
    assert score.precision >= 0.95, str(score)
    assert score.recall >= 0.95, str(score)


def test_applications_have_the_machines_that_serve_them(outcome: Outcome) -> None:
    names = {t.name.lower(): k for k, t in outcome.truth.things.items() if t.kind == "application"}
    found = {
        (names.get(application.lower()), outcome.things.get(asset))
        for application, asset in outcome.seen.members
    }
    true = {(a, m) for a, machines in outcome.truth.memberships.items() for m in machines}
    assert len(true & found) >= 0.95 * len(true), sorted(true - found)[:20]
    assert len(true & found) >= 0.95 * len(found), sorted(found - true, key=str)[:20]


def test_every_release_past_its_end_is_reported(outcome: Outcome) -> None:
    data = shipped()

    def ended(product: str, cycle: str, today: date) -> bool | None:
        known = {entry.cycle: entry for entry in data.products.get(product, ())}
        return known[cycle].ended(today) if cycle in known else None

    on_server = {
        edge.target: edge.source
        for edge in outcome.truth.edges
        if edge.kind == "runs_on" and outcome.truth.things[edge.source].kind == "database"
    }
    found = set()
    for asset, code, details in outcome.seen.findings:
        key = outcome.things.get(asset, asset)
        if code in ENDED:
            found |= {(key, details["product"]), (on_server.get(key, key), details["product"])}
    today = datetime.now(UTC).date()
    score = scoring.score_releases(outcome.truth, found, ended, today)
    assert score.true > 100
    assert score.recall == 1.0, str(score)
    assert score.precision >= 0.99, str(score)


def test_every_seeded_fault_is_reported_on_its_row(outcome: Outcome) -> None:
    assert not scoring.missing_issues(outcome.truth, outcome.seen.issues)


def test_every_seeded_conflict_is_shown(outcome: Outcome) -> None:
    missing = scoring.missing_conflicts(outcome.truth, outcome.seen.conflicts, outcome.things)
    assert not missing


def test_the_summary_says_what_is_there(outcome: Outcome, databases: Databases) -> None:
    with databases.app.open(outcome.account.access) as session:
        shape = summarise(session, outcome.flow).as_json()
    assert shape["rows"]["in"] == shape["rows"]["stored"] == sum(outcome.seen.rows_in.values())
    assert shape["assets"]["total"] == len(outcome.seen.names)
    assert shape["dependencies"] == len(outcome.seen.edges)
    assert shape["conflicts"] == len(outcome.seen.conflicts)
    assert shape["duplicates_merged"] > 300


def test_the_same_files_again_change_nothing(outcome: Outcome, databases: Databases) -> None:
    import_id, _ = discover(databases, outcome.account, outcome.estate.files)
    with databases.app.open(outcome.account.access) as session:
        again = observe(session, outcome.account.engagement_id, import_id)
    assert again.names == outcome.seen.names
    assert sorted(again.edges) == sorted(outcome.seen.edges)
    assert sorted(again.conflicts) == sorted(outcome.seen.conflicts)
    assert sorted(f[:2] for f in again.findings) == sorted(f[:2] for f in outcome.seen.findings)


@pytest.mark.slow
def test_a_large_enough_file_is_no_special_case(tmp_path: Path, databases: Databases) -> None:
    estate = write(tmp_path, seed=11, servers=1500)
    account = make_account(databases)
    import_id, _ = discover(databases, account, estate.files)
    with databases.app.open(account.access) as session:
        seen = observe(session, account.engagement_id, import_id)
    score = scoring.score_identity(scoring.true_rows(estate.truth), seen.assets)
    assert min(score.precision, score.recall) >= 0.98, str(score)


def test_applications_that_are_hidden_are_suggested_again(
    outcome: Outcome, databases: Databases
) -> None:
    with databases.app.open(outcome.account.access) as session:
        estate = read(session, outcome.account.engagement_id).estate
    hidden = right = suggested = 0
    for seed in range(5):
        dice = random.Random(seed)
        away = {asset for asset in estate.member if dice.random() < 0.3}
        member = {a: held for a, held in estate.member.items() if a not in away}
        found = [
            s for s in suggestions(dataclasses.replace(estate, member=member)) if s.asset in away
        ]
        hidden, suggested = hidden + len(away), suggested + len(found)
        right += sum(s.application in estate.member[s.asset] for s in found)
    assert right / suggested >= 0.93
    assert suggested / hidden >= 0.5
