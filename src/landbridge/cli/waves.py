"""`landbridge waves`: when each application moves, and why."""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from cyclopts import Parameter
from cyclopts.validators import Number

from landbridge.assembly.platform import opened
from landbridge.assessment.waves import queries
from landbridge.assessment.waves.comparing import what_if as compared
from landbridge.assessment.waves.flow import WAVE_PLAN
from landbridge.assessment.waves.settings import WaveSettings, changed, freeze_of, settings_of
from landbridge.cli.options import Json, TheAccount, TheEngagement
from landbridge.cli.output import FOUND_WRONG, OK, console, print_json, show_problem
from landbridge.cli.people import show_list
from landbridge.cli.running import run
from landbridge.cli.selection import selected_engagement
from landbridge.cli.watching import watch
from landbridge.database.listing import Wanted
from landbridge.database.session import TenantSession
from landbridge.flows.states import FlowStatus

Size = Annotated[
    int | None,
    Parameter(
        validator=Number(gte=0, lte=1_000_000),
        help="Assets in a wave; 0 is no limit. Left out, as every setting: as in the plan.",
    ),
]
Pilots = Annotated[
    int | None,
    Parameter(
        validator=Number(gte=0, lte=100),
        help="In so many first waves nothing highly critical moves.",
    ),
]
Most = Annotated[
    int | None,
    Parameter(
        validator=Number(gte=0, lte=100_000), help="Waves there should be at most; 0 is no limit."
    ),
]
Start = Annotated[str | None, Parameter(help="The first day of wave 1, such as 2027-01-04.")]
Days = Annotated[
    int | None,
    Parameter(validator=Number(gte=1, lte=366), help="From the start of one wave to the next."),
]
Freezes = Annotated[
    list[str] | None,
    Parameter(
        help="Days on which nothing moves, such as 2026-12-15/2027-01-05; may be repeated.",
        negative=(),
    ),
]
TestFirst = Annotated[
    bool | None,
    Parameter(help="Test, development and staging move before production."),
]
WaveId = Annotated[UUID, Parameter(help="The wave, as 'waves list --json' shows it.")]
_AT_ONCE: Final = 500
_COLUMNS: Final = ("id", "number", "items", "assets", "first_day", "last_day")


def plan(
    *,
    max_size: Size = None,
    pilot_waves: Pilots = None,
    test_first: TestFirst = None,
    max_waves: Most = None,
    start: Start = None,
    days_per_wave: Days = None,
    freeze: Freezes = None,
    client_account: TheAccount = None,
    engagement: TheEngagement = None,
    json: Json = False,
) -> int:
    """Plan the waves: who moves when. The plan replaces the one before.

    Example: landbridge waves plan --max-size 40 --start 2027-01-04
    """
    wanted = _wanted(max_size, pilot_waves, test_first, max_waves, start, days_per_wave, freeze)
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            inputs = _settings(session, engagement_id, wanted).model_dump(mode="json")
            flow_id = platform.orchestrator.create(session, engagement_id, WAVE_PLAN, inputs)
        flow = watch(run(platform, access, flow_id), quiet=json)
    done = flow.status == FlowStatus.COMPLETED
    output = next((p.output for p in flow.phases if p.name == "wave_planning"), None) or {}
    if json:
        print_json({"flow_id": str(flow_id), "status": flow.status, **output})
    elif done:
        console().print(
            f"{output['items'] - output['staying']:,} items move in {output['waves']:,} waves, "
            f"{output['staying']:,} do not move; {output['violations']:,} wishes cannot be kept."
        )
    elif flow.error:
        show_problem(flow.error)
    return OK if done else FOUND_WRONG


def list_waves(
    *,
    client_account: TheAccount = None,
    engagement: TheEngagement = None,
    json: Json = False,
) -> int:
    """List the waves, number 0 with what does not move, and what the plan could not keep.

    Example: landbridge waves list
    """
    rows: list[dict[str, object]] = []
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            made = queries.plan_of(session, engagement_id)
            cursor: str | None = None
            while True:
                wanted = Wanted(limit=_AT_ONCE, cursor=cursor)
                page = queries.waves(session, engagement_id, wanted)
                rows += [row.model_dump(mode="json") for row in page.items]
                if (cursor := page.next) is None:
                    break
    if json:
        print_json({"plan": made.model_dump(mode="json") if made else None, "waves": rows})
        return OK
    if made is None:
        console().print("No waves yet. Plan them with 'landbridge waves plan'.")
        return OK
    show_list("waves", rows, _COLUMNS, json=False)
    _tell([v.text for v in made.violations], made.violations_total)
    return OK


def members(
    wave_id: WaveId,
    /,
    *,
    client_account: TheAccount = None,
    engagement: TheEngagement = None,
    json: Json = False,
) -> int:
    """List what moves in a wave, with its reasons; 'landbridge explain ID' tells more.

    Example: landbridge waves members 0198c0de-0000-7000-8000-000000000000
    """
    rows: list[dict[str, object]] = []
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            queries.wave(session, engagement_id, wave_id)
            cursor: str | None = None
            while True:
                wanted = Wanted(limit=_AT_ONCE, cursor=cursor)
                page = queries.items(session, engagement_id, wave_id, wanted)
                for item in page.items:
                    why = "; ".join(r.text for r in item.reasons)
                    rows.append({**item.model_dump(mode="json"), "why": why})
                if (cursor := page.next) is None:
                    break
    return show_list("items", rows, ("id", "name", "assets", "strategy", "why"), json=json)


def what_if(
    *,
    max_size: Size = None,
    pilot_waves: Pilots = None,
    test_first: TestFirst = None,
    max_waves: Most = None,
    start: Start = None,
    days_per_wave: Days = None,
    freeze: Freezes = None,
    client_account: TheAccount = None,
    engagement: TheEngagement = None,
    json: Json = False,
) -> int:
    """Compare the plan with one of other settings. Nothing is stored.

    Example: landbridge waves what-if --max-size 20
    """
    wanted = _wanted(max_size, pilot_waves, test_first, max_waves, start, days_per_wave, freeze)
    with opened() as platform:
        access, engagement_id = selected_engagement(platform, client_account, engagement)
        with platform.databases.app.open(access) as session:
            settings = _settings(session, engagement_id, wanted)
            found = compared(session, engagement_id, settings)
    if json:
        print_json(found.model_dump(mode="json"))
        return OK
    rows: list[dict[str, object]] = [w.model_dump(mode="json") for w in found.waves]
    show_list("waves", rows, _COLUMNS[1:], json=False)
    console().print(
        f"{found.waves_total:,} waves. Against the plan, {found.earlier:,} items move earlier, "
        f"{found.later:,} later."
    )
    _tell([v.text for v in found.violations], found.violations_total)
    return OK


def _wanted(
    max_size: int | None,
    pilot_waves: int | None,
    test_first: bool | None,
    max_waves: int | None,
    start: str | None,
    days_per_wave: int | None,
    freeze: list[str] | None,
) -> dict[str, Any]:
    """The settings that were given."""
    given = {
        "pilot_waves": pilot_waves,
        "test_first": test_first,
        "start": start,
        "days_per_wave": days_per_wave,
        "freezes": [freeze_of(f) for f in freeze] if freeze else None,
    }
    wanted: dict[str, Any] = {k: v for k, v in given.items() if v is not None}
    for name, most in (("max_size", max_size), ("max_waves", max_waves)):
        if most is not None:
            wanted[name] = most or None
    return wanted


def _settings(session: TenantSession, engagement_id: UUID, wanted: dict[str, Any]) -> WaveSettings:
    return changed(settings_of(session, engagement_id), wanted)


def _tell(violations: list[str], total: int) -> None:
    for said in violations[:20]:
        console().print(f"  cannot be kept: {said}")
    if total > len(violations[:20]):
        console().print(f"  … and {total - len(violations[:20]):,} more; --json tells them")
