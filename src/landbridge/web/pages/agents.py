"""Agents: what the client account allows, and what they cost."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from landbridge.agents import policies, usage
from landbridge.agents.policies import MICROS, Policy
from landbridge.agents.sharing import MEANING, Share
from landbridge.agents.usage import By
from landbridge.kit.settings import settings
from landbridge.web.context import ManageAccount, ViewAccount

router = APIRouter(prefix="/accounts/{client_account_id}/agents", include_in_schema=False)

_DAYS = 30
_SHOWN = 25


@router.get("")
def show_agents(page: ViewAccount, by: By = By.TASK, cursor: str | None = None) -> Response:
    """The policy, the month's budget, sums by task and the last questions."""
    return page.show(
        "pages/agents.html",
        ("Agents", f"/accounts/{page.place.account_id}/agents"),
        policy=policies.policy_of(page.session),
        shares=MEANING,
        model=settings().agent_model,
        used=usage.usage(page.session, _DAYS, by),
        calls=usage.calls(page.session, limit=_SHOWN, cursor=cursor or None),
        kinds=list(By),
        dollars=dollars,
    )


@router.post("")
def change_policy(
    page: ManageAccount,
    share: Annotated[Share, Form()],
    cache_days: Annotated[int, Form(ge=0, le=365)],
    enabled: Annotated[bool, Form()] = False,
) -> Response:
    """Change it, from the next question on."""
    policies.set_policy(page.session, Policy(enabled=enabled, share=share, cache_days=cache_days))
    return RedirectResponse(f"/accounts/{page.place.account_id}/agents", status_code=303)


def dollars(micros: int) -> str:
    """Millionths of a US dollar as people read them: small sums keep four places."""
    places = 2 if micros >= MICROS or micros == 0 else 4
    return f"${micros / MICROS:,.{places}f}"
