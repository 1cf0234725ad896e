"""Flow types of installed packages: the example runs; a broken one takes nothing down."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path

import pytest
from sqlalchemy import text

from landbridge.database.engine import Databases
from landbridge.identity.local import local_access, local_engagement
from tests.support.command import Command, command_for
from tests.support.example import EXAMPLE, install, offer


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(EXAMPLE, tmp_path_factory.mktemp("installed") / "site")


def with_packages(command: Command, *folders: Path, **more: str) -> Command:
    path = os.pathsep.join(map(str, folders))
    return dataclasses.replace(
        command, environment={**command.environment, "PYTHONPATH": path, **more}
    )


def own_assets(databases: Databases, data: Path) -> None:
    """Three assets of the local user's own account, two of them in production."""
    access = local_access(databases, data, "Acme")
    engagement = local_engagement(databases, access, "Move")
    with databases.app.open(access) as session:
        for n, where in enumerate(("production", "production", "test")):
            session.execute(
                text(
                    "insert into app.assets (id, engagement_id, asset_type, name, environment,"
                    " cpu_cores, memory_mb, storage_mb, content_hash, first_seen_flow_id)"
                    " values (gen_random_uuid(), :engagement, 'server', :name, :where, 4, 8192,"
                    " 102400, '\\x00', gen_random_uuid())"
                ),
                {"engagement": engagement, "name": f"srv{n}", "where": where},
            )


@pytest.mark.slow
def test_the_example_runs_on_the_real_engine(
    fresh_databases: Databases, tmp_path: Path, installed: Path
) -> None:
    rates = tmp_path / "rates"
    rates.mkdir()
    command = with_packages(
        command_for(fresh_databases, tmp_path), installed, CAPACITY_SURVEY_RATES=str(rates)
    )
    place = ("--client-account", "Acme", "--engagement", "Move")
    start = ("flows", "start", "capacity_survey", *place, "--input", "rate_card=standard")

    shown = command.json("flows", "types", "capacity_survey")["flow_types"][0]
    assert shown["package"] == "landbridge-capacity-survey 1.0.0"
    assert shown["input_schema"]["required"] == ["rate_card"]
    nothing = command.json(*start, "--watch", expect=1)
    assert nothing["error"]["code"] == "CAPACITY_SURVEY_NOTHING"

    own_assets(fresh_databases, tmp_path / "data")
    asked = command.json(*start, "--watch")
    assert asked["status"] == "waiting"
    assert asked["waits_for"]["summary"] == {"assets": 3, "in_production": 2}
    wrong = command.json("flows", "approve", asked["id"], "--choice", "none", expect=1)
    assert wrong["error"]["code"] == "GATE_ANSWER_INVALID"
    command.json("flows", "approve", asked["id"], "--choice", "production")
    away = command.json("flows", "watch", asked["id"], expect=1)
    assert away["error"]["code"] == "CAPACITY_SURVEY_RATE_CARD_AWAY"
    assert {p["name"]: p["attempt"] for p in away["phases"]}["price_it"] == 5

    card = {"currency": "EUR", "core": 1800, "memory_gb": 240, "storage_gb": 6}
    (rates / "standard.json").write_text(json.dumps(card))
    retried = command.json("flows", "retry", asked["id"])
    assert (len(retried["flows"]), retried["errors"]) == (1, [])
    done = command.json("flows", "watch", asked["id"])
    outputs = {p["name"]: p["output"] for p in done["phases"]}
    assert outputs["sum_compute"] == {"cores": 8, "memory_gb": 16}
    assert outputs["price_it"] == {"currency": "EUR", "amount": 8 * 1800 + 16 * 240 + 200 * 6}

    child = command.json("flows", "fork", asked["id"], "sum_storage")
    assert child["parent_id"] == asked["id"]
    assert command.json("flows", "watch", child["id"])["status"] == "completed"
    assert [f["id"] for f in command.json("flows", "children", asked["id"])["flows"]] == [
        child["id"]
    ]
    events = command.json("flows", "events", asked["id"])["events"]
    assert [e["seq"] for e in events] == list(range(1, len(events) + 1))
    assert {"flow.retried", "flow.forked", "gate.approved", "note"} <= {e["kind"] for e in events}


BROKEN = "import a_module_that_is_not_there\n\ndef make():\n    return None\n"
NOT_A_TYPE = "def make():\n    return 'a flow type'\n"


def test_a_broken_package_is_shown_with_its_reason_and_the_rest_works(
    fresh_databases: Databases, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    offer(site, "acme-broken", "broken", BROKEN)
    offer(site, "acme-odd", "odd", NOT_A_TYPE)
    offer(site, "acme-thief", "discovery", NOT_A_TYPE)
    offer(site, "acme-one", "twice", NOT_A_TYPE)
    offer(site, "acme-two", "twice", NOT_A_TYPE)
    command = with_packages(command_for(fresh_databases, tmp_path), site)

    found = command.json("flows", "types", expect=1)["flow_types"]
    told = [
        (t["name"], t["package"], t["problem"] and (t["problem"]["code"], t["problem"]["detail"]))
        for t in found
    ]
    problems = {(name, package): problem for name, package, problem in told}
    assert problems["discovery", "landbridge"] is None
    code, detail = problems["broken", "acme-broken 1.0"]
    assert code == "FLOW_TYPE_NOT_LOADED"
    assert "acme-broken 1.0" in detail
    assert "No module named 'a_module_that_is_not_there'" in detail
    assert "it gives str" in problems["odd", "acme-odd 1.0"][1]
    assert problems["discovery", "acme-thief 1.0"][0] == "FLOW_TYPE_NAME_TAKEN"
    assert problems["twice", "acme-one 1.0, acme-two 1.0"][0] == "FLOW_TYPE_NAME_TAKEN"

    refused = command.json("flows", "start", "broken", expect=3)
    assert refused["error"]["code"] == "FLOW_TYPE_NOT_LOADED"
    checks = {c["name"]: c for c in command.json("doctor", expect=1)["checks"]}
    assert not checks["flow types"]["passed"]
    assert "acme-broken 1.0" in checks["flow types"]["evidence"]
    assert command.json("flows", "types", "discovery", expect=1)["flow_types"][0]["definition"]
