"""Lists of the estate: filtered, sorted, paged; and exported."""

import io
import zipfile

import pytest

from tests.support.estate import make_estate


@pytest.fixture
def estate(databases, account):
    return make_estate(databases, account)


@pytest.fixture
def client(client_of, account):
    return client_of(account)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("assets", "name"),
        ("applications", "name"),
        ("conflicts", "asset_name"),
        ("dependencies", "from_name"),
        ("findings", "title"),
    ],
)
def test_a_list_is_searched_and_what_is_not_there_is_not_found(client, estate, path, text):
    found = client.get(f"/{path}", params={"q": estate.mark.upper()}).json()["items"]
    assert found
    assert all(estate.mark in row[text] for row in found)
    assert client.get(f"/{path}", params={"q": "no such thing"}).json()["items"] == []
    assert client.get(f"/{path}", params={"q": "%"}).json()["items"] == []


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", ["name", "cpu_cores", "memory_mb", "os_name"])
def test_pages_show_every_row_once_in_order(client, estate, sort, descending):
    wanted = {"sort": sort, "descending": descending, "limit": 1}
    first = client.get("/assets", params=wanted).json()
    second = client.get("/assets", params={**wanted, "cursor": first["next"]}).json()
    assert second["next"] is None
    names = [first["items"][0]["name"], second["items"][0]["name"]]
    assert sorted(names) == [f"{estate.mark}-0", f"{estate.mark}-1"]
    if sort == "name":
        assert names == sorted(names, reverse=descending)


@pytest.mark.parametrize("cursor", ["x", "W10", "WzFd", "bnVsbA", "WyJhIiwiYiJd", "WzEsMl0"])
def test_a_cursor_that_was_not_given_is_refused(client, estate, cursor):
    for sort in ("name", "cpu_cores"):
        answer = client.get("/assets", params={"cursor": cursor, "sort": sort})
        assert (answer.status_code, answer.json()["code"]) == (404, "INVALID_CURSOR")


def test_filters_narrow_together_and_facets_count(client, estate):
    wanted = {"environment": "production", "severity": "high"}
    assert len(client.get("/assets", params=wanted).json()["items"]) == 1
    assert client.get("/assets", params={**wanted, "asset_type": "cluster"}).json()["items"] == []
    facets = client.get("/assets/facets").json()
    assert facets["total"] == 2
    assert facets["facets"]["environment"] == [{"value": "production", "count": 2}]


def test_an_asset_tells_everything_about_itself(client, estate):
    asset = client.get(f"/assets/{estate.asset_id}").json()
    assert asset["keys"] == [{"kind": "hostname", "value": f"{estate.mark}-0"}]
    assert asset["components"][0]["kind"] == "disk"
    assert asset["origins"][0]["rows"] == [2]
    assert asset["applications"][0]["name"] == estate.mark
    assert (asset["findings"], asset["worst"]) == (1, "high")


def test_the_inventory_is_exported_in_every_format(client, estate):
    table = client.get("/exports/inventory.csv")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.headers["content-disposition"].startswith('attachment; filename="inventory.csv"')
    assert table.text.count(f"{estate.mark}-") >= 2
    document = client.get("/exports/inventory.json")
    assert estate.mark in str(document.json())
    book = client.get("/exports/inventory.xlsx")
    assert zipfile.ZipFile(io.BytesIO(book.content)).testzip() is None
    assert client.get("/exports/inventory.exe").status_code == 404
