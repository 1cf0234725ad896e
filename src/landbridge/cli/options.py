"""Options that mean the same in every command, with their help."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from cyclopts import Parameter

Json = Annotated[bool, Parameter(help="Print the result as JSON.")]
OfAccount = Annotated[str, Parameter(help="The client account, by name.")]
TheAccount = Annotated[
    str | None,
    Parameter(help="The client account, by name; else the one named Default, or the only one."),
]
TheEngagement = Annotated[
    str | None,
    Parameter(help="The engagement, by name; else the one named Discovery, or the only one."),
]
InAccount = Annotated[
    str | None, Parameter(help="The client account; found by itself when not given.")
]
FlowId = Annotated[UUID, Parameter(help="The flow, as 'landbridge flows list' shows it.")]
FlowIds = Annotated[
    list[UUID], Parameter(help="One flow or several, as 'landbridge flows list' shows them.")
]
WebhookId = Annotated[UUID, Parameter(help="The webhook, as 'webhooks list' shows it.")]
Role = Annotated[str, Parameter(help="viewer, analyst, approver or admin.")]
