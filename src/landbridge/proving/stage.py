"""The stage of a route proof: who there is, what can be asked, and how answers are judged."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any, Final

from landbridge.proving.canaries import Canaries, Side, is_uuid
from landbridge.proving.findings import Findings
from landbridge.proving.knowledge import Knowledge
from landbridge.proving.surface import Operation, Slot
from landbridge.proving.transport import SHORTEST_ID, Answer, Client

DRIVER_TEXT: Final = re.compile(
    r"psycopg|sqlalchemy|SQLSTATE|Traceback \(most|pg_catalog\.|app_private"
    r"|violates ([\w-]+ constraint|row-level)|relation \"|syntax error at|(?-i:DETAIL:\s)",
    re.IGNORECASE,
)
_HINTS: Final = (
    *("psycopg", "sqlalchemy", "sqlstate", "traceback (", "pg_catalog.", "app_private"),
    *("violates ", 'relation "', "syntax error at", "detail:"),
)
"""Plain parts of these, quick to look for."""
_HEX: Final = re.compile(r"[0-9a-f]{16,}")
LANES: Final = 4
"""How many requests are sent at the same time where their order does not matter."""
MASKED: Final = re.compile(r"[0-9a-f]{8,}|\d+")
JSON_ONLY: Final = {"Accept": "application/json"}


@dataclass(slots=True)
class Stage:
    """Everything the attacks of one proof share.

    Attributes:
        operations: what the deployment offers, below a client account or not.
        bodies: operation → values of its body that the deployment accepts.
        named: ids that a request has named: whoever sent them may see them again.
        attacked: operations that were asked since this was last emptied.
    """

    client: Client
    operations: Sequence[Operation]
    canaries: Canaries
    knowledge: Knowledge
    found: Findings
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    attacked: set[str] = field(default_factory=set)

    @property
    def victim(self) -> Side:
        """The account that must stay sealed."""
        return self.canaries.victim

    @property
    def attacker(self) -> Side:
        """The account that tries."""
        return self.canaries.attacker

    def inside(self) -> Iterator[Operation]:
        """The operations below a client account."""
        return (o for o in self.operations if o.in_account)

    def ask(
        self,
        operation: Operation,
        values: Mapping[str, str],
        headers: Mapping[str, str],
        who: str,
        *,
        secrets: Sequence[str] = (),
        **more: Any,
    ) -> Answer:
        """Send a request; no answer may carry a text of the driver, or one of the `secrets`."""
        sent = {**self.bodies.get(str(operation), {}), **more}
        request = operation.request(values, headers, **sent)
        answer = self.client.send(request)
        self.attacked.add(str(operation))
        self.named.update(request.values)
        self.named.update(v for v in more.values() if isinstance(v, str))
        self.named.update(more.get("extra_query", {}).values())
        self.found.counts["requests"] += 1
        told = answer.text
        if secrets and (shown := [s for s in secrets if s in told and s not in request.target]):
            body = (request.body or b"").decode("utf-8", "replace")
            if shown := [s for s in shown if s not in body]:
                self.found.add(
                    "TEXT_OF_ANOTHER_ACCOUNT",
                    str(operation),
                    who,
                    f"{request} answered {answer.status} with {_around(told, shown[0])}",
                )
        if answer.status >= 500 and answer.status != 503:
            self.found.add(
                "SERVER_ERROR", str(operation), who, f"{request} answered {_brief(answer)}"
            )
        elif answer.body[:2] != b"PK" and (driver := _driver_text(told)):
            self.found.add(
                "DRIVER_TEXT",
                str(operation),
                who,
                f"{request} answered {answer.status} with {_around(told, driver)}",
            )
        return answer

    def each(self, attack: Callable[[Operation], None], operations: Iterable[Operation]) -> None:
        """Attack operations side by side; for attacks that do not change what others see."""
        with ThreadPoolExecutor(LANES, thread_name_prefix="attack") as lanes:
            for done in [lanes.submit(attack, operation) for operation in operations]:
                done.result()

    def same(
        self,
        operation: Operation,
        who: str,
        foreign: tuple[Answer, Mapping[str, str]],
        absent: tuple[Answer, Mapping[str, str]],
        oracle: str = "FOREIGN_DIFFERS_FROM_ABSENT",
    ) -> bool:
        """Whether two answers are byte-identical but for their ids and trace ids."""
        given, wanted = (
            answer.comparable((operation.address(values), *values.values()))
            for answer, values in (foreign, absent)
        )
        if given == wanted:
            return True
        self.found.add(
            oracle,
            str(operation),
            who,
            f"asked with {dict(foreign[1])}: {_brief(foreign[0])} – with ids that do not exist: "
            f"{_brief(absent[0])} – first difference: {difference(given, wanted)}",
        )
        return False

    def secrets(self) -> tuple[str, ...]:
        """What of the victim no one else may see: its taint, and the ids it shares with nobody."""
        own = {str(self.attacker.account), *self.attacker.ids()}
        return (self.victim.taint, *(i for i in self.victim.ids() if i not in own))

    def unnamed(self) -> tuple[str, ...]:
        """Of these, what no request has named."""
        return tuple(s for s in self.secrets() if s not in self.named)


def _driver_text(told: str) -> str:
    lower = told.lower()
    found = DRIVER_TEXT.search(told) if any(hint in lower for hint in _HINTS) else None
    return found[0] if found else ""


def like(value: str) -> str:
    """A value of the same shape that names nothing."""
    if is_uuid(value):
        return str(uuid.uuid4())
    if value.isdecimal():
        return "9" * len(value)
    if _HEX.fullmatch(value):
        return token_hex(len(value))[: len(value)]
    return "".join("q" if c.isalnum() else c for c in value)


def absent(values: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """The values with those of these names replaced by ones that name nothing."""
    return {k: like(v) if k in names else v for k, v in values.items()}


def candidates(slot: Slot, side: Side) -> list[str]:
    """Values of an account that may fit a slot: first those whose table the slot is named after."""
    named = [
        value
        for table, rows in side.keys.items()
        if _named_after(slot.name, table.partition(".")[2])
        for row in rows
        for column, value in row.items()
        if (column in ("id", slot.name, "public_id") or column.endswith("public_id"))
    ]
    every = [row for rows in side.keys.values() for row in rows]
    same = [row[slot.name] for row in every if slot.name in row]
    public = [v for row in every for k, v in row.items() if k.endswith("public_id")]
    spoken = sorted(side.spoken.get(slot.name, ()))
    rest = side.ids() if slot.is_id else [*spoken, *reversed(public), *side.words]
    earlier = [fit[slot.name] for fit in side.fits.values() if slot.name in fit]
    found = list(dict.fromkeys([*earlier, *named, *same, *rest]))
    if slot.is_id:
        return [v for v in found if is_uuid(v)]
    used = " ".join(str(headers) for headers in side.headers.values())
    return [v for v in found if len(v) < SHORTEST_ID or v not in used]


def _named_after(slot: str, table: str) -> bool:
    stem = slot.removesuffix("_id")
    single = re.sub("ies$", "y", table) if table.endswith("ies") else table.removesuffix("s")
    return single == stem or single.endswith(f"_{stem}")


def _brief(answer: Answer) -> str:
    return f"{answer.status} {answer.body[:200].decode('utf-8', 'replace')!r}"


def _around(text: str, part: str) -> str:
    at = text.find(part)
    return repr(text[max(0, at - 60) : at + len(part) + 60])


def difference(given: tuple[Any, ...], wanted: tuple[Any, ...]) -> str:
    """Where two answers part, in a few words."""
    for mine, theirs in zip(given, wanted, strict=True):
        if mine != theirs:
            left, right = str(mine), str(theirs)
            at = next(
                (i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b),
                min(len(left), len(right)),
            )
            return f"{left[max(0, at - 40) : at + 80]!r} / {right[max(0, at - 40) : at + 80]!r}"
    return "none"
