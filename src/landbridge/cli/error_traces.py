"""`landbridge errors trace`: everything that one trace id touched."""

from __future__ import annotations

from landbridge.centre import story
from landbridge.centre.desk import OwnerDesk
from landbridge.centre.models import Moment, Story
from landbridge.cli.options import Json
from landbridge.cli.output import OK, console, print_json
from landbridge.cli.people import owner


def trace(trace_id: str, *, json: Json = False) -> int:
    """Tell the whole story of a trace id, in the order of time: the request, its error, the flows
    that were made and acted on with it, their phases and gates, messages, and audit entries.

    Example: landbridge errors trace 4bf92f3577b34da6a3ce929d0e0e4736

    Parameters
    ----------
    trace_id
        The trace id that an error, a flow or a log line shows.
    """
    told = story.of_all(OwnerDesk(owner()), trace_id)
    if json:
        print_json(shape(told))
        return OK
    account = None
    for moment in told.moments:
        if moment.client_account and moment.client_account != account:
            account = moment.client_account
            console().print(account, style="bold")
        _print(moment)
    for code in told.codes:
        console().print(f"landbridge errors explain {code}", style="dim")
    return OK


def shape(told: Story) -> dict[str, object]:
    """A story as JSON, each moment with its sentence."""
    moments = [{**m.model_dump(mode="json"), "says": story.sentence(m)} for m in told.moments]
    return {**told.model_dump(mode="json"), "moments": moments}


def _print(moment: Moment) -> None:
    flow = f"  flow {moment.flow_id}" if moment.flow_id else ""
    say = console().print
    say(
        f"{moment.at:%Y-%m-%d %H:%M:%S.%f}"[:-3] + f"  {story.sentence(moment)}{flow}",
        soft_wrap=True,
    )
    error_type = moment.detail.get("error_type")
    if error_type:
        say(f"    {error_type}", soft_wrap=True)
    for frame in moment.detail.get("frames", []):
        say(f"    {frame}", soft_wrap=True)
