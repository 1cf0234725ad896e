"""Groups: planted ones are found, circles stay whole, shared services glue nothing."""

from __future__ import annotations

import numpy as np
import pytest

from landbridge.discovery.graph.communities import communities, modularity
from landbridge.discovery.graph.groups import ALONE, Estate, groups
from landbridge.discovery.graph.links import linked
from landbridge.discovery.graph.reasons import described
from landbridge.discovery.graph.shared import shared_services

APPLICATIONS, PARTS = 40, 12


def planted() -> Estate:
    """Applications of three tiers; all ask one name server, and some ask other applications."""
    chance = np.random.default_rng(7)
    source, target, port = [], [], []
    for app in range(APPLICATIONS):
        base = app * PARTS
        for part in range(PARTS - 1):
            for other in range(part + 1, min(part + 4, PARTS)):
                source.append(base + part)
                target.append(base + other)
                port.append(8080)
        if app:
            source.append(base)
            target.append(int(chance.integers(0, base)))
            port.append(443)
    dns = APPLICATIONS * PARTS
    for asset in range(dns):
        source.append(asset)
        target.append(dns)
        port.append(53)
    names = [f"srv{n:04}" for n in range(dns)] + ["dns1", "lonely"]
    ends = np.array(source), np.array(target), np.array(port)
    return Estate(names, *ends, np.ones(len(source)))


def test_planted_applications_are_found() -> None:
    found = groups(planted(), PARTS)
    truth = np.repeat(np.arange(APPLICATIONS), PARTS)
    inside = found.group[: truth.size]
    assert found.count == APPLICATIONS
    assert len(set(zip(inside.tolist(), truth.tolist(), strict=True))) == APPLICATIONS
    assert found.group[-2:].tolist() == [ALONE, ALONE]
    assert [(s.node, s.kind) for s in found.shared] == [(truth.size, "dns")]
    assert "480 assets need it, 100% of the connections to ports of dns" in found.shared[0].why
    assert found.modularity > 0.9


def test_the_order_of_edges_is_nothing() -> None:
    estate = planted()
    order = np.random.default_rng(3).permutation(estate.source.size)
    turned = Estate(
        estate.names,
        estate.source[order],
        estate.target[order],
        estate.port[order],
        estate.weight[order],
    )
    assert np.array_equal(groups(estate, 24).group, groups(turned, 24).group)


def test_circles_stay_whole_unless_they_are_many_times_too_large() -> None:
    size = 60
    ring = np.arange(size)
    estate = Estate(
        [f"a{n}" for n in ring], ring, (ring + 1) % size, np.zeros(size, np.int64), np.ones(size)
    )
    found = groups(estate, 15)
    assert found.count == 1
    assert set(found.circle.tolist()) == {0}
    assert (
        "60 of them need each other" in described(estate, found, [""] * size)[0].reasons[1]["text"]
    )
    cut = groups(estate, 5)
    assert cut.count > 5
    assert "in a circle of 60 assets" in described(estate, cut, [""] * size)[0].reasons[1]["text"]


@pytest.mark.parametrize("wanted", [4, 12, 36, 120])
def test_the_wanted_size_is_approached(wanted: int) -> None:
    found = groups(planted(), wanted)
    assert wanted / 2 <= found.mean <= wanted * 2


def test_small_islands_do_not_make_the_others_larger() -> None:
    main = planted()
    islands = np.arange(100) * 2 + main.size
    estate = Estate(
        [*main.names, *(f"i{n}" for n in range(200))],
        np.concatenate((main.source, islands)),
        np.concatenate((main.target, islands + 1)),
        np.concatenate((main.port, np.full(100, 443))),
        np.ones(main.source.size + 100),
    )
    found = groups(estate, PARTS)
    sizes = np.bincount(found.group[found.group != ALONE])
    assert found.count == APPLICATIONS + 100
    assert sizes.max() == PARTS


def test_nothing_gives_nothing() -> None:
    empty = np.zeros(0, np.int64)
    assert groups(Estate([], empty, empty, empty, np.zeros(0)), 25).count == 0
    lonely = groups(Estate(["a"], empty, empty, empty, np.zeros(0)), 25)
    assert (lonely.count, lonely.group.tolist()) == (0, [ALONE])


def test_modularity_of_two_triangles() -> None:
    # Newman, 2004: 2 triangles without a link between them have modularity 1/2.
    ends = np.array([0, 1, 2, 3, 4, 5]), np.array([1, 2, 0, 4, 5, 3])
    links = linked(6, *ends, np.ones(6))
    label = communities(links, 1.0)
    assert label.tolist() == [0, 0, 0, 1, 1, 1]
    assert modularity(links, label) == pytest.approx(0.5)


def test_a_server_that_many_use_for_its_own_sake_is_not_shared() -> None:
    source, target = np.arange(1, 21), np.zeros(20, np.int64)
    found = shared_services(["erp-db", *map(str, source)], source, target, np.full(20, 1521))
    assert found == []
    named = shared_services(["veeam01", *map(str, source)], source, target, np.full(20, 9999))
    assert [(s.kind, s.confidence) for s in named] == [("backup", 700)]


@pytest.mark.parametrize(
    ("name", "reached", "kind", "confidence"),
    [
        ("nessus-01", 15, "scanner", 700),
        ("zabbix-proxy", 20, "monitoring", 700),
        ("bkp03", 40, "backup", 700),
        ("srv0815", 200, "unknown", 600),
    ],
)
def test_what_reaches_everybody_is_shared(
    name: str, reached: int, kind: str, confidence: int
) -> None:
    source, target = np.zeros(reached, np.int64), np.arange(1, reached + 1)
    found = shared_services([name, *map(str, target)], source, target, np.full(reached, 22))
    assert [(s.node, s.kind, s.clients, s.confidence) for s in found] == [
        (0, kind, reached, confidence)
    ]
    assert f"it reaches {reached} assets" in found[0].why


@pytest.mark.parametrize(
    ("name", "reached"), [("nessus-01", 14), ("srv0815", 199), ("dns1", 199), ("scandinavia", 30)]
)
def test_what_reaches_some_is_not_shared(name: str, reached: int) -> None:
    source, target = np.zeros(reached, np.int64), np.arange(1, reached + 1)
    assert shared_services([name, *map(str, target)], source, target, np.full(reached, 22)) == []


def test_a_scanner_glues_no_applications() -> None:
    main = planted()
    reached = np.arange(APPLICATIONS * PARTS)
    estate = Estate(
        [*main.names, "qualys01"],
        np.concatenate((main.source, np.full(reached.size, main.size))),
        np.concatenate((main.target, reached)),
        np.concatenate((main.port, np.full(reached.size, 443))),
        np.ones(main.source.size + reached.size),
    )
    found, without = groups(estate, PARTS), groups(main, PARTS)
    assert [s.kind for s in found.shared] == ["dns", "scanner"]
    assert np.array_equal(found.group[:-1], without.group)
