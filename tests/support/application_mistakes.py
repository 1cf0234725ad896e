"""Mistakes of an application, planted between a server and its clients. The database would hold
most of them back, so they go round it with the superuser's eyes, as a hurried change might.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from landbridge.database import bootstrap
from landbridge.database.engine import Databases
from landbridge.identity import keys
from landbridge.identity.credentials import hash_of
from landbridge.identity.permissions import Role

PLACE = re.compile(
    r"/(?:accounts|client-accounts)/([0-9a-f-]{36})(?:/engagements/([0-9a-f-]{36}))?"
)
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request on its way in."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def account(self) -> str:
        """The client account in its address."""
        found = PLACE.search(self.path)
        return found[1] if found else ""

    @property
    def last_id(self) -> str:
        """The last id in its address."""
        return (ID.findall(self.path) or [""])[-1]

    def as_(self, key: str) -> Asked:
        """The same request with another credential."""
        return replace(self, headers=self.headers | {"authorization": f"Bearer {key}"})


@dataclass(frozen=True, slots=True)
class Given:
    """An answer on its way out."""

    status: int
    headers: dict[str, str]
    body: bytes

    def saying(self, text: str) -> Given:
        """The same with a text in its body."""
        return replace(self, body=self.body + text.encode())


@dataclass(slots=True)
class House:
    """What a careless application has at hand: every account's rows and keys."""

    databases: Databases
    remembered: dict[str, Given] = field(default_factory=dict)
    _keys: dict[str, str] = field(default_factory=dict)

    def one(self, sql: str, *values: object) -> Any:
        """One value, seen by the superuser."""
        assert self.databases.admin_url is not None
        with bootstrap.connect(self.databases.admin_url) as connection:
            row = connection.execute(sql, values or None).fetchone()
        return row[0] if row else None

    def key_of(self, account: str) -> str:
        """A key that opens this account, whoever asks."""
        assert self.databases.owner is not None
        if account not in self._keys and self.one(
            "select 1 from app.client_accounts where id::text = %s", account
        ):
            made = keys.create_service_key(
                self.databases.owner, UUID(account), Role.ADMIN, label="careless"
            )
            self._keys[account] = made.text
        return self._keys.get(account, "none")

    def owner_of(self, identifier: str) -> str:
        """The account that has a row of this id, in a few tables."""
        tables = ("engagements", "flows", "imports", "assets", "findings", "import_files")
        union = " union all ".join(f"select client_account_id, id from app.{t}" for t in tables)
        found = self.one(
            f"select client_account_id::text from ({union}) x where id::text = %s", identifier
        )
        return str(found or "")

    def members(self, asked: Asked) -> set[str]:
        """The accounts that the caller is a member of."""
        key = asked.headers.get("authorization", "").partition(" ")[2]
        found = self.one(
            "select array_agg(client_account_id::text) from app.accounts(%s)", hash_of(key)
        )
        return set(found or ())


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is done to requests and answers, and at which addresses it shows."""

    where: str
    before: Callable[[House, Asked], Asked | Given | None] | None = None
    after: Callable[[House, Asked, Given], Given] | None = None


def trusts_header(house: House, asked: Asked) -> Asked | None:
    named = asked.headers.get("x-client-account-id", "")
    place = PLACE.search(asked.path)
    if not named or place is None:
        return None
    path = asked.path.replace(place[1], named)
    if place[2]:
        sql = "select id::text from app.engagements where client_account_id::text = %s limit 1"
        path = path.replace(place[2], house.one(sql, named))
    return replace(asked, path=path).as_(house.key_of(named))


def trusts_query(house: House, asked: Asked) -> Asked | None:
    named = re.search(r"account_id=([0-9a-f-]{36})", asked.query)
    return trusts_header(
        house, replace(asked, headers=asked.headers | {"x-client-account-id": named[1]})
    ) if named else None  # fmt: skip


def any_member_opens_any(house: House, asked: Asked) -> Asked | None:
    known = bool(house.members(asked))
    return asked.as_(house.key_of(asked.account)) if known and asked.account else None


def nobody_is_asked(house: House, asked: Asked) -> Asked | None:
    if asked.headers.get("authorization") or not asked.account:
        return None
    return asked.as_(house.key_of(asked.account))


def viewers_are_promoted(house: House, asked: Asked) -> Asked | None:
    if asked.method == "GET" or asked.account not in house.members(asked):
        return None
    return asked.as_(house.key_of(asked.account))


def cached_by(key: Callable[[Asked], str]) -> Mistake:
    def look(house: House, asked: Asked) -> Given | None:
        known = house.remembered.get(key(asked)) if asked.method == "GET" else None
        return known if asked.headers.get("authorization") else None

    def keep(house: House, asked: Asked, given: Given) -> Given:
        if asked.method == "GET" and given.status == 200:
            house.remembered.setdefault(key(asked), given)
        return given

    return Mistake("engagement_id}/(assets|findings)$", look, keep)


def tells_forbidden(house: House, asked: Asked, given: Given) -> Given:
    foreign = asked.account and asked.account not in house.members(asked)
    exists = foreign and house.key_of(asked.account) != "none"
    return replace(given, status=403) if given.status == 404 and exists else given


def tells_of_others(house: House, asked: Asked, given: Given) -> Given:
    if given.status == 404 and house.owner_of(asked.last_id):
        return given.saying(" It belongs to another client account.")
    return given


def names_the_account(house: House, asked: Asked, given: Given) -> Given:
    name = house.one("select name from app.client_accounts where id::text = %s", asked.account)
    return replace(given, headers=given.headers | {"x-account": str(name or "none")})


def counts_everybody(house: House, asked: Asked, given: Given) -> Given:
    if given.status != 200 or b'"items"' not in given.body:
        return given
    body = json.loads(given.body) | {"all": house.one("select count(*) from app.assets")}
    return replace(given, body=json.dumps(body).encode())


def suggests_names(house: House, asked: Asked, given: Given) -> Given:
    if given.status != 404:
        return given
    names = house.one("select string_agg(name, ' or ') from (select distinct on (client_account_id)"
                      " name from app.assets where client_account_id::text <> %s) as others",
                      asked.account)  # fmt: skip
    return given.saying(f" Did you mean {names}?")


def repeats_by_key_alone(house: House, asked: Asked) -> Given | None:
    return house.remembered.get(asked.headers.get("idempotency-key", "none"))


def keeps_by_key_alone(house: House, asked: Asked, given: Given) -> Given:
    key = asked.headers.get("idempotency-key")
    if key and given.status < 300:
        again = replace(given, headers=given.headers | {"idempotency-replayed": "true"})
        house.remembered.setdefault(key, again)
    return given


def breaks_on_quotes(_house: House, asked: Asked) -> Given | None:
    if "%27" not in asked.query and "'" not in asked.query:
        return None
    return Given(400, {"content-type": "text/plain"}, b'syntax error at or near "1"')


def fails_on_quotes(_house: House, asked: Asked) -> Given | None:
    return Given(500, {}, b"") if "%27" in asked.query else None


def follows_names_in_bodies(house: House, asked: Asked) -> Given | None:
    if asked.method != "POST" or not asked.body.startswith(b"{"):
        return None
    for identifier in ID.findall(asked.body.decode("utf-8", "replace")):
        if house.owner_of(identifier) not in ("", asked.account):
            return Given(409, {"content-type": "application/json"}, b'{"detail": "in use"}')
    return None


def works_before_it_checks(house: House, asked: Asked, given: Given) -> Given:
    if asked.method == "POST" and given.status == 404:
        house.one("update app.findings set decision_reason = 'seen' where id::text = %s"
                  " returning 1", asked.last_id)  # fmt: skip
    return given


def lists_everybody(house: House, asked: Asked, given: Given) -> Given:
    names = house.one("select string_agg(name, ', ' order by name) from app.client_accounts")
    return given.saying(names) if asked.path.endswith("/client-accounts") else given


def follows_the_engagement(house: House, asked: Asked) -> Asked | None:
    place = PLACE.search(asked.path)
    if place is None or not place[2]:
        return None
    owner = house.owner_of(place[2])
    if owner and owner != place[1] and owner in house.members(asked):
        return replace(asked, path=asked.path.replace(place[1], owner))
    return None


def fills_in_a_name(house: House, asked: Asked) -> Asked | None:
    if asked.method != "POST" or not asked.body.startswith(b"{"):
        return None
    name = house.one("select name from app.engagements where client_account_id::text <> %s"
                     " order by created_at limit 1", asked.account)  # fmt: skip
    return replace(asked, body=json.dumps({"name": f"Like {name}"}).encode())


def loses_the_challenge(_house: House, _asked: Asked, given: Given) -> Given:
    return replace(given, headers={k: v for k, v in given.headers.items() if k[:4] != "www-"})


def markers_name_the_account(_house: House, asked: Asked, given: Given) -> Given:
    if asked.method != "GET" or given.status != 200 or b'"next":"' not in given.body:
        return given
    body = json.loads(given.body)
    body["next"] += f"~{asked.account}"
    return replace(given, body=json.dumps(body).encode())


def markers_are_believed(house: House, asked: Asked) -> Asked | None:
    marker = re.search(r"cursor=([\w-]*)(?:~|%7E)([0-9a-f-]{36})", asked.query)
    if marker is None:
        return None
    query = re.sub(r"cursor=[^&]*", "", asked.query)
    headers = asked.headers | {"x-client-account-id": marker[2]}
    return trusts_header(house, replace(asked, query=query, headers=headers))


def names_are_unique_everywhere(house: House, asked: Asked) -> Given | None:
    if asked.method != "POST" or not asked.body.startswith(b"{"):
        return None
    name = json.loads(asked.body).get("name")
    taken = house.one(
        "select 1 from app.engagements where name = %s and client_account_id::text <> %s",
        str(name),
        asked.account,
    )
    return (
        Given(409, {"content-type": "application/json"}, b'{"detail": "taken"}') if taken else None
    )


def gives_validators(house: House, asked: Asked, given: Given) -> Given:
    if asked.method != "GET" or given.status != 200:
        return given
    etag = f'"{hashlib.sha256(given.body).hexdigest()[:16]}"'
    house.remembered[etag] = given
    return replace(given, headers=given.headers | {"etag": etag})


def keeps_for_everybody(house: House, asked: Asked) -> Given | None:
    known = asked.headers.get("if-none-match") in house.remembered
    return Given(304, {}, b"") if known else None


LEAF = "engagement_id}/(assets|findings)$"
ONE = "engagement_id}/(assets|findings)/{[a-z]+_id}$"
APPLICATION: dict[str, Mistake] = {
    "an account header that is trusted": Mistake(LEAF, trusts_header),
    "an account parameter that is trusted": Mistake(LEAF, trusts_query),
    "a credential of any account opens every account": Mistake(LEAF, any_member_opens_any),
    "an export without the check": Mistake("exports/inventory", any_member_opens_any),
    "an original file without the check": Mistake("/original$", any_member_opens_any),
    "a stream without the check": Mistake("flow_id}/(events|stream)$", any_member_opens_any),
    "a page without the check": Mistake("^/accounts/.*/inventory$", any_member_opens_any),
    "a write without the check": Mistake("accept$", any_member_opens_any),
    "a route that asks nobody to sign in": Mistake(LEAF, nobody_is_asked),
    "a viewer who may write": Mistake("accept$", viewers_are_promoted),
    "a cache keyed by the address alone": cached_by(lambda a: a.path),
    "a cache keyed without the account": cached_by(lambda a: PLACE.sub("", a.path)),
    "403 that tells of foreign accounts": Mistake(LEAF, None, tells_forbidden),
    "404 that tells of foreign ids": Mistake(ONE, None, tells_of_others),
    "a header that names the account": Mistake(LEAF, None, names_the_account),
    "a count over every account": Mistake(LEAF, None, counts_everybody),
    "suggestions from every account": Mistake(ONE, None, suggests_names),
    "idempotency keys shared by accounts": Mistake(
        "client_account_id}/engagements$", repeats_by_key_alone, keeps_by_key_alone
    ),
    "the driver's text in an answer": Mistake(LEAF, breaks_on_quotes),
    "a search that fails on quotes": Mistake(LEAF, fails_on_quotes),
    "a job that is asked for with foreign ids": Mistake(
        "^/api.*engagement_id}/flows$", follows_names_in_bodies
    ),
    "a write that happens before the check": Mistake("accept$", None, works_before_it_checks),
    "a list of every account": Mistake("^/api/v1/client-accounts$", None, lists_everybody),
    "an engagement that is not looked for in its account": Mistake(LEAF, follows_the_engagement),
    "401 without a way to authenticate": Mistake(LEAF, None, loses_the_challenge),
    "a page marker that names its account": Mistake(
        LEAF, markers_are_believed, markers_name_the_account
    ),
    "names that must be unique over all accounts": Mistake(
        "^/api.*client_account_id}/engagements$", names_are_unique_everywhere
    ),
    "a cache that asks whether anything is known": Mistake(
        LEAF, keeps_for_everybody, gives_validators
    ),
    "a default taken from another account": Mistake(
        "^/api.*client_account_id}/engagements$", fills_in_a_name
    ),
}
"""What it is called → what it does."""
