"""Where the nodes of a map are drawn."""

from itertools import combinations
from math import dist

from landbridge.discovery.dependency_map.placing import circles, places

CHAIN = [(n, n + 1) for n in range(9)]
STAR = [(10, n) for n in range(11, 20)]


def test_the_same_edges_give_the_same_places_apart_from_each_other():
    found = places(23, CHAIN + STAR)
    assert found == places(23, CHAIN + STAR)
    assert len(found) == 23
    assert min(dist(a, b) for a, b in combinations(found, 2)) > 10


def test_parts_that_nothing_connects_do_not_lie_over_each_other():
    found = places(20, CHAIN + STAR)
    chain, star = (
        [(min(p[axis] for p in part), max(p[axis] for p in part)) for axis in (0, 1)]
        for part in (found[:10], found[10:])
    )
    assert any(a[1] < b[0] or b[1] < a[0] for a, b in zip(chain, star, strict=True))


def test_nodes_that_need_each_other_are_one_circle_and_the_largest_is_first():
    assert circles(6, [(0, 1), (1, 0), (2, 3), (3, 4), (4, 2), (1, 2)]) == [2, 2, 1, 1, 1, 0]
    assert circles(0, []) == []
    assert places(0, []) == []
