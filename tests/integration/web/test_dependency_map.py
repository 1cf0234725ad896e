"""The dependency map: what stands for what, around what, and what is narrowed away."""

import pytest

from landbridge.database import bulk
from landbridge.discovery.dependency_map.drawing import draw
from landbridge.discovery.dependency_map.model import Level, MapWanted
from landbridge.kit.ids import new_id
from tests.support.accounts import make_account, make_flow

ASSET = (
    *(("id", "uuid"), ("engagement_id", "uuid"), ("asset_type", "text"), ("name", "text")),
    *(("environment", "text"), ("content_hash", "bytea"), ("first_seen_flow_id", "uuid")),
)
EDGE = (
    *(("id", "uuid"), ("engagement_id", "uuid"), ("from_asset_id", "uuid")),
    *(("to_asset_id", "uuid"), ("kind", "text"), ("port", "int"), ("protocol", "text")),
    *(("confidence", "int"), ("observations", "bigint"), ("status", "text")),
)
APPLICATION = (("id", "uuid"), ("engagement_id", "uuid"), ("name", "text"), ("name_key", "text"))
MEMBER = (("application_id", "uuid"), ("asset_id", "uuid"))
NAMES = ("web1", "web2", "db1", "dns1", "old1")
EDGES = (
    ("web1", "db1", "connects_to", 900, "suggested"),
    ("web2", "db1", "connects_to", 400, "suggested"),
    ("db1", "web1", "depends_on", 300, "confirmed"),
    ("db1", "dns1", "connects_to", 900, "suggested"),
    ("old1", "dns1", "connects_to", 900, "rejected"),
)


@pytest.fixture
def estate(databases):
    """A shop of two web servers, a ledger of a database, and a name server of nobody's."""
    account = make_account(databases)
    flow = make_flow(databases, account)
    place = account.engagement_id
    ids = {n: new_id() for n in (*NAMES, "Shop", "Ledger")}
    with databases.worker.open(flow) as session:
        assets = (
            (
                ids[n],
                place,
                "server",
                n,
                "test" if n == "web2" else "production",
                b"x" * 16,
                flow.flow_id,
            )
            for n in NAMES
        )
        bulk.insert(session, "assets", ASSET, assets)
        edges = (
            (new_id(), place, ids[a], ids[b], kind, 0, "", sure, 1, status)
            for a, b, kind, sure, status in EDGES
        )
        bulk.insert(session, "dependencies", EDGE, edges)
        named = ((ids[n], place, n, n.lower()) for n in ("Shop", "Ledger"))
        bulk.insert(session, "applications", APPLICATION, named)
        members = (("Shop", "web1"), ("Shop", "web2"), ("Ledger", "db1"))
        bulk.insert(session, "application_assets", MEMBER, ((ids[a], ids[b]) for a, b in members))
    return account, ids


@pytest.fixture
def drawn(databases, estate):
    account, _ = estate

    def look(**wanted):
        with databases.app.open(account.access) as session:
            found = draw(session, account.engagement_id, MapWanted(**wanted))
        names = {n.id: n.name for n in found.nodes}
        return found, {(names[e.source], names[e.target]): e for e in found.edges}

    return look


def test_applications_stand_for_their_assets_and_say_what_needs_each_other(drawn):
    found, edges = drawn()
    assert edges.keys() == {("Shop", "Ledger"), ("Ledger", "Shop"), ("Ledger", "dns1")}
    assert edges["Shop", "Ledger"].dependencies == 2
    assert edges["Shop", "Ledger"].confidence == 0.9
    assert edges["Shop", "Ledger"].circle
    assert not edges["Ledger", "dns1"].circle
    assert {n.name: (n.kind, n.assets, n.circle) for n in found.nodes} == {
        "Shop": (Level.APPLICATION, 2, 1),
        "Ledger": (Level.APPLICATION, 1, 1),
        "dns1": (Level.ASSET, 1, 0),
    }
    assert (found.all_nodes, found.all_edges, found.circles) == (3, 3, 1)
    assert found == drawn()[0]


def test_around_an_application_its_assets_stand_for_themselves(drawn, estate):
    found, edges = drawn(around=estate[1]["Shop"])
    assert edges.keys() == {("web1", "Ledger"), ("web2", "Ledger"), ("Ledger", "web1")}
    assert (found.level, found.around) == (Level.APPLICATION, "Shop")


def test_around_an_asset_as_far_as_asked(drawn, estate):
    found, edges = drawn(around=estate[1]["web2"])
    assert edges.keys() == {("web2", "db1")}
    assert [n.name for n in found.nodes if n.centre] == ["web2"]
    _, edges = drawn(around=estate[1]["web2"], depth=2)
    assert ("db1", "dns1") in edges
    found, edges = drawn(around=estate[1]["old1"])
    assert ([n.name for n in found.nodes], edges) == (["old1"], {})


def test_the_map_is_narrowed_by_kind_environment_confidence_and_size(drawn):
    whole = {"level": Level.ASSET}
    assert len(drawn(**whole)[1]) == 4
    assert drawn(**whole, kind="depends_on")[1].keys() == {("db1", "web1")}
    assert drawn(**whole, environment="test")[1].keys() == {("web2", "db1")}
    # An edge that a person confirmed is sure.
    assert ("db1", "web1") in drawn(**whole, sure=500)[1]
    assert ("web2", "db1") not in drawn(**whole, sure=500)[1]
    assert drawn(level=Level.GROUP)[1] == {}
    found, _ = drawn(**whole, limit=2)
    assert (len(found.nodes), found.all_nodes) == (2, 4)
    assert found.all_edges == 4


def test_page_and_api_draw_the_same_and_know_no_other_account(
    client_of, browser_of, databases, estate
):
    account, ids = estate
    place = f"/accounts/{account.client_account_id}/engagements/{account.engagement_id}"
    answer = client_of(account).get("/dependency-map").json()
    page = browser_of(account).get(f"{place}/dependencies/map").text
    for node in answer["nodes"]:
        assert f'data-node="{node["id"]}"' in page
    assert page.count("data-source=") == len(answer["edges"]) == 3
    assert (
        "Around Shop"
        in browser_of(account).get(f"{place}/dependencies/map?around={ids['Shop']}").text
    )
    stranger = make_account(databases)
    for one in ("Shop", "web1"):
        assert client_of(stranger).get(f"/dependency-map?around={ids[one]}").status_code == 404
    assert client_of(stranger).get("/dependency-map").json()["nodes"] == []


def test_an_address_that_makes_no_sense_shows_the_whole(browser_of, estate):
    account, _ = estate
    place = f"/accounts/{account.client_account_id}/engagements/{account.engagement_id}"
    nonsense = "level=x&around=y&depth=9&kind=z&sure=7"
    answer = browser_of(account).get(f"{place}/dependencies/map?{nonsense}")
    assert answer.status_code == 200
    assert "data-node" in answer.text
