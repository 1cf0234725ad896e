"""Alert rules and dashboards ask only for metrics that there are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import yaml

from landbridge.assembly.exposition import GAUGES, QUEUES
from landbridge.cli.main import GROUPS
from landbridge.kit import metrics
from tests.support.repository import ROOT

RULES = ROOT / "deploy" / "prometheus" / "landbridge.rules.yml"
DASHBOARD = ROOT / "deploy" / "grafana" / "landbridge.json"
PARTS = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_count", "_sum")}
FROM_DATABASE = {"landbridge_database_up", "landbridge_watchdog_remedies_total"}
NAME = re.compile(r"\b(?:landbridge|process)_[a-z_]+")
LABELS = re.compile(r"(?:by|on) \(([^)]*)\)")


def exposed() -> set[str]:
    meters = metrics.Meters()
    found = {f"landbridge_{name}" for name in GAUGES | QUEUES} | FROM_DATABASE
    for family in (*meters.registry.collect(), *meters.process.collect()):
        found |= {family.name + part for part in PARTS.get(family.type, ("",))}
    return found


def asked() -> Iterator[tuple[str, str]]:
    for group in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]:
        for rule in group["rules"]:
            yield rule["alert"], rule["expr"]
    for panel in json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


def test_every_metric_asked_for_is_exposed():
    there = exposed()
    missing = {(place, n) for place, expr in asked() for n in NAME.findall(expr) if n not in there}
    assert not missing


def test_every_metric_of_ours_is_on_the_dashboard():
    shown = {n for _, expr in asked() for n in NAME.findall(expr)}
    families = {re.sub(r"_(total|bucket|count|sum)$", "", n) for n in exposed()}
    ours = {n for n in families if n.startswith("landbridge_")}
    assert ours <= {re.sub(r"_(total|bucket|count|sum)$", "", n) for n in shown}


def test_rules_group_only_by_labels_that_there_are():
    meters = metrics.Meters()
    known = {label for _, labels in (GAUGES | QUEUES).values() for label in labels}
    known |= {"finding", "action", "le", *meters.requests._labelnames, *meters.errors._labelnames}
    counted = (meters.flows, meters.phases, meters.webhooks, meters.connections, meters.circuits)
    for meter in counted:
        known |= set(meter._labelnames)
    for place, expr in asked():
        used = {n.strip() for found in LABELS.findall(expr) for n in found.split(",") if n.strip()}
        assert used <= known, place


def test_every_alert_says_what_to_do_and_names_commands_that_exist():
    for group in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]:
        for rule in group["rules"]:
            assert rule["labels"]["severity"] in {"page", "warn"}
            assert rule["annotations"]["summary"]
            for command in re.findall(r"'landbridge ([a-z ]+)", rule["annotations"]["description"]):
                words = command.split()
                assert words[0] not in GROUPS or words[1] in GROUPS[words[0]][1], command
