"""The decisions that a flow waits for, as the page asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as item
from typing import Any
from uuid import UUID

from landbridge.flows.definitions import GateKind
from landbridge.flows.states import ApprovalStatus
from landbridge.flows.status import ApprovalView, FlowView
from landbridge.web import schema_forms
from landbridge.web.measures import number
from landbridge.web.people import People
from landbridge.web.schema_forms import FormField
from landbridge.web.words import value, words


@dataclass(frozen=True, slots=True)
class Tried:
    """A decision that was not taken: what was sent, and what is wrong with it.

    Attributes:
        mistake: about the decision as a whole.
        mistakes: about fields of a form, by name.
    """

    approval_id: UUID
    mistake: str = ""
    mistakes: Mapping[str, str] = item(default_factory=dict)
    reason: str = ""
    answer: Any = None


@dataclass(frozen=True, slots=True)
class Question:
    """One open decision.

    Attributes:
        asked: the member who was asked; empty when nobody in particular was.
        mine: whether it waits for the person who looks.
        facts: what there is to decide, as (name, value).
        otherwise: what happens when nobody decides by the deadline; empty without one.
    """

    approval: ApprovalView
    asked: str
    mine: bool
    facts: tuple[tuple[str, str], ...]
    otherwise: str
    fields: tuple[FormField, ...]
    tried: Tried | None


def questions(
    flow: FlowView, people: People, viewer: UUID | None, tried: Tried | None = None
) -> list[Question]:
    """The open decisions of a flow, oldest first."""
    return [
        _question(approval, people, viewer, tried)
        for approval in flow.approvals
        if approval.status == ApprovalStatus.PENDING
    ]


def _question(
    approval: ApprovalView, people: People, viewer: UUID | None, tried: Tried | None
) -> Question:
    mine = tried if tried and tried.approval_id == approval.id else None
    filled = mine.answer if mine and isinstance(mine.answer, dict) else approval.default
    values = filled if isinstance(filled, dict) else {}
    mistakes = mine.mistakes if mine else {}
    return Question(
        approval=approval,
        asked=people.name(approval.assigned_to) if approval.assigned_to else "",
        mine=approval.assigned_to in {None, viewer},
        facts=tuple(
            (words(name), number(item) if isinstance(item, (int, float)) else value(item))
            for name, item in approval.summary.items()
        ),
        otherwise=_default(approval) if approval.deadline_at else "",
        fields=tuple(
            sorted(schema_forms.fields(approval.fields or {}, values, mistakes), key=_rank)
        ),
        tried=mine,
    )


def _rank(field: FormField) -> tuple[bool, bool]:
    """What must be given comes first, what is only ticked last."""
    return not field.required, field.control == "checkbox"


def _default(approval: ApprovalView) -> str:
    default = approval.default
    if default is None:
        return "the flow fails; a retry asks again"
    if approval.kind == GateKind.CHOICE:
        titles = {choice["key"]: choice["title"] for choice in approval.choices}
        return f"“{titles.get(str(default), default)}” is taken"
    if approval.kind == GateKind.FORM:
        return f"these values apply: {value(default)}"
    if default == "reject":
        return "it counts as rejected and the flow ends"
    return "it counts as approved and the flow goes on"
