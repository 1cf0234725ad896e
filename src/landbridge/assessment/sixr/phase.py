"""The phase: recommend a migration strategy for every application, and every asset without one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, ClassVar, Final
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import text

from landbridge.assessment.sixr import rulebooks
from landbridge.assessment.sixr.evaluate import Outcome, evaluate
from landbridge.assessment.sixr.facts import Known, as_json
from landbridge.assessment.sixr.looking import facts_of
from landbridge.assessment.sixr.members import Estate, Subject
from landbridge.database import bulk
from landbridge.flows.phases import PhaseContext
from landbridge.kit import clock, jsonio
from landbridge.kit.collecting import seldom_collected
from landbridge.kit.ids import new_id

BATCH: Final = 5_000
UNDECIDED: Final = "undecided"
_COLUMNS: Final = (
    *(("id", "uuid"), ("engagement_id", "uuid"), ("application_id", "uuid"), ("asset_id", "uuid")),
    *(("strategy", "text"), ("confidence", "int"), ("rule", "text"), ("arithmetic", "text")),
    *(("rules_version", "int"), ("facts", "jsonb"), ("alternatives", "jsonb")),
    *(("missing", "jsonb"), ("flow_id", "uuid"), ("assessed_at", "timestamptz")),
)
_OWN: Final = ("strategy", "confidence", "rule", "arithmetic", "rules_version", "facts",
               "alternatives", "missing", "flow_id", "assessed_at")  # fmt: skip
_AGAIN: Final = (
    "on conflict (client_account_id, engagement_id, subject) do update set "
    + ", ".join(f"{c} = excluded.{c}" for c in _OWN)
)
_GONE: Final = text(
    "delete from app.recommendations where engagement_id = :e and flow_id <> :f"
    " and decided_at is null"
)


class Recommended(BaseModel):
    """What the phase recommends.

    Attributes:
        subjects: applications, and assets without one.
        applications: those that are applications.
        by_strategy: strategy → how many; 'undecided': no rule holds.
        decided: those that a person has decided; they stay as decided.
        rules_version: of the account's rules; 0 for the shipped ones.
    """

    subjects: int
    applications: int
    by_strategy: dict[str, int]
    decided: int
    rules_version: int


class StrategyRecommendation:
    """Holds the rules against every application, and every asset without one."""

    key: ClassVar[str] = "strategies"
    title: ClassVar[str] = "Recommend strategies"
    unit: ClassVar[str] = "applications and assets"
    output: ClassVar[type[BaseModel]] = Recommended

    def run(self, context: PhaseContext) -> Recommended:
        """Recommend anew; what people decided stays."""
        with seldom_collected():
            return self._run(context)

    def _run(self, context: PhaseContext) -> Recommended:
        session, engagement_id = context.session, context.engagement_id
        rules = rulebooks.in_use(session)
        judge = Judge(rules)
        estate = Estate(session, engagement_id)
        total, done, applications = len(estate), 0, 0
        context.progress(0, total)
        counts: dict[str, int] = {}
        now = clock.now()
        subjects = estate.subjects()
        while some := list(islice(subjects, BATCH)):
            rows = []
            for subject in some:
                facts, outcome = judge.judge(subject, estate)
                strategy = outcome.strategy.value if outcome.strategy else UNDECIDED
                counts[strategy] = counts.get(strategy, 0) + 1
                applications += subject.application
                row = (new_id(), engagement_id, *_ids(subject), *_row(facts, outcome))
                rows.append((*row[:8], rules.version, *row[8:], context.flow_id, now))
            bulk.insert(session, "recommendations", _COLUMNS, rows, _AGAIN)
            done += len(rows)
            context.progress(done, total)
        session.execute(_GONE, {"e": engagement_id, "f": context.flow_id})
        decided = session.execute(
            text(
                "select count(*) from app.recommendations"
                " where engagement_id = :e and decided_at is not null"
            ),
            {"e": engagement_id},
        ).scalar_one()
        return Recommended(
            subjects=done,
            applications=applications,
            by_strategy=dict(sorted(counts.items())),
            decided=decided,
            rules_version=rules.version,
        )


class Judge:
    """Holds one rule book against subjects."""

    def __init__(self, rules: rulebooks.InUse) -> None:
        self._book = rules.book

    def judge(self, subject: Subject, estate: Estate) -> tuple[dict[str, Known], Outcome]:
        """What is known of a subject, and what the rules say."""
        facts = facts_of(
            subject,
            estate.needs.get(subject.id, 0),
            estate.needed_by.get(subject.id, 0),
            judged=estate.judged,
            tied=estate.tied,
        )
        return facts, evaluate(self._book, facts)


def _ids(subject: Subject) -> tuple[UUID | None, UUID | None]:
    return (subject.id, None) if subject.application else (None, subject.id)


def _row(facts: dict[str, Known], outcome: Outcome) -> Iterator[Any]:
    yield outcome.strategy.value if outcome.strategy else None
    yield round(outcome.confidence * 1000)
    yield outcome.rule
    yield outcome.arithmetic
    yield jsonio.dumps(as_json(facts)).replace("\\u0000", "")
    yield jsonio.dumps(
        [
            {
                "rule": a.rule,
                "strategy": a.strategy.value,
                "confidence": a.confidence,
                "missing": list(a.missing),
            }
            for a in outcome.alternatives
        ]
    )
    yield jsonio.dumps(list(outcome.missing))
