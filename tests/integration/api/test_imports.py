"""Sending files, and getting back what was sent."""

import hashlib
import http.client
import uuid

import pytest

from landbridge.identity.permissions import Role

CSV = b"Name,IP\nweb-01,10.0.0.1\nweb-02,10.0.0.2\n"


def send(client, *files, **more):
    return client.post("/imports", files=[("files", f) for f in files], **more)


def test_several_files_become_one_import_and_come_back_byte_by_byte(client_of, account):
    client = client_of(account)
    odd = "Büro – “Ost”.csv"
    answer = send(client, ("a.csv", CSV), (odd, b"\xff\x00\r\n"))
    assert answer.status_code == 201
    body = answer.json()
    assert [f["name"] for f in body["files"]] == ["a.csv", odd]
    assert body["files"][0]["sha256"] == hashlib.sha256(CSV).hexdigest()
    for file, content in zip(body["files"], (CSV, b"\xff\x00\r\n"), strict=True):
        got = client.get(f"/imports/{body['id']}/files/{file['id']}/original")
        assert got.content == content
        assert got.headers["content-disposition"].startswith("attachment")
        assert got.headers["content-type"] == "application/octet-stream"
    shown = client.get(f"/imports/{body['id']}").json()
    assert [f["status"] for f in shown["files"]] == ["received", "received"]
    assert [i["id"] for i in client.get("/imports").json()["items"]] == [body["id"]]
    assert client.get(f"/imports/{body['id']}/issues").json() == {"items": [], "next": None}


def test_the_same_upload_under_one_key_is_one_import(client_of, account):
    client = client_of(account)
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    first = send(client, ("a.csv", CSV), headers=headers)
    second = send(client, ("a.csv", CSV), headers=headers)
    assert first.json() == second.json()
    assert len(client.get("/imports").json()["items"]) == 1
    other = send(client, ("a.csv", CSV + b"more"), headers=headers)
    assert other.json()["code"] == "IDEMPOTENCY_KEY_REUSED"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"data": {"files": "not a file"}, "files": {}}, "UNSUPPORTED_MEDIA_TYPE"),
        ({"json": {"files": []}}, "UNSUPPORTED_MEDIA_TYPE"),
        ({"files": {"note": (None, b"text")}}, "NOTHING_UPLOADED"),
        (
            {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}},
            "UNREADABLE_BODY",
        ),
    ],
)
def test_what_is_no_upload_is_refused_with_a_reason(client_of, account, body, code):
    assert client_of(account).post("/imports", **body).json()["code"] == code


def test_too_many_files_are_refused(client_of, account):
    files = [(f"{n}.csv", b"a") for n in range(101)]
    assert send(client_of(account), *files).json()["code"] == "TOO_MANY_FILES"


def test_who_may_not_import_is_answered_before_a_byte_of_the_files(client_of, make_account):
    viewer = make_account(role=Role.VIEWER)
    client = client_of(viewer)
    url = client.base_url
    connection = http.client.HTTPConnection(url.host, url.port, timeout=20)
    connection.putrequest("POST", f"{url.path}imports")
    connection.putheader("Authorization", viewer.headers["Authorization"])
    connection.putheader("Content-Type", "multipart/form-data; boundary=b")
    connection.putheader("Content-Length", str(1 << 30))
    connection.endheaders()
    assert connection.getresponse().status == 403
    connection.close()


def test_a_file_of_another_import_or_account_is_not_found(client_of, account, other_account):
    mine, theirs = client_of(account), client_of(other_account)
    one = send(mine, ("a.csv", CSV)).json()
    two = send(mine, ("b.csv", CSV)).json()
    file = two["files"][0]["id"]
    assert mine.get(f"/imports/{one['id']}/files/{file}/original").status_code == 404
    for path in ("", "/issues", "/failed-rows.csv", f"/files/{file}/original"):
        assert theirs.get(f"/imports/{two['id']}{path}").status_code == 404
    flow = theirs.post("/flows", json={"import_id": one["id"]})
    assert flow.status_code == 404


def test_how_files_are_read_can_be_decided_when_they_are_sent(client_of, account):
    client = client_of(account)
    fields = {"encoding": "CP1252", "delimiter": "tab", "header_row": "2", "sheets": "A\r\n\r\nB"}
    sent = send(client, ("a.csv", CSV), data=fields)
    assert sent.status_code == 201
    shown = client.get(f"/imports/{sent.json()['id']}").json()
    assert shown["files"][0]["options"] == {
        "encoding": "cp1252", "delimiter": "tab", "header_row": 2, "sheets": ["A", "B"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"encoding": "klingon"}, "UNKNOWN_ENCODING"),
        ({"encoding": "rot13"}, "UNKNOWN_ENCODING"),
        ({"header_row": "first"}, "HEADER_ROW_INVALID"),
        ({"header_row": "-2"}, "HEADER_ROW_INVALID"),
    ],
)
def test_a_wrong_decision_is_refused_before_anything_is_stored(client_of, account, fields, code):
    client = client_of(account)
    assert send(client, ("a.csv", CSV), data=fields).json()["code"] == code
    assert client.get("/imports").json()["items"] == []


def test_a_template_is_a_file_with_a_header_only(client_of, account):
    got = client_of(account).get("/import-template.csv", params={"columns": "required"})
    assert got.headers["content-disposition"].startswith("attachment")
    assert got.text.lstrip("\ufeff").startswith("hostname,ip_address,")
    assert got.text.count("\n") == 1
