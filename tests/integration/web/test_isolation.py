"""No route of the API or the pages shows, finds or changes anything of another account.

Routes come from the application, ids from the database: nothing here names a resource, so a
route that is added tomorrow is asked as well.
"""

import re
import uuid

import httpx
import pytest
from sqlalchemy import text

from landbridge.centre.desk import OwnerDesk
from landbridge.identity import engagements, invitations
from landbridge.identity.permissions import Role
from landbridge.web.app import PAGES
from tests.support.estate import make_estate
from tests.support.waiting import eventually

SLOT = re.compile(r"\{(\w+)\}")
VOLATILE = re.compile(
    r'"(trace_id|instance)":"[^"]*"|Trace id <a class="mono" href="/traces/\w+">\w+|'
    r'name="back" value="[^"]*"'
)
FORM = {
    "decision": "approve",
    "target": "ignore",
    "threshold": "1",
    "scope": "all",
    "name": "x",
    "value": '"x"',
    "status": "confirmed",
    "strategy": "retain",
    "reason": "x",
    "priority": "high",
    "to": str(uuid.UUID(int=1)),
}


@pytest.fixture
def estate(databases, account):
    return make_estate(databases, account)


@pytest.fixture
def routes(server):
    """Every (method, path template, body) below a client account."""
    document = httpx.get(server + "/api/v1/openapi.json").json()
    found = [
        (method.upper(), path, sample(document, operation))
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if "{client_account_id}" in path
    ]
    for router in PAGES:
        found += [
            (method, route.path, {"data": FORM})
            for route in router.routes
            for method in route.methods
            if "{client_account_id}" in route.path
        ]
    assert len(found) > 40
    return found


@pytest.fixture
def recorded(server, databases, estate):
    """The code and the trace of an error of the account, once they are written down; no other
    test of this file provokes that code.
    """
    account = estate.account
    root = f"{server}/api/v1/client-accounts/{account.client_account_id}"
    assets = f"{root}/engagements/{account.engagement_id}/assets"
    refused = httpx.get(assets, params={"cursor": "AAAA"}, headers=account.headers)
    code, trace = refused.json()["code"], refused.headers["x-trace-id"]
    assert code == "INVALID_CURSOR"
    desk = OwnerDesk(databases.owner)  # a request that comes too early would be recorded, too
    eventually(lambda: desk.ask("trace", trace))
    return {"code": code, "trace_id": trace}


def sample(document, operation):
    """A valid body, made from the operation's schema."""
    content = operation.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content:
        return {"files": {"files": ("a.csv", b"a\n1\n")}}
    schema = content.get("application/json", {}).get("schema")
    return {"json": value(document, schema)} if schema else {}


def value(document, schema):
    schema = schema.get("anyOf", [schema])[0]
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if "properties" in schema:
        required = schema.get("required", [])
        body = {k: value(document, v) for k, v in schema["properties"].items() if k in required}
        return body | ({"attribute": "hostname"} if body.get("target") == "attribute" else {})
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    kinds = {"integer": 1, "number": 0.5, "boolean": True, "array": [], "object": {}}
    if schema.get("format") == "uuid":
        return str(uuid.uuid4())
    if schema.get("format") == "date-time":
        return "2100-01-01T00:00:00Z"
    return kinds.get(schema.get("type"), "x")


def ids_of(databases, account):
    """Every id of the account, from every table that has one."""
    with databases.app.open(account.access) as session:
        tables = session.execute(
            text(
                "select table_name from information_schema.columns where table_schema = 'app'"
                " and column_name = 'id' and data_type = 'uuid' and table_name <> 'client_accounts'"
            )
        ).scalars()
        return {
            str(found)
            for table in tables.all()
            for found in session.execute(text(f"select id from app.{table}")).scalars()
        }


def one_id(databases, account, slot):
    """Some id of the table that a slot is named after: finding_id → findings; an item is any."""
    table = "assets" if slot == "item_id" else f"{slot[:-3]}s"
    with databases.app.open(account.access) as session:
        return str(session.execute(text(f"select id from app.{table} limit 1")).scalar_one())


def digest(databases, account):
    """A hash of every row of the account."""
    with databases.app.open(account.access) as session:
        tables = session.execute(
            text(
                "select table_name from information_schema.tables where table_schema = 'app'"
                " and table_type = 'BASE TABLE'"
            )
        ).scalars()
        return {
            table: session.execute(
                text(f"select md5(string_agg(t::text, '|' order by t::text)) from app.{table} t")
            ).scalar_one()
            for table in sorted(tables.all())
        }


def filled(template, fixed, ids):
    """The addresses of a template: the last free slot takes every id, others the first."""
    slots = [s for s in SLOT.findall(template) if s not in fixed]
    path = SLOT.sub(lambda m: fixed.get(m[1], m[0]), template)
    if "kind" in slots:
        return [path.replace("{kind}", k) for k in ("csv", "xlsx", "json")]
    paths = [path]
    for slot in slots:
        paths = [p.replace(f"{{{slot}}}", i) for p in paths for i in sorted(ids)]
    return paths


def sameness(answer, ids):
    body = VOLATILE.sub("", answer.text)
    for known in ids:
        body = body.replace(known, "")
    return answer.status_code, answer.headers["content-type"], body


def first_of(client, path):
    """The first piece of a stream that does not end by itself."""
    with client.stream("GET", path) as answer:
        return next(answer.iter_text(), "")


@pytest.mark.slow
def test_no_route_finds_anything_of_another_account(
    databases, server, estate, other_account, routes, recorded
):
    victim = estate.account
    theirs = {
        "client_account_id": str(victim.client_account_id),
        "engagement_id": str(victim.engagement_id),
    }
    mine = {
        "client_account_id": str(other_account.client_account_id),
        "engagement_id": str(other_account.engagement_id),
    }
    ids = ids_of(databases, victim)
    absent = {str(uuid.uuid4())}
    assert len(ids) > 12
    known = ids | set(recorded.values())
    before = digest(databases, victim)
    asked = 0
    headers = {**other_account.headers, "Accept": "text/html, application/json"}
    with httpx.Client(base_url=server, headers=headers, timeout=30) as attacker:

        def ask(method, path, body):
            nonlocal asked
            asked += 1
            answer = attacker.request(method, path, **(body if method != "GET" else {}))
            assert estate.mark not in answer.text, (method, path)
            assert estate.mark not in str(answer.headers), (method, path)
            return answer

        for method, template, body in routes:
            slots = set(SLOT.findall(template))
            contexts = [theirs, {**mine, "engagement_id": theirs["engagement_id"]}]
            if slots - {"client_account_id", "engagement_id", "kind", "report_format"}:
                contexts.append(mine)
            if "engagement_id" not in slots:
                contexts = [theirs]
            for context in contexts:
                expected = None
                fixed = {k: str(uuid.uuid4()) for k in context} if context is theirs else context
                for path in filled(template, fixed, absent)[:1]:
                    expected = sameness(ask(method, path, body), absent | set(fixed.values()))
                    assert expected[0] == 404, (method, path)
                exhaustive = context is mine and len(slots) == 3
                some = ids if exhaustive else sorted(ids)[:3]
                some = {*some, *(recorded[slot] for slot in slots & recorded.keys())}
                for path in filled(template, context, some):
                    found = sameness(ask(method, path, body), known | set(context.values()))
                    assert found == expected, (method, path)
    assert digest(databases, victim) == before
    assert asked > 300


def test_the_same_routes_answer_their_owner(databases, server, estate, routes, recorded):
    """Else the test above would prove nothing."""
    account = estate.account
    known = {
        "client_account_id": str(account.client_account_id),
        "engagement_id": str(account.engagement_id),
        "flow_id": str(estate.flow_id),
        "import_id": str(estate.imported.import_id),
        "file_id": str(estate.imported.file_id),
        "mapping_id": str(estate.imported.mappings[0]),
        "asset_id": str(estate.asset_id),
        "webhook_id": str(estate.webhook_id),
        "delivery_id": str(estate.delivery_id),
        "kind": "csv",
        "report_format": "html",
        "attribute": "hostname",
        **recorded,
    }
    with databases.app.open(account.access) as session:
        known["token"] = invitations.invite(session, "t@example.org", Role.VIEWER)[1].text
    shown = 0
    with httpx.Client(base_url=server, headers=account.headers, timeout=30) as owner:
        for method, template, _ in routes:
            if method != "GET" or template.endswith(("/events", "/stream", "/{seq}.note")):
                continue
            path = SLOT.sub(lambda m: known.get(m[1]) or one_id(databases, account, m[1]), template)
            query = {"import_id": known["import_id"]} if template.endswith("/mappings") else {}
            answer = owner.get(path, params=query)
            assert answer.status_code == 200, path
            shown += estate.mark in answer.text
    assert shown >= 15


def test_without_a_credential_every_route_asks_for_one(server, estate, routes):
    fixed = {
        "client_account_id": str(estate.account.client_account_id),
        "engagement_id": str(estate.account.engagement_id),
    }
    for method, template, body in routes:
        for path in filled(template, fixed, {str(estate.flow_id)})[:1]:
            answer = httpx.request(method, server + path, **(body if method != "GET" else {}))
            assert answer.status_code == 401, (method, path)
            assert answer.headers["www-authenticate"].startswith("Bearer")
            assert estate.mark not in answer.text


@pytest.mark.slow
def test_one_engagement_does_not_show_what_belongs_to_another(databases, server, estate, routes):
    account = estate.account
    with databases.app.open(account.access) as session:
        second = engagements.ensure_engagement(session, "Second")
    context = {
        "client_account_id": str(account.client_account_id),
        "engagement_id": str(second),
    }
    ids = ids_of(databases, account)
    with httpx.Client(base_url=server, headers=account.headers, timeout=30) as owner:
        for method, template, body in routes:
            slots = set(SLOT.findall(template))
            if "engagement_id" not in slots:
                continue
            if template.endswith(("/imports", "/engagements")) and method == "POST":
                continue
            if template.endswith("/flows/stream"):
                assert estate.mark not in first_of(owner, filled(template, context, ())[0])
                continue
            for path in filled(template, context, sorted(ids)[:: 1 if len(slots) < 4 else 6]):
                answer = owner.request(method, path, **(body if method != "GET" else {}))
                assert estate.mark not in answer.text, (method, path)
                if slots - {*context, "kind", "report_format"}:
                    assert answer.status_code == 404, (method, path)
