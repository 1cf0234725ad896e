"""Every kind of event that is ever written has words."""

import ast
import re

from landbridge.flows.diagnosis import Finding
from landbridge.flows.states import ApprovalStatus, FlowStatus
from landbridge.web.chronicle import KINDS
from landbridge.web.event_details import DETAILS, FOUND
from tests.support.repository import python_files

MOVES = {f"flow.{status.value}" for status in FlowStatus}
DECISIONS = {f"gate.{s.value}" for s in (ApprovalStatus.APPROVED, ApprovalStatus.REJECTED)}


def written():
    """The kinds that the product writes, read from its source; f-strings by their prefix."""
    kinds, prefixes = set(), set()
    for path in python_files("src/landbridge/flows"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            appended = name == "append" and len(node.args) == 3
            if not node.args or not (name == "say" or appended):
                continue
            kind = node.args[-1 if appended else 0]
            if isinstance(kind, ast.Constant) and isinstance(kind.value, str):
                kinds.add(kind.value)
            elif isinstance(kind, ast.JoinedStr):
                prefixes.add(kind.values[0].value)
    return kinds, prefixes


def inserted():
    """The kinds that SQL writes into the log by itself."""
    found = set()
    for path in python_files("src/landbridge/flows"):
        for statement in re.findall(
            r"insert into app\.flow_events.*?\"\"\"", path.read_text(), re.S
        ):
            found |= set(re.findall(r"'([a-z]+\.[a-z_]+)'", statement))
    return found


def test_every_kind_of_event_has_words():
    kinds, prefixes = written()
    assert inserted() == {"event.lost"}
    assert {"flow.forked", "gate.delegated", "phase.worker_lost", "note"} <= kinds
    assert prefixes == {"flow.", "gate."}, "a family of kinds that this test does not know"
    assert kinds | MOVES | DECISIONS | inserted() <= set(KINDS)


def test_details_are_told_of_known_kinds_only():
    assert set(DETAILS) <= set(KINDS)


def test_everything_the_watchdog_finds_has_words():
    assert set(FOUND) == {finding.value for finding in Finding}
