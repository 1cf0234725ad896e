from __future__ import annotations

from typing import Any
from uuid import UUID

from landbridge.discovery.dependencies.edges import (
    Edge,
    confidence_of,
    observations_of,
    united,
)
from landbridge.discovery.dependencies.graph import HUB_DEGREE, cycles, groups

A, B, C, D = (UUID(int=n) for n in range(1, 5))


def item(count: int = 1, confidence: int = 800, **more: Any) -> dict[str, Any]:
    return {
        "import_table_id": "t1",
        "rows": [2],
        "count": count,
        "text": "",
        "confidence": confidence,
        **more,
    }


def test_two_statements_of_one_source_add_up() -> None:
    edge = Edge()
    edge.add("netstat", item(2, rows=[2, 3], processes=["java"]))
    edge.add("netstat", item(1, 900, rows=[9], processes=["nginx"]))
    assert edge.evidence["netstat"]["count"] == 3
    assert edge.evidence["netstat"]["rows"] == [2, 3, 9]
    assert edge.evidence["netstat"]["confidence"] == 900
    assert edge.evidence["netstat"]["processes"] == ["java", "nginx"]


def test_a_source_replaces_its_own_word_and_leaves_that_of_others() -> None:
    before = [{"source": "cmdb", **item()}, {"source": "netstat", **item(5)}]
    now = united(before, {"netstat": item(7)})
    assert now is not None
    assert [(e["source"], e["count"]) for e in now] == [("cmdb", 1), ("netstat", 7)]


def test_the_same_word_from_another_import_changes_nothing() -> None:
    before = [{"source": "cmdb", **item()}]
    assert united(before, {"cmdb": item(rows=[77], import_table_id="t2")}) is None


def test_agreement_and_repetition_raise_confidence_and_certainty_is_never_claimed() -> None:
    assert confidence_of([item()]) == 800
    assert confidence_of([item(64)]) > confidence_of([item(2)]) > 800
    assert confidence_of([item(), item()]) > 950
    assert confidence_of([item(999, 990)] * 9) == 995
    assert observations_of([item(3), item(4)]) == 7


def test_assets_that_need_each_other_are_a_cycle() -> None:
    edges = [
        (A, B, "depends_on"),
        (B, C, "connects_to"),
        (C, A, "depends_on"),
        (C, D, "depends_on"),
    ]
    assert cycles(edges) == [[A, B, C]]
    assert cycles([(A, B, "runs_on"), (B, A, "runs_on")]) == []


def test_groups_hang_together_but_not_through_a_hub() -> None:
    hub = UUID(int=999)
    spokes = [(UUID(int=10_000 + n), hub, "connects_to") for n in range(HUB_DEGREE + 1)]
    found = groups([*spokes, (A, B, "depends_on"), (A, hub, "connects_to"), (C, D, "runs_on")])
    assert found == [[A, B]]
