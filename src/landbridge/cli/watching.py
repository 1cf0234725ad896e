"""Watching a flow on the command line: bars on a terminal, plain lines when piped."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import closing

from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)

from landbridge.cli.output import notices
from landbridge.flows.follow import News
from landbridge.flows.states import TERMINAL, PhaseStatus
from landbridge.flows.status import FlowView, PhaseView

EVERYTHING = "Everything"
LINES = {
    "flow.created": "flow created",
    "flow.running": "flow running",
    "flow.waiting": "waiting for a decision",
    "flow.completed": "flow completed",
    "flow.failed": "flow failed",
    "flow.cancelled": "flow cancelled",
    "phase.started": "started",
    "phase.completed": "completed",
    "phase.failed": "failed",
}


def watch(stream: Generator[News], *, quiet: bool = False) -> FlowView:
    """Show a flow's progress until it has ended or waits for a person; returns its last state.

    Progress goes to standard error, so that standard output stays clean. The stream, and a worker
    that it started, have ended when this returns or raises.

    Raises:
        KeyboardInterrupt: Ctrl-C, also a second one while the worker ends.
    """
    with closing(stream):
        if quiet:
            return _last(stream)
        if notices().is_terminal:
            return _bars(stream)
        return _lines(stream)


def _at_rest(flow: FlowView) -> bool:
    return flow.status in TERMINAL or flow.waits_for is not None


def _last(stream: Iterable[News]) -> FlowView:
    for news in stream:
        if _at_rest(news.flow):
            return news.flow
    return news.flow


def _lines(stream: Iterable[News]) -> FlowView:
    for news in stream:
        for event in news.events:
            if event.kind in LINES:
                where = f"{event.phase}: " if event.phase else ""
                notices().print(f"[{news.flow.progress:3d} %] {where}{LINES[event.kind]}")
        if _at_rest(news.flow):
            break
    return news.flow


def _bars(stream: Iterable[News]) -> FlowView:
    columns = (
        SpinnerColumn(finished_text="[green]✓"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=28),
        TaskProgressColumn(),
        TextColumn("[dim]{task.fields[counts]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=notices()) as bars:
        whole = bars.add_task(EVERYTHING, total=100, counts="")
        tasks: dict[str, TaskID] = {}
        for news in stream:
            for phase in news.flow.phases:
                _show(bars, tasks, phase)
            left = news.flow.eta_seconds
            counts = "" if left is None else f"about {span(left)} left"
            bars.update(whole, completed=news.flow.progress, counts=counts)
            if _at_rest(news.flow):
                break
    return news.flow


def span(seconds: float) -> str:
    """A rough span of time, as people say it."""
    if seconds < 100:
        return f"{max(1, round(seconds))} s"
    if seconds < 6000:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"


def _show(bars: Progress, tasks: dict[str, TaskID], phase: PhaseView) -> None:
    if phase.name not in tasks:
        tasks[phase.name] = bars.add_task(phase.title, start=False, total=None, counts="")
    task = tasks[phase.name]
    if phase.status == PhaseStatus.PENDING:
        return
    bars.start_task(task)
    counts = f"{phase.done:,} {phase.unit}" if phase.done else ""
    if phase.total and phase.status == PhaseStatus.RUNNING:
        counts = f"{phase.done:,} of {phase.total:,} {phase.unit}"
    total = phase.total or (1 if phase.status == PhaseStatus.COMPLETED else None)
    done = total if phase.status == PhaseStatus.COMPLETED else phase.done
    bars.update(task, total=total, completed=done or 0, counts=counts)
    if phase.status == PhaseStatus.FAILED:
        bars.update(task, description=f"[red]✗ {phase.title}")
    if phase.status in {PhaseStatus.COMPLETED, PhaseStatus.FAILED}:
        bars.stop_task(task)
