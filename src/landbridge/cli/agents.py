"""`landbridge agents`: language models that advise, within a policy and a budget."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from cyclopts.validators import Number

from landbridge.agents import policies
from landbridge.agents import usage as used
from landbridge.agents.adapters.price_source import known_prices
from landbridge.agents.checking import checked
from landbridge.agents.configuration import configured_prices
from landbridge.agents.policies import MICROS
from landbridge.agents.prices import written
from landbridge.agents.sharing import Share
from landbridge.agents.usage import By
from landbridge.cli.context import databases
from landbridge.cli.options import Json, TheAccount
from landbridge.cli.output import OK, console, print_json
from landbridge.cli.people import owner, say, show_list
from landbridge.cli.selection import selected_account
from landbridge.identity.client_accounts import find_client_account
from landbridge.kit.clock import now

Days = Annotated[int, Parameter(validator=Number(gte=1, lte=400))]
Dollars = Annotated[float | None, Parameter(validator=Number(gte=0, lte=1_000_000))]
PerMinute = Annotated[int | None, Parameter(validator=Number(gte=0, lte=1_000_000))]
CacheDays = Annotated[int | None, Parameter(validator=Number(gte=0, lte=365))]

_GROUP = ("key", "calls", "cached", "refused", "input_tokens", "output_tokens", "dollars")
_PRICE = ("provider", "model", "input", "cached", "output", "as_of")


def usage(
    *,
    days: Days = 30,
    by: By = By.TASK,
    client_account: TheAccount = None,
    json: Json = False,
) -> int:
    """Show what agents were asked in a client account, and what it cost.

    Example: landbridge agents usage --by engagement

    Parameters
    ----------
    days
        Days before now.
    by
        Sum by engagement, flow, phase, task or model.
    """
    access = selected_account(databases(), client_account)
    with databases().app.open(access) as session:
        found = used.usage(session, days, by)
    if json:
        print_json(found.model_dump(mode="json"))
        return OK
    rows = [{**g.model_dump(), "dollars": f"{g.cost_micros / MICROS:.4f}"} for g in found.groups]
    show_list("groups", rows, _GROUP, json=False)
    console().print(
        f"${found.month_micros / MICROS:.4f} of ${found.budget_micros / MICROS:.2f} are spent or "
        "reserved this month."
    )
    return OK


def policy(
    name: str,
    /,
    *,
    enabled: bool | None = None,
    share: Share | None = None,
    cache_days: CacheDays = None,
    monthly_budget: Dollars = None,
    calls_per_minute: PerMinute = None,
    json: Json = False,
) -> int:
    """Show what a client account allows agents and may spend; set what is given.

    Example: landbridge agents policy "Acme Industries" --enabled --monthly-budget 25

    Parameters
    ----------
    name
        The client account.
    enabled
        Whether agents are asked at all.
    share
        What of the values may be sent: names (nothing), masked (their shape) or samples.
    cache_days
        Days for which an answer is used again; 0 for never.
    monthly_budget
        US dollars in a calendar month.
    calls_per_minute
        Questions in a minute.
    """
    administrative = owner()
    account = find_client_account(administrative, name)
    given = {"enabled": enabled, "share": share, "cache_days": cache_days}
    allowed: dict[str, object] = {n: v for n, v in given.items() if v is not None}
    limits: dict[str, int | None] = {}
    if monthly_budget is not None:
        limits["monthly_micros"] = round(monthly_budget * MICROS)
    if calls_per_minute is not None:
        limits["calls_per_minute"] = calls_per_minute
    now_allowed, now_limits = policies.change_by_owner(administrative, account, allowed, limits)
    told: dict[str, Any] = {
        "client_account_id": str(account),
        **now_allowed.model_dump(mode="json"),
        **now_limits.model_dump(mode="json"),
    }
    state = "on" if now_allowed.enabled else "off"
    sentence = (
        f"Agents are {state}; sent: {now_allowed.share.value}; answers are kept "
        f"{now_allowed.cache_days} days; ${now_limits.monthly_micros / MICROS:.2f} a month, "
        f"{now_limits.calls_per_minute} questions a minute."
    )
    return say(told, sentence, json=json)


def check(*, ask: bool = False, json: Json = False) -> int:
    """Look whether the configured model can be asked: its setting, its package, its price.

    Example: landbridge agents check --ask

    Parameters
    ----------
    ask
        Ask it one short question too; this costs a little and is booked to no account.
    """
    found = checked(ask=ask)
    if found.model is None:
        sentence = "No model is configured: rules do all the work."
    else:
        answered = f" It answered, for {found.micros} millionths of a dollar." if ask else ""
        sentence = f"{found.model} can be asked; its price is of {found.price_as_of}.{answered}"
    return say(found.model_dump(mode="json"), sentence, json=json)


def prices(*, write: Path | None = None, json: Json = False) -> int:
    """Show the price table; or write one of today's prices, as the installed package genai-prices
    knows them, for LANDBRIDGE_AGENT_PRICES.

    Example: landbridge agents prices --write prices.csv

    Parameters
    ----------
    write
        The file to write.
    """
    if write is not None:
        rows = known_prices(now().date())
        write.write_text(written(rows), encoding="utf-8")
        told = {"path": str(write), "prices": len(rows)}
        return say(told, f"{len(rows)} prices are in {write}.", json=json)
    shown = [{name: str(getattr(row, name)) for name in _PRICE} for row in configured_prices().rows]
    return show_list("prices", shown, _PRICE, json=json)
