"""What a deployment offers: operations with their slots, read from OpenAPI documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import quote, urlencode

from landbridge.kit import jsonio
from landbridge.proving.samples import Schema, sample
from landbridge.proving.transport import Request

Document = Mapping[str, Any]

ACCOUNT: Final = "client_account_id"
ENGAGEMENT: Final = "engagement_id"
TAKES_AWAY: Final = "x-takes-away"
METHODS: Final = ("get", "post", "put", "patch", "delete")
BOUNDARY: Final = "canary-7d41b838a4f2"
SAMPLE_FILE: Final = b"name,notes\ncanary,canary\n"


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a value: in the path, the query, a header or the body."""

    name: str
    place: str
    schema: Schema
    required: bool

    @property
    def is_id(self) -> bool:
        """Whether it takes the id of something."""
        return any(s.get("format") == "uuid" for s in _kinds(self.schema))

    @property
    def is_text(self) -> bool:
        """Whether it takes free text."""
        return any(
            s.get("type") == "string"
            and "enum" not in s
            and "const" not in s
            and not s.get("format")
            for s in _kinds(self.schema)
        )


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address.

    Attributes:
        media: content type of its body; nothing when it takes none.
        whole: schema of its body.
        documented: status codes that its document names.
    """

    method: str
    path: str
    slots: tuple[Slot, ...]
    media: str = ""
    whole: Schema = field(default_factory=dict)
    documented: frozenset[str] = frozenset()
    streams: bool = False
    takes_away: bool = False

    def __str__(self) -> str:
        """How evidence names it."""
        return f"{self.method} {self.path}"

    @property
    def reads(self) -> bool:
        """Whether it only reads."""
        return self.method == "GET"

    @property
    def in_account(self) -> bool:
        """Whether it lies below a client account."""
        return f"{{{ACCOUNT}}}" in self.path

    def at(self, place: str) -> list[Slot]:
        """The slots in a place, in order."""
        found = [s for s in self.slots if s.place == place]
        return sorted(found, key=lambda s: self.path.find(f"{{{s.name}}}"))

    @property
    def for_operators(self) -> bool:
        """Whether it is none of the members' own: to them it is not there."""
        return "/operator/" in self.path

    @property
    def ids(self) -> list[Slot]:
        """Path slots beyond the account and the engagement."""
        return [s for s in self.at("path") if s.name not in (ACCOUNT, ENGAGEMENT)]

    def address(self, values: Mapping[str, str]) -> str:
        """The path with these values in its slots."""
        target = self.path
        for slot in self.at("path"):
            target = target.replace(f"{{{slot.name}}}", quote(values[slot.name], safe=""))
        return target

    def request(
        self, values: Mapping[str, str], headers: Mapping[str, str], **more: Any
    ) -> Request:
        """The request with these path values; `more` are values of query and body by name."""
        target = self.address(values)
        query = {
            s.name: str(more.get(s.name, sample(s.schema)))
            for s in self.at("query")
            if s.name in more or s.required
        }
        extra = more.get("extra_query", {})
        if query or extra:
            target += "?" + urlencode({**query, **extra})
        body, kind = self._body(more)
        sent = {**headers, **({"Content-Type": kind} if kind else {})}
        used = tuple(str(v) for v in (*values.values(), *more.get("named", ())))
        return Request(self.method, target, sent, body, used, self.streams)

    def _body(self, more: Mapping[str, Any]) -> tuple[bytes | None, str]:
        if not self.media:
            return None, ""
        if "body" in more:
            return jsonio.dumps(more["body"]).encode("utf-8", "surrogatepass"), self.media
        if self.media.startswith("multipart/"):
            return _multipart(), f"{self.media}; boundary={BOUNDARY}"
        value = sample(self.whole)
        if isinstance(value, dict):
            names = {s.name for s in self.at("body")}
            value |= {k: v for k, v in more.items() if k in names}
        if self.media == "application/x-www-form-urlencoded":
            return urlencode(value if isinstance(value, dict) else {}).encode(), self.media
        return jsonio.dumps(value).encode(), self.media


def operations(documents: Iterable[Document]) -> list[Operation]:
    """Every operation of these documents, once."""
    found: dict[tuple[str, str], Operation] = {}
    for document in documents:
        for path, methods in document["paths"].items():
            for method in METHODS:
                if method in methods:
                    whole = _operation(document, method, path, methods[method])
                    for made in _choices(whole):
                        found.setdefault((made.method, made.path), made)
    return list(found.values())


def _operation(document: Document, method: str, path: str, told: Schema) -> Operation:
    slots = [
        Slot(p["name"], p["in"], resolve(document, p.get("schema", {})), bool(p.get("required")))
        for p in told.get("parameters", [])
    ]
    content = told.get("requestBody", {}).get("content", {})
    media = next(iter(content), "")
    whole = resolve(document, content.get(media, {}).get("schema", {}))
    while "properties" not in whole and whole.get("anyOf"):
        whole = whole["anyOf"][0]
    needed = whole.get("required", ())
    for name, schema in whole.get("properties", {}).items():
        slots.append(Slot(name, "body", schema, name in needed))
    answers = told.get("responses", {})
    kinds = {kind for answer in answers.values() for kind in answer.get("content", {})}
    return Operation(
        method.upper(),
        path,
        tuple(slots),
        media,
        whole,
        frozenset(answers),
        "text/event-stream" in kinds,
        bool(told.get(TAKES_AWAY)),
    )


def _choices(operation: Operation) -> list[Operation]:
    """One operation for each choice of a path slot that has a closed list of values."""
    closed = next((s for s in operation.at("path") if s.schema.get("enum")), None)
    if closed is None:
        return [operation]
    others = tuple(s for s in operation.slots if s is not closed)
    return [
        made
        for value in closed.schema["enum"]
        for made in _choices(
            replace(
                operation,
                path=operation.path.replace(f"{{{closed.name}}}", str(value)),
                slots=others,
            )
        )
    ]


def resolve(document: Document, schema: Any, depth: int = 8) -> Any:
    """A schema with its references replaced by what they point to."""
    if depth == 0:
        return {}
    if isinstance(schema, Mapping):
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[1]
            return resolve(document, document["components"]["schemas"][name], depth - 1)
        return {k: resolve(document, v, depth) for k, v in schema.items()}
    if isinstance(schema, list):
        return [resolve(document, item, depth) for item in schema]
    return schema


def _kinds(schema: Schema) -> list[Schema]:
    """The alternatives of a schema, with the items of arrays."""
    found = [schema]
    for several in ("anyOf", "oneOf", "allOf"):
        found += [s for part in schema.get(several, ()) for s in _kinds(part)]
    if isinstance(schema.get("items"), Mapping):
        found += _kinds(schema["items"])
    return found


def _multipart() -> bytes:
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="canary.csv"\r\n'
        "Content-Type: text/csv\r\n\r\n"
    )
    return head.encode() + SAMPLE_FILE + f"\r\n--{BOUNDARY}--\r\n".encode()
