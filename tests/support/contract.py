"""Runs schemathesis against a served estate, as anybody could from outside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.support.estate import Estate

HERE = Path(__file__).parent
LIMIT_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run has checked: the number of answers, and of refusals by code."""

    answers: int
    refusals: Counter[str]


def values_of(estate: Estate) -> list[str]:
    """What nobody outside an estate's account may be told."""
    account = estate.account
    ids = (
        *(account.client_account_id, account.engagement_id, account.user_id),
        *(estate.imported.import_id, estate.flow_id, estate.approval_id, estate.asset_id),
        *(estate.webhook_id, estate.delivery_id),
    )
    return [estate.mark, account.name, account.email, account.api_key, *map(str, ids)]


def configuration(estate: Estate | None, creating: bool) -> str:
    """The configuration of a run; with an estate its ids stand in every path. A run that creates
    things puts their ids there itself, below the account and the engagement.
    """
    lines = [
        f'hooks = "{HERE / "contract_checks.py"}"',
        'suppress-health-check = ["all"]',  # slow generation is no property of the API
        "request-timeout = 30",
        "max-stream-events = 2",
        "[phases.coverage]",
        'unexpected-methods = ["OPTIONS", "TRACE"]',  # others: tests/integration/api
        "[output.truncation]",
        "enabled = false",
    ]
    if estate is not None:
        ids = {
            "client_account_id": estate.account.client_account_id,
            "engagement_id": estate.account.engagement_id,
            "flow_id": estate.flow_id,
            "approval_id": estate.approval_id,
            "asset_id": estate.asset_id,
            "import_id": estate.imported.import_id,
            "webhook_id": estate.webhook_id,
            "delivery_id": estate.delivery_id,
        }
        given = list(ids.items())[: 2 if creating else None]
        lines += ["[parameters]", *(f'{name} = "{value}"' for name, value in given)]
    return "\n".join(lines)


def run(
    server: str,
    directory: Path,
    *arguments: str,
    foreign: Estate,
    estate: Estate | None = None,
    key: str = "",
) -> Seen:
    """Run every check; fails with what schemathesis reports.

    Args:
        server: the base URL.
        directory: for the configuration.
        arguments: of `schemathesis run`: phases, numbers of examples, operations.
        foreign: an estate that the caller must learn nothing of.
        estate: stands behind the ids in the paths.
        key: an API key; requests carry none when it is empty.
    """
    chosen, tally = directory / "schemathesis.toml", directory / "tally.json"
    chosen.write_text(configuration(estate, "stateful" in arguments))
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        *("--config-file", str(chosen), "run", f"{server}/api/v1/openapi.json"),
        *("--checks", "all", "--continue-on-failure", "--no-shrink", "--no-color"),
        *("--generation-deterministic", "--seed", "1"),
        *("--warnings", "off"),
        *arguments,
    ]
    if key:
        command += ["--header", f"Authorization: Bearer {key}"]
    done = subprocess.run(
        command,
        cwd=directory,
        env={
            **os.environ,
            "COLUMNS": "200",
            "LANDBRIDGE_TEST_CONTRACT_FOREIGN": json.dumps(values_of(foreign)),
            "LANDBRIDGE_TEST_CONTRACT_TALLY": str(tally),
        },
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    seen = json.loads(tally.read_text())
    return Seen(seen["answers"], Counter(seen["refusals"]))
